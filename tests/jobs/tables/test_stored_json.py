"""Manifests and run records of other versions: unknown keys, missing keys, a later format."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rows import context, said

from jobs import cli, vacuum
from jobs.runtime.context import Context
from jobs.tables import manifest, runs
from jobs.tables.manifest import DataFile, Folder, Manifest
from jobs.tables.remake import remake
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.common import JobConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.options import option
from schemas.settings.vacuum import VacuumConfig

FOLDER = Folder("first/rows", "first", "dedup", {}, (DataFile("first/rows/a.parquet", 2, 10),))
MADE = Manifest("duplicates", "first", (FOLDER,), digest="d", inputs=[{"annotated": "x"}])


def store_manifest(root: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Publish a manifest, and change what is stored."""
    manifest.publish(str(root), MADE, replacing=None)
    return changed(root / "duplicates" / "_CURRENT.json", change)


def store_record(
    root: Path, change: Callable[[dict[str, Any]], object], config: Any = None
) -> Record:
    """Run nothing, and change what is stored about it."""
    config = config or DedupConfig(root=str(root), threshold=0.9)
    given = context(None, root)  # type: ignore[arg-type]
    given.__dict__["spark"] = None
    with runs.record(given, "dedup", config, {"annotated": "x"}) as record:
        record.rows_in = record.rows_out = 3
    changed(root / "_runs" / f"{record.run}.json", change)
    return record


def changed(file: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))
    return file


def test_what_is_stored_has_a_format_number(tmp_path: Path) -> None:
    store_manifest(tmp_path, lambda content: content.pop("format"))
    store_record(tmp_path, lambda content: content.pop("format"))


def test_unknown_keys_are_ignored_at_every_level(tmp_path: Path) -> None:
    def add(content: dict[str, Any]) -> None:
        folder = content["folders"][0]
        for level in (content, folder, folder["files"][0]):
            level["checksum"] = {"of": "a later version"}

    store_manifest(tmp_path, add)
    assert manifest.current(str(tmp_path), "duplicates") == MADE
    record = store_record(tmp_path, lambda content: content.update(energy=3))
    assert runs.load(str(tmp_path), record.run) == record
    assert runs.all_records(str(tmp_path)) == [record]


def test_missing_keys_have_their_defaults(tmp_path: Path) -> None:
    def drop(content: dict[str, Any]) -> None:
        for name in ("format", "digest", "inputs", "rows", "bytes"):
            del content[name]
        folder = content["folders"][0]
        for level, names in ((folder, ("labels", "partial")), (folder["files"][0], ("first",))):
            for name in names:
                del level[name]

    store_manifest(tmp_path, drop)
    expected = Manifest("duplicates", "first", (FOLDER,))
    assert manifest.current(str(tmp_path), "duplicates") == expected
    record = store_record(
        tmp_path, lambda content: [content.pop("format"), content.pop("versions")]
    )
    found = runs.find(str(tmp_path), record.run)
    assert found is not None
    assert (found.rows_out, found.versions) == (3, {})


def test_a_later_format_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = store_manifest(tmp_path, lambda content: content.update(format=2))
    line = f"{file} has format 2, and this version reads format 1: upgrade redpajama-spark"
    with pytest.raises(UserError) as refused:
        manifest.current(str(tmp_path), "duplicates")
    assert str(refused.value) == line
    with pytest.raises(UserError):
        manifest.publish(str(tmp_path), MADE, replacing=MADE)
    assert cli.main(["path", "duplicates", "--root", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"redpajama path: {line}\n"


@pytest.mark.parametrize("content", [b"[" * 100_000, b"null", b"\xff\xfe\x00", b'{"format": 1}'])
def test_what_is_no_manifest_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "duplicates/_CURRENT.json"
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(UserError, match=rf"^{file} is damaged \(.*\): put it back from a copy"):
        manifest.current(str(tmp_path), "duplicates")


def test_a_record_of_a_later_format_stops_vacuum(tmp_path: Path) -> None:
    record = store_record(tmp_path, lambda content: content.update(format=3))
    given = context(None, tmp_path)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=rf"{record.run}\.json has format 3"):
        vacuum.run(given, VacuumConfig(root=str(tmp_path)))


def test_an_interrupted_run_is_recorded_as_stopped(tmp_path: Path) -> None:
    given = context(None, tmp_path)  # type: ignore[arg-type]
    given.__dict__["spark"] = None
    config = DedupConfig(root=str(tmp_path))
    # py4j raises an error of its own where an interrupt breaks off its call
    broken = ConnectionError("no answer")
    broken.__context__ = KeyboardInterrupt()
    for error in (KeyboardInterrupt(), broken):
        with pytest.raises(type(error)), runs.record(given, "dedup", config, {}):
            raise error
    assert [(run.status, run.error) for run in runs.all_records(str(tmp_path))] == [
        ("stopped", None)
    ] * 2


def test_runs_of_one_second_are_in_the_order_in_which_they_ran(tmp_path: Path) -> None:
    given = context(None, tmp_path)  # type: ignore[arg-type]
    names = []
    for job in ("mix", "curate", "annotate", "dedup", "annotate"):
        time.sleep(0.002)
        config = DedupConfig(root=str(tmp_path))
        with runs.record(given, job, config, {}, spark=False) as record:
            names.append(record.run)
    first = runs.load(str(tmp_path), names[0])
    first.run, first.started = "20200101T000000Z-mix-000000", "2020-01-01T00:00:00Z"  # as by 0.1
    runs.save(str(tmp_path), first)
    assert [run.run for run in runs.all_records(str(tmp_path))] == [first.run, *names]


def test_a_missing_record_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        runs.load(str(tmp_path), "20260101T000000Z-curate-000000")
    assert str(raised.value) == (
        f"{tmp_path}/_runs/20260101T000000Z-curate-000000.json is missing: put it back from a copy, or "
        "run `redpajama curate --overwrite`"
    )


def test_recorded_settings_of_other_versions(tmp_path: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["config"]["bloom_filter"] = True
        del content["config"]["kinds"]

    record = store_record(tmp_path, edit)
    stored = runs.load(str(tmp_path), record.run)
    assert stored.settings(DedupConfig, root="r") == DedupConfig(root="r", threshold=0.9)
    with pytest.raises(UserError, match="bloom_filter"):
        stored.settings(DedupConfig, strict=True)
    stored.config["scheme"] = "v7"
    with pytest.raises(UserError, match=rf"_runs/{record.run}\.json: scheme"):
        stored.settings(DedupConfig)


@dataclass(frozen=True)
class Earlier(JobConfig):
    """The settings of a job."""

    size: int = option(3, "a number")


@dataclass(frozen=True)
class Later(Earlier):
    """The same in a later version."""

    color: str = option("none", "an option that was added")


def is_remade(given: Context, config: Earlier, inputs: dict[str, str]) -> bool:
    """Return whether these settings and inputs make duplicates/ again."""
    prepared: list[bool] = []

    def prepare() -> None:
        prepared.append(True)
        raise LookupError("the work itself is not part of the test")

    with contextlib.suppress(LookupError):
        remake(given, ("duplicates",), config, inputs, lambda record: (), prepare=prepare)
    return bool(prepared)


@pytest.mark.parametrize(
    ("config", "inputs", "same"),
    [
        (Earlier(root=""), "x", True),
        (Later(root=""), "x", True),
        (Later(root=""), "y", False),
        (Later(root="", color="red"), "x", False),
        (Later(root="", size=4), "x", False),
        (Later(root="", overwrite=True), "x", False),
    ],
)
def test_a_new_option_at_its_default_changes_no_table(
    tmp_path: Path, config: Earlier, inputs: str, same: bool
) -> None:
    made_with = Earlier(root="")
    record = store_record(tmp_path, lambda content: None, made_with)
    digest = runs.digest(made_with, {"annotated": "x"})
    folder = Folder("rows", record.run, "dedup")
    made = Manifest("duplicates", record.run, (folder,), digest=digest)
    manifest.publish(str(tmp_path), made, replacing=None)
    given = context(None, tmp_path)  # type: ignore[arg-type]
    assert is_remade(given, config, {"annotated": inputs}) != same
    assert ("nothing has changed" in said(given)) == same


def test_an_option_that_this_version_lacks_is_no_unchanged_setting(tmp_path: Path) -> None:
    record = store_record(tmp_path, lambda content: None, Later(root=""))
    digest = runs.digest(Later(root=""), {"annotated": "x"})
    folder = Folder("rows", record.run, "dedup")
    made = Manifest("duplicates", record.run, (folder,), digest=digest)
    manifest.publish(str(tmp_path), made, replacing=None)
    given = context(None, tmp_path)  # type: ignore[arg-type]
    assert is_remade(given, Earlier(root=""), {"annotated": "x"})
