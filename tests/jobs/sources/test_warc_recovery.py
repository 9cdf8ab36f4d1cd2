"""Records with a wrong length, and damaged members: each costs itself, and the records behind it are read."""

from __future__ import annotations

import gzip
import random
import resource
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import lz4.frame
import pytest
from archives import (
    ARC_START,
    COMPRESSIONS,
    arc_record,
    by_record,
    errors,
    gzipped,
    http,
    read,
    warc_record,
    whole,
    with_dictionary,
)
from slices import whole_file

from jobs.sources.splits import Split
from jobs.sources.warc import WarcReader

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

START = warc_record(b"software: test\r\n", kind="warcinfo", name="0", url=None)
GOOD = [warc_record(http(b"<p>" + name.encode() * 300), name=name) for name in "abcd"]
BLOCK = http(b"<p>" + b"x" * 400)
PACKED = [name for name in COMPRESSIONS if name != "plain"]

# what a Content-Length says instead of the block's size
WRONG: dict[str, int | str | None] = {
    "short by one": len(BLOCK) - 1,
    "short": len(BLOCK) - 100,
    "zero": 0,
    "too long": len(BLOCK) + 20,
    "too long by a record": len(BLOCK) + 700,
    "too long by all records": len(BLOCK) + 10_000,
    "huge": 10**15,
    "negative": -5,
    "no number": "four hundred",
    "too many digits": "9" * 4000,
    "empty": "",
    "absent": None,
}


def faulty(length: int | str | None, *, kind: str = "response") -> bytes:
    record = warc_record(BLOCK, kind=kind, name="x", length=length if length is not None else 7)
    return record if length is not None else record.replace(b"Content-Length: 7\r\n", b"")


def checked_zstd(data: bytes) -> bytes:
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


def checked_lz4(data: bytes) -> bytes:
    compressed: bytes = lz4.frame.compress(data, content_checksum=True)
    return compressed


@pytest.mark.parametrize("kind", ["response", "request"])
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("packing", COMPRESSIONS)
def test_a_wrong_length_costs_its_record(packing: str, wrong: str, kind: str) -> None:
    records = [START, GOOD[0], faulty(WRONG[wrong], kind=kind), *GOOD[1:]]
    compress = COMPRESSIONS[packing]
    data = by_record(*records, compress=compress)
    rows = read(data)
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    assert [row["content"] for row in whole(rows)] == [b"<p>" + c.encode() * 300 for c in "abcd"]
    [(error, offset)] = errors(rows)
    assert error in ("bad-record-length", "bad-record-header", "truncated-record")
    assert offset == len(by_record(*records[:2], compress=compress))


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("packing", PACKED)
def test_a_wrong_length_in_an_archive_compressed_as_one_file(packing: str, wrong: str) -> None:
    records = [START, GOOD[0], faulty(WRONG[wrong]), *GOOD[1:]]
    rows = read(COMPRESSIONS[packing](b"".join(records)))
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    assert [offset for _, offset in errors(rows)] == [sum(map(len, records[:2]))]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("place", ["first", "last", "all"])
@pytest.mark.parametrize("packing", COMPRESSIONS)
def test_a_wrong_length_at_the_ends(packing: str, place: str, wrong: str) -> None:
    bad = faulty(WRONG[wrong])
    records = {"first": [bad, *GOOD], "last": [*GOOD, bad], "all": [bad] * 5}[place]
    rows = read(by_record(*records, compress=COMPRESSIONS[packing]))
    assert [row["record_id"] for row in whole(rows)] == (list("abcd") if place != "all" else [])
    assert len(errors(rows)) == (5 if place == "all" else 1)


@pytest.mark.parametrize("packing", COMPRESSIONS)
def test_line_ends_that_a_length_includes_cost_nothing(packing: str) -> None:
    for more in range(1, 5):
        records = [GOOD[0], faulty(len(BLOCK) + more), GOOD[1]]
        rows = read(by_record(*records, compress=COMPRESSIONS[packing]))
        assert [row["error"] for row in rows] == [None] * 3


@pytest.mark.parametrize("packing", PACKED)
def test_a_quoted_record_is_none_where_records_are_members(packing: str) -> None:
    quoted = warc_record(http(b"<p>not a page of this site"), name="quoted")
    block = http(b"<pre>" + b"x" * 50 + b"\r\n\r\n" + quoted + b"</pre>")
    for length in (10, len(block) - 1, len(block) + 9, "many"):
        record = warc_record(block, name="x", length=length)
        data = by_record(START, record, *GOOD, compress=COMPRESSIONS[packing])
        rows = read(data)
        assert [row["record_id"] for row in whole(rows)] == list("abcd")
        assert len(errors(rows)) == 1


def test_a_quoted_record_whose_length_leads_nowhere_is_none() -> None:
    quoted = warc_record(http(b"<p>not a page of this site"), name="quoted")
    block = http(b"<pre>" + b"x" * 50 + b"\r\n\r\n" + quoted + b"</pre>")
    rows = read(START + warc_record(block, name="x", length=70) + b"".join(GOOD))
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    # a record with a right length may quote what it likes
    rows = read(START + warc_record(block, name="x") + b"".join(GOOD))
    assert [row["record_id"] for row in rows] == ["x", *"abcd"]


def test_a_version_line_without_a_header_begins_no_record() -> None:
    block = http(b"<p>the format\r\n\r\nWARC/1.0\r\nis old\r\n\r\nWARC/1.0\r\n\r\n")
    rows = read(START + warc_record(block, name="x", length=30) + b"".join(GOOD))
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    assert len(errors(rows)) == 1


@pytest.mark.parametrize("packed", [True, False])
def test_zstandard_frames_with_a_dictionary(packed: bool) -> None:
    records = [START, GOOD[0], faulty(3), *GOOD[1:]]
    data = with_dictionary(*records, packed=packed)
    rows = read(data)
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    assert len(errors(rows)) == 1
    assert [error for error, _ in errors(read(data[:100]))] == ["truncated-zstd"]
    assert [error for error, _ in errors(read(data[:8] + b"\xff" + data[9:]))] == ["corrupt-zstd"]
    rows = read(b"\x5d\x2a\x4d\x18" + b"\xff" * 200)
    assert errors(rows) == [("corrupt-zstd", 0)]


@pytest.mark.parametrize("packing", PACKED)
def test_members_that_are_no_records(packing: str) -> None:
    """Some tools compress in blocks of a fixed size."""
    plain = b"".join([START, *GOOD[:2], faulty(200), *GOOD[2:]])
    blocks = [plain[start : start + 100] for start in range(0, len(plain), 100)]
    rows = read(by_record(*blocks, compress=COMPRESSIONS[packing]))
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    assert len(errors(rows)) == 1


def test_arc_records_with_a_wrong_length() -> None:
    names = [f"http://example.com/{n}" for n in range(4)]
    records = [arc_record(http(b"<p>" + b"x" * 200), url=url) for url in names]
    block = http(b"<p>Content-Type: x\nhttp://example.com/ is no header\n</p>")
    for length in (3, len(block) - 1, len(block) + 30, len(block) + 5000, 10**15):
        bad = arc_record(block, url="http://example.com/bad", length=length)
        for data in (
            b"".join([ARC_START, records[0], bad, *records[1:]]),
            by_record(ARC_START, records[0], bad, *records[1:]),
            gzipped(b"".join([ARC_START, records[0], bad, *records[1:]])),
        ):
            rows = read(data)
            assert [row["url"] for row in whole(rows)] == names
            assert len(errors(rows)) == 1


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("cut", [1, 30, 150, -30, -1])
def test_a_member_that_lost_its_end(packing: str, cut: int) -> None:
    """A crawler died while it wrote, and went on in the same file."""
    compress = COMPRESSIONS[packing]
    noise = random.Random(1).randbytes(400)
    broken = compress(warc_record(http(noise), name="x"))[:cut]
    data = (
        by_record(*GOOD[:2], compress=compress) + broken + by_record(*GOOD[2:], compress=compress)
    )
    rows = read(data)
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    [(_, offset)] = errors(rows)
    assert offset == len(by_record(*GOOD[:2], compress=compress))
    assert [row["offset"] for row in read(data[rows[-1]["offset"] :])] == [0]


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("size", [3, 5000, 200_000])
def test_bytes_between_members(packing: str, size: int) -> None:
    compress = COMPRESSIONS[packing]
    first, rest = by_record(*GOOD[:2], compress=compress), by_record(*GOOD[2:], compress=compress)
    rows = read(first + random.Random(2).randbytes(size) + rest)
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    assert [offset for _, offset in errors(rows)] == [len(first)]
    rows = read(first + bytes(size) + rest)
    assert [row["record_id"] for row in rows] == list("abcd")


@pytest.mark.parametrize("compress", [gzipped, checked_zstd, checked_lz4])
def test_a_damaged_member_costs_itself(compress: Callable[[bytes], bytes]) -> None:
    """Between large members, which are read in several pieces, and among many small ones."""
    noise = random.Random(3)
    large = [warc_record(http(noise.randbytes(300_000)), name=str(n)) for n in range(5)]
    small = [warc_record(http(b"<p>" + b"%d" % n), name=f"s{n}") for n in range(200)]
    members = [compress(record) for record in [*large, *small]]
    damaged = list(members)
    for number in (0, 2, 4, 5, 100):
        middle = len(damaged[number]) // 2
        damaged[number] = damaged[number][:middle] + b"\xff" * 40 + damaged[number][middle + 40 :]
    rows = read(b"".join(damaged))
    lost = {"0", "2", "4", "s0", "s95"}
    names = [name for name in [*"01234", *(f"s{n}" for n in range(200))] if name not in lost]
    assert [row["record_id"] for row in whole(rows)] == names
    starts = [len(b"".join(members[:number])) for number in (0, 2, 4, 5, 100)]
    # neighbours that are damaged are one row
    assert set(starts) - {offset for _, offset in errors(rows)} <= {starts[3]}


def hiding_member(name: str) -> bytes:
    """Return a member with a record, and then a block that claims the next 64 KB of the archive."""
    deflate = zlib.compressobj(wbits=-15)
    record = warc_record(http(b"x"), name=name)
    content = deflate.compress(record) + deflate.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + content + b"\0\xff\xff\0\0"


def test_damage_that_hides_members() -> None:
    large = gzipped(warc_record(http(random.Random(4).randbytes(100_000)), name="large"))
    small = [warc_record(http(b"<p>" + b"%d" % n), name=f"s{n}") for n in range(100)]
    rows = read(gzipped(START) + hiding_member("x") + by_record(*small) + large)
    assert [row["record_id"] for row in whole(rows)] == [*(f"s{n}" for n in range(100)), "large"]
    assert [offset for _, offset in errors(rows)] == [len(gzipped(START))]


def test_damage_at_the_end_of_a_checksum_hides_no_member() -> None:
    members = [gzipped(record) for record in GOOD]
    for position in range(2, len(members[1])):
        data = bytearray(b"".join(members))
        data[len(members[0]) + position] ^= 0x84
        rows = read(bytes(data))
        assert [row["record_id"] for row in whole(rows)] in (list("acd"), list("abcd"))


def test_hostile_archives_take_linear_time() -> None:
    record = warc_record(b"", length=30 << 20)
    started = time.process_time()
    rows = read(record * 20_000)
    assert len(rows) >= 1
    rows = read(b"".join([gzipped(START), b"\x1f\x8b\x08\x00" * 500_000]))
    assert [error for error, _ in errors(rows)] == ["corrupt-gzip"]
    rows = read(gzipped(START) + hiding_member("x") * 50_000)
    assert {error for error, _ in errors(rows)} == {"corrupt-gzip"}
    rows = read(START + (b"\r\n\r\nWARC/1.0\r\nX: y" * 100_000))
    assert len(errors(rows)) == 1
    assert time.process_time() - started < 30


def test_memory_stays_bounded() -> None:
    header = warc_record(b"", name="x", length=200 << 20)[:-4]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = read(
        gzip.compress(header + bytes(100 << 20)) + by_record(*GOOD), max_record_bytes=4 << 20
    )
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert [row["record_id"] for row in whole(rows)] == list("abcd")
    assert grown < 200 << 10, "kilobytes"


def test_the_size_of_a_plain_archive_shows_a_length_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    large = warc_record(http(bytes(3 << 20)), name="large")
    path.write_bytes(b"".join([START, faulty(10**12), large, *GOOD]))
    reader = WarcReader({"path": str(path), "max_record_bytes": "100000"})
    rows = [row for batch in reader.read(Split((whole_file(path),))) for row in batch.to_pylist()]
    assert [row["error"] for row in rows] == ["truncated-record", "record-too-large", *[None] * 4]


def test_an_archive_with_an_off_by_one_length(web_cases: Path) -> None:
    rows = read((web_cases / "warc-length-off-by-one" / "offbyone.warc.gz").read_bytes())
    assert len(whole(rows)) == 6
    assert [error for error, _ in errors(rows)] == ["bad-record-length"]
