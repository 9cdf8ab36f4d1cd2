"""Parts of inputs: which bytes, and that their records are whole."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from archives import by_record, http, warc_record

from jobs import storage
from jobs.steps.estimate.cuts import Cut, cuts, kind, write
from jobs.storage import ObjectInfo


def objects(*sizes: int) -> list[ObjectInfo]:
    return [ObjectInfo(f"/in/{number}", size, "1") for number, size in enumerate(sizes)]


def length(part: list[Cut]) -> int:
    return sum(cut.end - cut.start for cut in part)


def test_pieces_of_a_large_input_follow_each_other() -> None:
    (first,), (second,) = cuts(objects(1000), [100, 700], lambda _: "members")
    assert (first.start, first.end, second.start, second.end) == (0, 100, 100, 800)


def test_a_format_without_boundaries_is_read_from_its_beginning() -> None:
    parts = cuts(objects(1000, 1000), [100, 700], lambda _: "prefix")
    assert [(part[0].start, part[0].end) for part in parts] == [(0, 100), (0, 700)]
    assert parts[0][0].uri != parts[1][0].uri


def test_a_format_with_an_index_is_read_whole() -> None:
    (part,) = cuts(objects(1000), [10], lambda _: "whole")
    assert part == [Cut("/in/0", 0, 1000, 1000)]


def test_small_inputs_add_up_to_a_part() -> None:
    small, large = cuts(objects(*[10] * 100), [20, 140], lambda _: pytest.fail("is not cut"))
    assert (length(small), length(large)) == (20, 130)  # a tenth may be missing
    assert not {cut.uri for cut in small} & {cut.uri for cut in large}


def test_few_inputs_are_read_again_but_not_twice_in_a_part() -> None:
    parts = cuts(objects(10, 10, 10), [20, 30, 1000], lambda _: "prefix")
    for part in parts:
        assert len({cut.uri for cut in part}) == len(part)
    assert [length(part) for part in parts] == [20, 30, 30]


def test_the_parts_of_an_archive_hold_each_record_once(tmp_path: Path) -> None:
    records = [warc_record(http(b"page %d " % n * 50)) for n in range(40)]
    archive = tmp_path / "in" / "a.warc.gz"
    archive.parent.mkdir()
    archive.write_bytes(by_record(*records))
    size = archive.stat().st_size
    assert kind(str(archive)) == "members"
    found = b""
    for number, (start, end) in enumerate(
        [(0, size // 3), (size // 3, size // 2), (size // 2, size)]
    ):
        path, written = write(
            Cut(str(archive), start, end, size), "members", tmp_path / str(number)
        )
        assert Path(path).stat().st_size == written
        assert path.endswith(str(archive))
        found += gzip.decompress(Path(path).read_bytes())
    assert found == b"".join(records)


def test_the_parts_of_a_file_of_lines_hold_each_line_once(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("".join(json.dumps({"n": n}) + "\n" for n in range(1000)))
    size = file.stat().st_size
    assert kind(str(file)) == "lines"
    found = b""
    for start, end in ((0, 100), (100, 5000), (5000, size)):
        path, _ = write(Cut(str(file), start, end, size), "lines", tmp_path / str(start))
        found += storage.read_bytes(path)
    assert found == file.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.7z", b"7z", "whole"),
        ("a.parquet", b"PAR1", "whole"),
        ("a.json.gz", gzip.compress(b'{"text": ""}\n' * 9), "prefix"),
        ("a.warc.gz", gzip.compress(warc_record(http(b"x")) * 9), "prefix"),
        ("a.xml.bz2", b"BZh9", "prefix"),
        ("a.txt", b"a line\nanother", "prefix"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # gzip's bytes hold the time
)
def test_formats(name: str, content: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert kind(str(tmp_path / name)) == expected
