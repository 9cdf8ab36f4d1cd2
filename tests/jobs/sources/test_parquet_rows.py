"""Rows of Parquet files: every row once from any splits, damage is an error, memory is bounded."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from slices import whole_file

from jobs.sources.parquet_rows import Row, is_parquet, read_rows
from jobs.sources.splits import ByteRange

ROWS = [{"text": f"text {n}", "other": n, "size": n} for n in range(50)]


def write(path: Path, rows: list[dict[str, Any]] = ROWS, **options: Any) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path, **{"row_group_size": 7, **options})
    return path


def read(byte_range: ByteRange, max_bytes: int = 1 << 20) -> list[Row]:
    return list(read_rows(byte_range, ["text", "size", "absent"], ["text"], max_bytes))


@pytest.mark.parametrize("step", [60, 500, 10_000])
def test_byte_ranges_have_every_row_once(tmp_path: Path, step: int) -> None:
    path = write(tmp_path / "a.parquet")
    size = path.stat().st_size
    cuts = [*range(0, size, step), size]
    ranges = [ByteRange(str(path), size, start, end) for start, end in itertools.pairwise(cuts)]
    rows = [row for byte_range in ranges for row in read(byte_range)]
    assert [(row.offset, row.values) for row in rows] == [
        (n, {"text": f"text {n}", "size": n}) for n in range(50)
    ]


def test_a_cut_file_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    data = write(path).read_bytes()
    path.write_bytes(data[:-200])
    assert is_parquet(str(path))
    [row] = read(whole_file(path))
    assert row.fault
    assert (row.offset, row.fault.error) == (0, "corrupt-parquet")
    size = len(data) - 200
    assert read(ByteRange(str(path), size, 1, size)) == []  # only the first range reports it


def test_a_damaged_row_group_affects_no_other(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", compression="gzip", use_dictionary=False)
    data = bytearray(path.read_bytes())
    column = pq.ParquetFile(path).metadata.row_group(2).column(0)
    start = column.data_page_offset
    data[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(data)
    rows = read(whole_file(path))
    assert [row.offset for row in rows] == [*range(14), 14, *range(21, 50)]
    assert [row.offset for row in rows if row.fault] == [14]
    assert {row.fault.error for row in rows if row.fault} == {"corrupt-parquet"}


def test_unusable_rows_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [b"good", b"x" * 5000, b"\xff", None, b"good"]
    pq.write_table(pa.table({"text": pa.array(texts, pa.binary())}), path)
    rows = read(whole_file(path), 4096)
    assert [row.fault.error if row.fault else row.values for row in rows] == [
        {"text": "good"},
        "record-too-large",
        "not-utf8",
        {"text": None},
        {"text": "good"},
    ]


def test_files_without_rows_or_columns(tmp_path: Path) -> None:
    empty = tmp_path / "empty.parquet"
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), empty)
    assert read(whole_file(empty)) == []
    other = write(tmp_path / "other.parquet", [{"x": 1}])
    [row] = read(whole_file(other))
    assert row.fault
    assert row.fault.error == "no-column"
    [row] = read(whole_file(tmp_path / "absent.parquet"))
    assert row.fault
    assert row.fault.error == "storage-error"
