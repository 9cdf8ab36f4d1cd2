"""Intact archives of every form: WARC, WET and ARC, compressed by record, as one file, or plain."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from archives import ALL_TYPES, ARC_START, arc_record, by_record, errors, http, read, warc_record
from warcio.archiveiterator import ArchiveIterator

RECORDS = [
    warc_record(b"software: test\r\n", kind="warcinfo", name="0", url=None),
    warc_record(http(b"<p>one"), name="1"),
    warc_record(b"GET / HTTP/1.1\r\n\r\n", kind="request", name="2"),
    warc_record("Título\nLínea\n".encode(), kind="conversion", name="3"),
]
PLAIN = b"".join(RECORDS)
BY_RECORD = by_record(*RECORDS)


@pytest.mark.parametrize("data", [PLAIN, BY_RECORD, gzip.compress(PLAIN)])
def test_compression_changes_nothing_but_offsets(data: bytes) -> None:
    rows = read(data)
    assert errors(rows) == []
    assert [row["record_type"] for row in rows] == ["response", "conversion"]
    assert [row["record_id"] for row in rows] == ["1", "3"]
    assert rows[0]["content"] == b"<p>one"
    assert rows[1]["content"] == "Título\nLínea\n".encode()


def test_offsets() -> None:
    starts = [sum(map(len, RECORDS[:n])) for n in range(4)]
    for data in (PLAIN, gzip.compress(PLAIN)):
        assert [row["offset"] for row in read(data, record_types=ALL_TYPES)] == starts
    starts = [len(by_record(*RECORDS[:n])) for n in range(4)]
    rows = read(BY_RECORD, record_types=ALL_TYPES)
    assert [row["offset"] for row in rows] == starts
    for row in rows:  # reading can start at every offset
        assert read(BY_RECORD[row["offset"] :], record_types=ALL_TYPES)[0]["date"] == row["date"]


def test_gzip_members_that_are_not_records() -> None:
    """Some tools compress in blocks of a fixed size."""
    blocks = [PLAIN[start : start + 100] for start in range(0, len(PLAIN), 100)]
    rows = read(by_record(*blocks))
    assert errors(rows) == []
    assert [row["record_id"] for row in rows] == ["1", "3"]
    # line ends after a record in the next record's member, and an empty member
    data = by_record(RECORDS[1][:-4], b"\r\n\r\n" + RECORDS[1], b"", RECORDS[3])
    rows = read(data)
    assert errors(rows) == []
    second = len(by_record(RECORDS[1][:-4]))
    assert [row["offset"] for row in rows[:2]] == [0, second]


@pytest.mark.parametrize(
    "name",
    [
        "cc-main-2020-34.warc.gz",
        "dolma-wget-2024.warc.gz",
        "heritrix-2008.arc.gz",
        "heritrix-2008.warc.gz",
        "whirlwind.warc.gz",
        "whirlwind.warc.wet.gz",
        "whirlwind.warc.wat.gz",
    ],
)
def test_real_archives_are_read_as_warcio_reads_them(shared_data: Path, name: str) -> None:
    data = (shared_data / "warc" / name).read_bytes()
    expected = []
    iterator = ArchiveIterator(io.BytesIO(data), arc2warc=True)
    for record in iterator:
        headers = record.rec_headers
        url = headers.get_header("WARC-Target-URI")
        kind = record.rec_type
        http_headers = record.http_headers if kind == "response" else None
        status = int(http_headers.get_statuscode()) if http_headers else None
        body = record.content_stream().read() if kind in ("response", "conversion") else None
        if kind in ALL_TYPES:
            expected.append((iterator.get_record_offset(), kind, url, status, body))
    rows = read(data, record_types=ALL_TYPES)
    assert errors(rows) == []
    for row, (offset, kind, url, status, body) in zip(rows, expected, strict=True):
        assert (row["offset"], row["record_type"]) == (offset, kind)
        if body is not None:
            assert (row["url"], row["http_status"], row["content"]) == (url, status, body)


def test_the_same_pages_as_warc_and_as_arc(shared_data: Path) -> None:
    warc, arc = (
        read((shared_data / "warc" / f"heritrix-2008.{kind}.gz").read_bytes())
        for kind in ("warc", "arc")
    )
    assert len(warc) == len(arc) == 299
    columns = ["url", "http_status", "content_type", "content"]
    assert [[row[name] for name in columns] for row in warc] == [
        [row[name] for name in columns] for row in arc
    ]
    assert {row["record_id"] for row in arc} == {None}
    # WARC stores digests of HTTP payloads only; those computed for ARC are the same
    pages = [number for number, row in enumerate(warc) if row["http_status"] == 200]
    assert len(pages) == 214
    assert [warc[n]["digest"] for n in pages] == [arc[n]["digest"] for n in pages]


def test_arc_version_2_and_odd_fields() -> None:
    block = http(b"<p>x")
    version_2 = (
        f"http://example.com/a b 192.0.2.1 20080430204825 text/html 200 CHECKSUM - 1234 x.arc "
        f"{len(block)}\n"
    ).encode()
    with_parameters = (
        f"http://example.com/ ::1 20080430204825 text/html; charset=x {len(block)}\n".encode()
    )
    no_date = f"http://example.com/ 192.0.2.1 null no-type {len(block)}\n".encode()
    data = ARC_START + b"\n".join(
        [version_2 + block, with_parameters + block, no_date + block, arc_record(block)]
    )
    rows = read(data)
    assert errors(rows) == []
    assert [row["url"] for row in rows] == ["http://example.com/a%20b"] + 3 * [
        "http://example.com/"
    ]
    assert [row["date"] for row in rows] == [
        "2008-04-30T20:48:25Z",
        "2008-04-30T20:48:25Z",
        None,
        "2008-04-30T20:48:25Z",
    ]
    assert {row["content"] for row in rows} == {b"<p>x"}


def test_an_arc_record_without_http_has_the_types_of_its_line() -> None:
    [row] = read(ARC_START + arc_record(b"<p>before HTTP/1.0"))
    assert row["http_status"] is None
    assert row["content_type"] == "text/html"
    assert row["content"] == b"<p>before HTTP/1.0"


def test_a_wet_file_changed_by_a_text_editor(shared_data: Path) -> None:
    """Its line ends are LF and its lengths are wrong: blocks end where CCNet ends them."""
    data = (shared_data / "warc" / "cc-net-sample.wet").read_bytes()
    rows = read(data)
    assert errors(rows) == []
    assert [row["url"] for row in rows] == [
        "http://sample_english.com",
        "http://sample_chinese.zh",
        "http://sample_russian.ru",
    ]
    assert rows[0]["content"].startswith(b"Famous Mark Twain Quotes\n")
    assert rows[2]["content"].endswith("нет.\n".encode())
    # where a length fits, a version line within it belongs to the text
    block = b"Title\nWARC/1.0\nmore"
    record = warc_record(block, kind="conversion").replace(b"\r\n", b"\n")
    rows = read(record + record)
    assert [row["content"] for row in rows] == [block, block]


def test_header_fields() -> None:
    record = warc_record(
        b"x",
        kind="conversion",
        WARC_Block_Digest="sha1:ABC",
        WARC_Identified_Content_Language="eng,jpn",
        WARC_Truncated="length",
    )
    odd = record.replace(b"WARC-Target-URI:", b"warc-target-uri  :").replace(
        b"Content-Type: text/plain", b"Content-Type: text/plain;\r\n charset=utf-8"
    )
    for data in (record, odd):
        [row] = read(data)
        assert row["url"] == "http://example.com/"
        assert row["digest"] == "sha1:ABC"
        assert row["languages"] == "eng,jpn"
        assert row["truncated"] == "length"
    assert row["content_type"] == "text/plain; charset=utf-8"
    latin = record.replace(b"example.com/", b"example.com/caf\xe9")
    assert read(latin)[0]["url"] == "http://example.com/café"


def test_unwanted_content_is_null() -> None:
    data = PLAIN + b"".join(
        [
            warc_record(http(b"gone", status="404 Not Found")),
            warc_record(http(b"%PDF", content_type="application/pdf")),
            warc_record(http(b"<p>?", content_type=None)),
            warc_record(http(b"<p>X", content_type="Text/HTML")),
        ]
    )
    rows = read(
        data, statuses=frozenset({200}), content_types=frozenset({"text/html", "text/plain"})
    )
    assert [row["content"] for row in rows] == [
        b"<p>one",
        "Título\nLínea\n".encode(),
        None,
        None,
        b"<p>?",
        b"<p>X",
    ]
