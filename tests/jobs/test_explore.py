"""`redpajama explore` as a command: what it prints, and how it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from explore_places import write_parquet

from jobs.steps.explore.state import State
from schemas.errors import UserError
from schemas.settings.explore import ExploreConfig


def test_it_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    place = write_parquet(tmp_path / "docs", [{"id": "a", "text": "some words"}])
    before = sorted(tmp_path.rglob("*"))
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs.cli", "explore", str(place)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = line.split()[0]
        assert line == f"{address} shows {place}; Ctrl-C ends it\n"
        assert address.startswith("http://127.0.0.1:")
        page = urllib.request.urlopen(address).read().decode()
        assert "some words" in page
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
    finally:
        process.kill()
        process.communicate()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_parquet(tmp_path, [{"id": "a", "text": "some words"}])
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UserError, match=r"run `pip install 'redpajama-spark\[explore\]'`"):
        State(ExploreConfig(place=str(place)))
