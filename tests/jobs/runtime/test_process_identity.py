"""A process that was killed on this machine is known to be over; others are not."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

from jobs.runtime import process_identity
from jobs.tables.runs import Record


def test_this_process_goes_on() -> None:
    own = process_identity.own()
    assert own is not None
    assert own.split("/")[2] == str(os.getpid())
    assert not process_identity.is_over(own)


def test_a_process_that_has_ended_is_over() -> None:
    command = "from jobs.runtime import process_identity; print(process_identity.own()); input()"
    with subprocess.Popen(
        [sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        identity = process.stdout.readline().strip()
        assert not process_identity.is_over(identity)
        process.kill()
    assert process_identity.is_over(identity)


def test_the_number_of_another_process_is_not_enough() -> None:
    own = process_identity.own() or ""
    assert process_identity.is_over(own + "1")  # it started at another time


@pytest.mark.parametrize("process", [None, "", "x", "boot/1/2/3", "another/boot/x/3"])
def test_what_cannot_be_seen_is_not_over(process: str | None) -> None:
    assert not process_identity.is_over(process)


def test_a_killed_run_writes_no_more() -> None:
    now = datetime.now(timezone.utc)
    own = process_identity.own() or ""
    run = Record("r", "ingest", started=f"{now:%Y-%m-%dT%H:%M:%SZ}", process=own)
    since = now - timedelta(hours=1)
    assert run.may_be_running(since)
    run.process = own + "1"
    assert not run.may_be_running(since)
    run.process = None
    assert run.may_be_running(since)
