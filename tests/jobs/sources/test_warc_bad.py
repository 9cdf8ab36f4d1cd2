"""Broken and hostile archives: complete records are read, each broken one is a quarantine row."""

from __future__ import annotations

import gzip
import io
import resource
from pathlib import Path

import pytest
from archives import (
    ALL_TYPES,
    ARC_START,
    arc_record,
    bomb,
    by_record,
    errors,
    http,
    read,
    warc_record,
    whole,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.sources import archive
from jobs.sources.archive import read_archive
from jobs.sources.framing import Record
from jobs.sources.warc_rows import Row, Wanted, to_row

# file: responses, conversions and resources, records of all types, then error and offset of the fault
BAD = {
    # the ARC headers of the last three records declare 680 bytes, and their blocks have fewer
    "badexample.arc.gz": (
        2,
        3,
        [("bad-record-length", 2369), ("truncated-record", 2606), ("truncated-record", 2882)],
    ),
    # the only member is cut, 13 KB before the end of its only record
    "clipped.warc.gz": (0, 0, [("truncated-gzip", 0)]),
    "empty.warc.gz": (0, 0, [("empty-object", 0)]),
    # compressed as one file; the body is declared chunked and is not
    "example-bad-non-chunked.warc.gz": (1, 6, []),
    "example-space-in-target-uri.warc.gz": (1, 2, []),
    # the response's Content-Length is two bytes short of its block
    "example-trunc.warc": (0, 3, [("bad-record-length", 1197)]),
    "example-wget-bad-target-uri.warc.gz": (3, 6, []),
    # more or fewer than two line ends between records, which loses nothing
    "link-extraction-test.warc": (7, 8, []),
}

RECORDS = [
    warc_record(b"software: test\r\n", kind="warcinfo", name="0", url=None),
    *(warc_record(http(b"<p>" + bytes([65 + n]) * 300), name=str(n)) for n in range(1, 4)),
]
PLAIN = b"".join(RECORDS)
MEMBERS = by_record(*RECORDS)
STARTS = [sum(map(len, RECORDS[:n])) for n in range(len(RECORDS) + 1)]
MEMBER_STARTS = [len(by_record(*RECORDS[:n])) for n in range(len(RECORDS) + 1)]


def test_the_table_names_every_file(shared_data: Path) -> None:
    assert {path.name for path in (shared_data / "warc-bad").iterdir()} == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_real_bad_archives(shared_data: Path, name: str) -> None:
    data = (shared_data / "warc-bad" / name).read_bytes()
    pages, records, faults = BAD[name]
    rows = read(data)
    assert len(whole(rows)) == pages
    assert errors(rows) == faults
    rows = read(data, record_types=ALL_TYPES)
    assert len(whole(rows)) == records
    assert errors(rows) == faults


def test_spaces_and_brackets_in_uris_are_corrected(shared_data: Path) -> None:
    folder = shared_data / "warc-bad"
    rows = read(
        (folder / "example-space-in-target-uri.warc.gz").read_bytes(),
        record_types=frozenset({"resource"}),
    )
    assert [row["url"] for row in rows] == ["file:///example%20with%20spaces.png"]
    data = (folder / "example-wget-bad-target-uri.warc.gz").read_bytes()
    rows = read(data, record_types=frozenset({"response"}))
    assert [row["url"] for row in rows] == ["http://example.com/"]


def test_an_archive_cut_anywhere_gives_its_complete_records() -> None:
    expected = read(MEMBERS, record_types=ALL_TYPES)
    for cut in range(2, len(MEMBERS) + 1):
        rows = read(MEMBERS[:cut], record_types=ALL_TYPES)
        complete = sum(start <= cut for start in MEMBER_STARTS[1:])
        assert whole(rows) == expected[:complete]
        at_a_boundary = cut in MEMBER_STARTS
        start = MEMBER_STARTS[complete]
        assert errors(rows) == ([] if at_a_boundary else [("truncated-gzip", start)])


def test_a_plain_archive_cut_anywhere_gives_its_complete_records() -> None:
    expected = read(PLAIN, record_types=ALL_TYPES)
    for cut in range(1, len(PLAIN) + 1):
        rows = read(PLAIN[:cut], record_types=ALL_TYPES)
        complete = sum(start - 4 <= cut for start in STARTS[1:])
        assert whole(rows) == expected[:complete]
        if cut > STARTS[complete]:
            [(_, offset)] = errors(rows)
            assert offset == STARTS[complete]


def test_an_archive_compressed_as_one_file_and_cut() -> None:
    expected = read(gzip.compress(PLAIN, mtime=0), record_types=ALL_TYPES)
    # stored without compression, so that cuts map to positions in the records
    data = gzip.compress(PLAIN, compresslevel=0, mtime=0)
    for cut in range(40, len(data), 7):
        rows = read(data[:cut], record_types=ALL_TYPES)
        assert whole(rows) == expected[: len(whole(rows))]
        assert [error for error, _ in errors(rows)] == ["truncated-gzip"]
    # all records but the last, whose end is not confirmed
    assert len(whole(read(data[:-9], record_types=ALL_TYPES))) == len(RECORDS) - 1


@given(st.integers(0, len(MEMBERS) - 1), st.integers(1, 255), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_damaged_byte_costs_its_record(position: int, change: int, as_one_file: bool) -> None:
    data = bytearray(gzip.compress(PLAIN, mtime=0) if as_one_file else MEMBERS)
    expected = read(bytes(data), record_types=ALL_TYPES)
    position %= len(data)
    data[position] ^= change
    rows = read(bytes(data), record_types=ALL_TYPES)
    assert len(errors(rows)) <= 1
    if as_one_file:
        # the checksum is at the end of the file, so records before it may hold the changed byte
        assert len(whole(rows)) <= len(expected)
        return
    if position < 2:  # nothing says that the file is gzip
        assert errors(rows) == [("not-an-archive", 0)]
        return
    # a change in a member's header, such as its time, changes no record
    if errors(rows):
        del expected[sum(start <= position for start in MEMBER_STARTS[1:])]
    assert whole(rows) == expected


@given(st.binary(max_size=400), st.sampled_from([b"", b"WARC/1.0\r\n", b"\x1f\x8b", ARC_START]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_become_rows(junk: bytes, start: bytes) -> None:
    rows = read(start + junk)
    assert len(errors(rows)) <= 1
    assert rows or start == ARC_START


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "empty-object"),
        (b"\r\n\r\n", "empty-object"),
        (gzip.compress(b"", mtime=0), "empty-object"),
        (b"<!DOCTYPE html><title>403 Forbidden</title>", "not-an-archive"),
        (gzip.compress(b"<!DOCTYPE html><title>403 Forbidden</title>", mtime=0), "not-an-archive"),
        (b"\x28\xb5\x2f\xfd" + bytes(40), "truncated-zstd"),
        (b"\x28\xb5\x2f\xfd" + b"\xff" * 40, "corrupt-zstd"),
        (b"\x04\x22\x4d\x18" + b"\xff" * 40, "corrupt-lz4"),
        (b"\x04\x22\x4d\x18", "truncated-lz4"),
        (bytes(1000), "not-an-archive"),
        (b"\x1f\x8b", "truncated-gzip"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 40, "corrupt-gzip"),
        (b"WARC/1.0\r\nContent-Length: 5\r\n", "truncated-record"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "bad-record-header"),
        (b"WARC/1.0\r\nContent-Length: -5\r\n\r\n", "bad-record-header"),
        (b"WARC/1.0\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", "bad-record-header"),
        (b"WARC/1.0\r\n" + b"X: y\r\n" * 100_000, "bad-record-header"),
    ],
)
def test_objects_that_are_no_archive(data: bytes, error: str) -> None:
    assert errors(read(data)) == [(error, 0)]


def test_a_last_record_shorter_than_its_length() -> None:
    data = RECORDS[1] + warc_record(http(b"<p>text"), length=5000)
    rows = read(by_record(RECORDS[1], data[len(RECORDS[1]) :]))
    assert len(whole(rows)) == 1
    assert errors(rows) == [("truncated-record", len(by_record(RECORDS[1])))]


def test_bytes_between_members() -> None:
    first, second = by_record(RECORDS[1]), by_record(RECORDS[2])
    rows = read(first + b"garbage" + second)
    assert [row["record_id"] for row in whole(rows)] == ["1", "2"]
    assert errors(rows) == [("corrupt-gzip", len(first))]
    # padding to whole blocks, as tapes and some stores write it
    rows = read(first + bytes(512) + second + bytes(512))
    assert [row["record_id"] for row in rows] == ["1", "2"]
    assert rows[1]["offset"] == len(first) + 512


def test_a_record_with_a_wrong_checksum_is_not_yielded() -> None:
    first, second = by_record(RECORDS[1]), bytearray(by_record(RECORDS[2]))
    second[-8] ^= 1
    rows = read(first + bytes(second) + by_record(RECORDS[3]))
    assert [row["record_id"] for row in whole(rows)] == ["1", "3"]
    assert errors(rows) == [("corrupt-gzip", len(first))]
    assert rows[1]["message"] == "incorrect data check"


def test_arc_faults() -> None:
    good = arc_record(http(b"<p>text"))
    assert len(whole(read(ARC_START + good + good))) == 2
    rows = read(ARC_START + good + arc_record(http(b"<p>text"), length=30) + good)
    assert len(whole(rows)) == 2
    assert errors(rows) == [("bad-record-length", len(ARC_START + good))]
    rows = read(ARC_START + good + good[:-5])
    assert errors(rows) == [("truncated-record", len(ARC_START + good))]


@pytest.mark.parametrize("words", [b"1 ", b"- ", b"0 2008 200 a b 1 c ", b"  "])
def test_ambiguous_header_lines(words: bytes) -> None:
    line = b"http://example.com/ " + words * (8000 // len(words)) + b"x\n"
    assert errors(read(ARC_START + line + arc_record(b"x"))) == [("bad-record-length", 0)]


def test_a_large_record_is_one_row_and_the_next_is_read() -> None:
    large = warc_record(http(b"x" * 5000), name="large")
    data = by_record(RECORDS[1], large, RECORDS[2])
    rows = read(data, max_record_bytes=2000)
    assert [row["record_id"] for row in rows] == ["1", "large", "2"]
    assert errors(rows) == [("record-too-large", len(by_record(RECORDS[1])))]
    assert rows[1]["http_status"] == 200
    # unwanted content is never too large
    rows = read(data, max_record_bytes=2000, content_types=frozenset({"application/pdf"}))
    assert errors(rows) == []
    assert {row["content"] for row in rows} == {None}


def test_bombs_do_not_fill_the_memory() -> None:
    size = 256 << 20
    header, _, _ = warc_record(b"", name="bomb", length=size + 200).partition(b"\r\n\r\n")
    member = gzip.compress(header + b"\r\n\r\n" + http(b"").ljust(200)) + bomb(size)
    body = warc_record(http(bomb(64 << 20), Content_Encoding="gzip"), name="body")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = read(member + by_record(body, RECORDS[1]), max_record_bytes=8 << 20)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert [row["error"] for row in rows] == ["record-too-large", "record-too-large", None]
    assert grown < 64 << 10, "kilobytes"


class Failing(io.BytesIO):
    """A stream that fails after its bytes, as a broken connection does."""

    def read(self, n: int | None = -1) -> bytes:
        data = super().read(n)
        if not data:
            raise ConnectionResetError("connection reset by peer")
        return data


@pytest.mark.parametrize("data", [MEMBERS, PLAIN])
def test_a_store_that_fails_is_a_fault(data: bytes) -> None:
    rows = list(read_archive(Failing(data), "x", Wanted()))
    assert [row.record_id for row in rows] == ["1", "2", "3", None]
    assert rows[-1].offset == len(data)
    assert rows[-1][-2:] == ("storage-error", "ConnectionResetError: connection reset by peer")
    [row] = read_archive(Failing(b""), "x", Wanted())
    assert row.error == "storage-error"


class PanicException(BaseException):
    """An exception like the one that a panic in a Rust extension raises in Python."""


@pytest.mark.parametrize("failure", [PanicException("index out of bounds"), IndexError("list")])
def test_a_reader_that_panics_costs_the_record(
    monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def panic(record: Record, uri: str, wanted: Wanted) -> Row:
        if record.headers["warc-record-id"] == "<urn:uuid:2>":
            raise failure
        return to_row(record, uri, wanted)

    monkeypatch.setattr(archive, "to_row", panic)
    rows = read(MEMBERS)
    assert [row["record_id"] for row in rows] == ["1", None, "3"]
    assert errors(rows) == [("reader-panic", MEMBER_STARTS[2])]


def test_an_interrupt_is_no_panic(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(record: Record, uri: str, wanted: Wanted) -> Row:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "to_row", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read(MEMBERS)
