"""`redpajama check`: what is wrong with a root, and which command repairs it."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from earlier_root import STORED, stored_rows, unpack_root
from pyspark.sql import SparkSession

from jobs import check
from jobs.runtime.context import Context
from jobs.steps.check import files
from jobs.tables import file_scan, manifest
from jobs.tables.manifest import DataFile, Manifest
from schemas.errors import UserError
from schemas.settings.check import CheckConfig


@pytest.fixture
def root(tmp_path: Path) -> str:
    return unpack_root(tmp_path)


def current(root: str, table: str) -> Manifest:
    found = manifest.current(root, table)
    assert found is not None
    return found


def checked(root: str, spark: SparkSession | None = None, *, deep: bool = False) -> tuple[str, int]:
    """Return what `check` prints, and the number of faults that it ends with."""
    given = Context(root, spark, out=io.StringIO())
    faults = 0
    try:
        check.run(given, CheckConfig(root=root, deep=deep))
    except UserError as error:
        count, _, rest = str(error).partition(" ")
        faults = int(count)
        assert rest == f"faults in {root}, each with its repair above"
    assert isinstance(given.out, io.StringIO)
    return given.out.getvalue(), faults


def path_of(root: str, table: str, file: DataFile) -> Path:
    return Path(root, table, file.path)


def test_a_whole_root_has_no_faults(root: str) -> None:
    printed, faults = checked(root)
    assert faults == 0
    for table in STORED:
        made = current(root, table)
        assert (
            f"{table}: whole, {len(stored_rows(root, table)):,} rows in {len(made.files):,} files"
            in printed
        )
    notes = [line for line in printed.splitlines() if line.startswith("note: ")]
    assert all("vacuum" in line or "was made from an earlier" in line for line in notes)


def test_each_damage_has_its_line_and_repair(root: str) -> None:
    first = {table: path_of(root, table, current(root, table).files[0]) for table in STORED}
    runs = {table: current(root, table).folders[0].run for table in STORED}
    first["corpus"].unlink()
    annotated = first["annotated"].read_bytes()
    first["annotated"].write_bytes(annotated[:-20])
    # the same size, but no footer
    content = first["mixture"].read_bytes()
    first["mixture"].write_bytes(content[:-8] + bytes(8))
    extra = first["copies"].with_name("part-99999.parquet")
    extra.write_bytes(first["copies"].read_bytes())
    Path(root, "contamination", "_CURRENT.json").write_text("{")
    documents = first["documents"]
    documents.unlink()
    printed, faults = checked(root)
    labels = current(root, "documents").folders[0].labels
    expected = {
        f"{first['corpus']} is lost: run `redpajama curate --root {root} --overwrite`": runs["corpus"],
        f"{first['annotated']} has {len(annotated) - 20:,} bytes instead of ": runs["annotated"],
        f"{first['mixture']} is damaged (": runs["mixture"],
        f"{documents} is lost: run `redpajama ingest {labels['slice']} --root {root} --snapshot "
        f"{labels['snapshot']} --replace`": runs["documents"],
        f"{extra} is in the folder and not in the manifest: remove it": "",
        f"{root}/contamination/_CURRENT.json is damaged (": "`redpajama decontaminate` again",
    }  # fmt: skip
    lines = printed.splitlines()
    for begin, part in expected.items():
        [line] = [line for line in lines if line.startswith(begin)]
        assert part in line
    assert faults == len(expected)


def test_records_and_unfinished_runs_are_named(root: str) -> None:
    records = sorted(Path(root, "_runs").glob("*.json"))
    records[0].write_text("")
    record = json.loads(records[1].read_text())
    records[1].write_text(
        json.dumps({**record, "status": "running", "started": "2026-01-01T00:00:00Z"})
    )
    printed, faults = checked(root)
    assert faults == 1
    assert (
        f"{records[0]} is damaged (it is empty): put it back from a copy, or remove it" in printed
    )
    assert f"note: {records[1].stem} did not end: run `redpajama {record['job']} --root" in printed


def test_a_table_that_is_out_of_date_is_a_note(root: str) -> None:
    made = current(root, "annotated")
    table = Context(root).table("annotated")
    table.publish(made.folders, run="20990101T000000Z-annotate-000000", replacing=made)
    printed, faults = checked(root)
    assert faults == 0
    assert "note: corpus/ was made from an earlier annotated/: `redpajama curate --root" in printed


def flipped(file: Path, seed: int) -> None:
    """Change one bit within the last page of a file's largest column."""
    content = bytearray(file.read_bytes())
    group = pq.read_metadata(file).row_group(0)
    column = max(map(group.column, range(group.num_columns)), key=lambda c: c.total_compressed_size)
    begin = column.dictionary_page_offset or column.data_page_offset
    half = column.total_compressed_size // 2
    content[begin + half + random.Random(seed).randrange(half)] ^= 1 << seed % 8
    file.write_bytes(content)


@pytest.mark.parametrize("table", ["documents", "annotated", "mixture"])
def test_every_changed_bit_of_a_page_is_found(root: str, table: str) -> None:
    # a takedown of version 0.1 rewrote files without checksums
    file = next(file for file in current(root, table).files if "-takedown-" not in file.path)
    path = path_of(root, table, file)
    whole = path.read_bytes()
    assert files.content_fault(str(path), file.rows, "") is None
    for seed in range(12):
        path.write_bytes(whole)
        flipped(path, seed)
        fault = files.content_fault(str(path), file.rows, "")
        assert fault is not None
        assert fault.startswith("is damaged (")
        assert "\n" not in fault


def test_rows_that_are_not_what_they_say_are_found(tmp_path: Path) -> None:
    file = str(tmp_path / "a.parquet")
    rows = pa.table({"text": ["äöü", None, "abc"], "length": [3, None, 4]})
    pq.write_table(rows, file)
    assert files.content_fault(file, 3, "length") == "has a text whose length is another, row 2"
    assert files.content_fault(file, 2, "") == "has 3 rows instead of 2"
    assert files.content_fault(file, 3, "") is None
    missing = files.content_fault(str(tmp_path / "none.parquet"), 3, "")
    assert missing is not None
    assert missing.startswith("is damaged ([Errno 2] No such file")


@pytest.mark.parametrize("few", [500, 0], ids=["here", "in tasks"])
def test_deep_reads_all_rows(
    spark: SparkSession, root: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_scan, "FEW_FILES", few)
    printed, faults = checked(root, spark, deep=True)
    assert faults == 0, printed
    files_ = [file for file in current(root, "corpus").files if "-takedown-" not in file.path]
    file = path_of(root, "corpus", files_[-1])
    flipped(file, 3)
    # documents/ twice: each id is there two times
    made = current(root, "documents")
    table = Context(root).table("documents")
    folder = next(folder for folder in made.folders if folder.rows)
    table.publish([*made.folders, folder], run="again", replacing=made)
    assert checked(root)[1] == 0
    printed, faults = checked(root, spark, deep=True)
    assert faults == 2
    assert f"{file} is damaged (" in printed
    assert f"{root}/documents has {folder.rows} ids more than once: run `redpajama in" in printed
