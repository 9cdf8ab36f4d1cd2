"""Damaged files of a root: each command gives one line that names the file; none of them starts Spark."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from earlier_root import unpack_root

from jobs import cli
from jobs.runtime import task_errors
from jobs.steps.export.files import MANIFEST
from jobs.tables import damage, manifest

TAKEDOWN = ["takedown", "--id", "c4/none", "--reason", "asked", "--dry-run"]


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> str:
    return unpack_root(tmp_path_factory.mktemp("earlier"))


@pytest.fixture
def root(earlier: str, tmp_path: Path) -> str:
    return shutil.copytree(earlier, str(tmp_path / "root"))


def first_file(root: str, table: str) -> Path:
    current = manifest.current(root, table)
    assert current is not None
    return Path(root, table, current.files[0].path)


def line_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(arguments) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1, error
    return error.strip()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


def overwritten(file: Path) -> None:
    file.write_bytes(b"x" * file.stat().st_size)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (cut, "has 1,489 bytes instead of 1,499: put it back from a copy, or remove"),
        (Path.unlink, "is lost: put it back from a copy, or remove"),
        (overwritten, "is damaged (Parquet magic bytes not found"),
    ],
)
def test_without_all_takedowns_no_job_goes_on(
    root: str, harm: Callable[[Path], object], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = first_file(root, "takedowns")
    harm(file)
    line = line_of([*TAKEDOWN, "--root", root], capsys)
    assert line.startswith(f"redpajama takedown: {file} {reason}")
    if harm is not overwritten:
        assert line.endswith(f"again, as {root}/_runs/*-takedown-*.json have them")


def test_a_damaged_page_is_found_by_a_takedown(
    root: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = first_file(root, "corpus")
    column = pq.read_metadata(file).row_group(0).column(0)
    assert column.path_in_schema == "id"
    content = bytearray(file.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    content[start : start + 8] = b"\xff" * 8
    file.write_bytes(bytes(content))
    line = line_of([*TAKEDOWN, "--root", root], capsys)
    assert line.startswith(
        f"redpajama takedown: {file} is damaged: put it back from a copy, or run"
    )


def test_a_file_without_ids_is_named(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("b", "a"):
        file = Path(root, "corpus", "of-another-program", f"{name}.parquet")
        file.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table({"text": ["one", "two"]}), file)
    assert cli.main([*TAKEDOWN, "--root", root]) == 0
    said = (
        f"takedown: {file} (and 1 more files) has no column id and was not searched: remove it if"
    )
    assert said in capsys.readouterr().out
    record = max(Path(root, "_runs").glob("*-takedown-*.json"))
    names = [f"corpus/of-another-program/{name}.parquet" for name in "ab"]
    assert json.loads(record.read_text())["details"]["files_without_ids"] == names


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": "jsonl"}', '{"inputs": 5}'])
def test_a_damaged_manifest_of_an_export(
    root: str, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "export").mkdir()
    file = tmp_path / "export" / MANIFEST
    file.write_text(content)
    line = line_of([*TAKEDOWN, "--root", root, "--exports", str(file.parent)], capsys)
    assert line.startswith(f"redpajama takedown: {file} is damaged: put it back")


@pytest.mark.parametrize(
    ("key", "value"), [("rows", "many"), ("bytes", 1.5), ("path", 3), ("rows", None)]
)
def test_a_manifest_with_a_value_of_another_type(
    root: str, key: str, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(root, "corpus", manifest.CURRENT)
    content = json.loads(file.read_text())
    content["folders"][0]["files"][0][key] = value
    file.write_text(json.dumps(content))
    line = line_of(["path", "corpus", "--root", root], capsys)
    assert line.startswith(f"redpajama path: {file} is damaged ({key} is {value!r}, and no ")


def test_an_error_of_the_store_keeps_its_own_message(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), damage.named("x.parquet"):
        open(tmp_path / "none")  # noqa: SIM115
    with pytest.raises(TimeoutError), damage.named("x.parquet"):
        raise TimeoutError("the store does not answer")


def test_the_line_of_a_task_is_that_of_the_driver() -> None:
    with pytest.raises(damage.DamagedFileError) as raised, damage.named("a/x.parquet"):
        raise pa.ArrowInvalid("no footer")
    text = f"Traceback\njobs.tables.damage.DamagedFileError: {raised.value}\n"
    assert task_errors.user_message(RuntimeError(text)) == str(raised.value)
