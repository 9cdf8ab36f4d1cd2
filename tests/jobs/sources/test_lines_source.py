"""Lines of text files: every line is read once from any compression and any splits."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slices import whole_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from jobs.sources.lines import LinesReader, plan, read_lines, register
from jobs.sources.splits import ranges
from jobs.storage import ObjectInfo

COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}
TEXT = '{"text": "é"}\n\n \nlast without an end'.encode()


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_lines_and_their_offsets(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"a.jsonl.{name}"
    path.write_bytes(COMPRESSIONS[name](TEXT[:9]) + COMPRESSIONS[name](TEXT[9:]))
    rows = list(read_lines(whole_file(path)))
    assert [(row.offset, row.line) for row in rows] == [
        (0, '{"text": "é"}'),
        (18, "last without an end"),
    ]
    assert {(row.uri, row.error) for row in rows} == {(str(path), None)}


@given(
    lines=st.lists(st.text(st.sampled_from("ab \r"), max_size=6), max_size=12),
    split_bytes=st.integers(1, 20),
    ended=st.booleans(),
)
def test_byte_ranges_have_every_line_once(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], split_bytes: int, ended: bool
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.txt"
    data = ("\n".join(lines) + ("\n" if ended else "")).encode()
    path.write_bytes(data)
    splits = ranges([ObjectInfo(str(path), len(data), "")], split_bytes=split_bytes)
    rows = [row for split in splits for part in split.ranges for row in read_lines(part)]
    expected = [line.removesuffix("\r") for line in data.decode().split("\n")]
    assert [row.line for row in rows] == [line for line in expected if line.strip()]
    for row in rows:
        assert row.line is not None
        assert data[row.offset :].decode().startswith(row.line)


@pytest.mark.parametrize("name", ["gz", "bz2", "xz", "zst"])
def test_a_compressed_file_under_another_name_is_read_once(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(COMPRESSIONS[name](b"one\ntwo\n" * 100))
    size = path.stat().st_size
    splits = plan([ObjectInfo(str(path), size, "")], split_bytes=max(1, size // 3))
    assert sum(len(split.ranges) for split in splits) > 1
    rows = [row for split in splits for part in split.ranges for row in read_lines(part)]
    assert [row.line for row in rows] == ["one", "two"] * 100


@pytest.mark.parametrize(
    ("name", "format_"), [("gz", "gzip"), ("bz2", "bzip2"), ("xz", "xz"), ("zst", "zstd")]
)
def test_a_cut_file_gives_its_whole_lines_and_one_error(
    tmp_path: Path, name: str, format_: str
) -> None:
    path = tmp_path / f"a.{name}"
    # two members, because bzip2 yields nothing of a cut block
    first, second = (b"".join(b"%d of %d\n" % (n, k) for n in range(2000)) for k in (1, 2))
    packed = COMPRESSIONS[name](first) + COMPRESSIONS[name](second)
    path.write_bytes(packed[:-20])
    *rows, last = read_lines(whole_file(path))
    assert len(rows) >= 2000
    assert [row.line for row in rows[:2]] == ["0 of 1", "1 of 1"]
    assert {row.error for row in rows} == {None}
    assert last.error == f"truncated-{format_}"
    assert last.offset >= len(first)


@pytest.mark.parametrize("name", ["bz2", "xz", "zst"])
def test_a_damaged_file_is_one_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"a.{name}"
    packed = bytearray(COMPRESSIONS[name](bytes(range(256)) * 500))
    packed[len(packed) // 2] ^= 255
    packed[12] ^= 255
    path.write_bytes(packed)
    errors = [row.error for row in read_lines(whole_file(path)) if row.error]
    assert errors
    assert errors[-1].startswith(("corrupt-", "truncated-"))


def test_bad_lines_are_errors_and_the_next_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    long = b"x" * (3 << 20)
    path.write_bytes(b"\xef\xbb\xbfone\r\n\xff\xfe\n" + long + b"\ntwo\n" + long)
    rows = list(read_lines(whole_file(path), max_bytes=1 << 20))
    assert [(row.line, row.error) for row in rows] == [
        ("one", None),
        (None, "not-utf8"),
        (None, "record-too-large"),
        ("two", None),
        (None, "record-too-large"),
    ]
    assert [row.offset for row in rows] == [0, 8, 11, 12 + len(long), 16 + len(long)]


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    [row] = read_lines(whole_file(tmp_path / "absent"))
    assert (row.offset, row.error) == (0, "storage-error")


def test_small_files_share_a_task_and_large_ones_are_split() -> None:
    objects = [ObjectInfo(f"/{n}.txt", 1000, "") for n in range(10)]
    assert [len(split.ranges) for split in plan(objects)] == [10]
    [*splits] = plan([ObjectInfo("/large", 300 << 20, "")])
    ends = [(part.start, part.end) for split in splits for part in split.ranges]
    assert ends == [(0, 100 << 20), (100 << 20, 200 << 20), (200 << 20, 300 << 20)]
    assert len(plan([ObjectInfo("/large.gz", 300 << 20, "")])) == 1


def test_through_spark(spark: Any, tmp_path: Path) -> None:
    register(spark)
    (tmp_path / "a.jsonl").write_text("".join(f"{n}\n" for n in range(1000)))
    rows = spark.read.format("lines").option("split_bytes", 100).load(str(tmp_path))
    assert sorted(int(row.line) for row in rows.collect()) == list(range(1000))
    assert LinesReader({"path": "x"}).rows_schema == rows.schema
