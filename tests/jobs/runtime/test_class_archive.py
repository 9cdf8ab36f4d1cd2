"""Tests of jobs/runtime/class_archive.py: where the archive is, who makes it, and that sessions use it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.runtime import class_archive, context, session
from jobs.runtime.java import JAVA, find_java


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of archives in an environment that has none yet."""
    find_java()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    return tmp_path / "share" / "redpajama-spark"


def writes(archive: bytes) -> Any:
    """Return a stand-in for `subprocess.run` that writes the archive."""

    def run(command: list[str], **_: Any) -> None:
        Path(command[-1]).write_bytes(archive)

    return run


def test_an_archive_is_of_one_java_and_one_spark(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = class_archive.path()
    assert before is not None
    assert before.parent == folder
    home = tmp_path / "java"
    (home / "lib").mkdir(parents=True)
    (home / "lib" / "modules").touch()
    (home / "bin").mkdir()
    (home / "bin" / "java").write_text("#!/bin/sh\n")
    (home / "bin" / "java").chmod(0o755)
    monkeypatch.setenv(JAVA, str(home / "bin" / "java"))
    assert class_archive.path() not in (before, None)


def test_none_is_made_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_java()
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "file"))
    assert class_archive.path() is None
    assert class_archive.java_options() == ""


def test_none_is_made_where_the_disk_is_nearly_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_archive, "MEGABYTES", 10**9)
    assert class_archive.path() is None


def test_the_first_session_has_it_made_when_it_ends(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered: list[Any] = []
    monkeypatch.setattr(
        "jobs.runtime.class_archive.atexit.register", lambda *call: registered.append(call)
    )
    assert class_archive.java_options() == ""
    archive = class_archive.path()
    assert registered == [(class_archive._make_later, archive)]
    monkeypatch.setattr("jobs.runtime.class_archive.subprocess.run", writes(b"classes"))
    assert archive is not None
    assert class_archive.make(archive)
    assert archive.read_bytes() == b"classes"
    assert f"-XX:SharedArchiveFile={archive}" in class_archive.java_options()
    assert len(registered) == 1


def test_a_java_that_cannot_make_one_is_asked_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def run(command: list[str], **_: Any) -> None:
        asked.append(command)
        Path(command[-1]).write_bytes(b"the beginning")
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr("jobs.runtime.class_archive.subprocess.run", run)
    archive = class_archive.path()
    assert archive is not None
    assert not class_archive.make(archive)
    assert not class_archive.make(archive)
    assert len(asked) == 1
    assert sorted(file.suffix for file in folder.iterdir()) == [".failed", ".lock"]


def test_one_process_makes_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = class_archive.path()
    assert archive is not None
    monkeypatch.setattr("jobs.runtime.class_archive.subprocess.run", writes(b""))
    with open(archive.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert not class_archive.make(archive)
    assert class_archive.make(archive)


def test_a_session_starts_from_the_archive(spark: SparkSession) -> None:
    archive = class_archive.path()
    if archive is None or not archive.exists():
        pytest.skip("no archive of classes: python -m jobs.runtime.class_archive makes it")
    java: Any = spark.sparkContext._gateway
    arguments = java.jvm.java.lang.management.ManagementFactory.getRuntimeMXBean()
    assert f"-XX:SharedArchiveFile={archive}" in list(arguments.getInputArguments())


def test_java_starts_where_the_archive_is_damaged(tmp_path: Path) -> None:
    find_java()
    (tmp_path / "damaged.jsa").write_bytes(os.urandom(100_000))
    java = Path(os.environ["JAVA_HOME"], "bin", "java")
    options = [f"-XX:SharedArchiveFile={tmp_path}/damaged.jsa", *class_archive._QUIET.split()]
    started = subprocess.run(
        [java, *options, "-version"], capture_output=True, text=True, check=True
    )
    assert "warning" not in (started.stdout + started.stderr).lower()


@pytest.mark.parametrize(
    ("input_bytes", "quick", "interpreted"),
    [
        (1, True, True),
        (session.INTERPRETED_BYTES, True, False),
        (session.QUICK_BYTES, False, False),
        (0, False, False),
    ],
)
def test_small_inputs_have_the_quick_compiler_and_interpreted_plans(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    input_bytes: int,
    quick: bool,
    interpreted: bool,
) -> None:
    started: list[dict[str, Any]] = []
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    monkeypatch.setattr(session, "local_session", lambda **given: started.append(given))
    job = context.Context(str(tmp_path))
    job.input_bytes = input_bytes
    assert not job.spark
    (given,) = started
    assert given["java_options"] == (session.QUICK if quick else "")
    assert given.get("settings") == (session.INTERPRETED if interpreted else None)
