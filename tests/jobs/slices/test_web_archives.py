"""Web archives of every kind: what becomes of each type of record, and tracing a document back to it."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any

import brotli
import pytest
from archives import COMPRESSIONS, by_record, http, warc_record, with_dictionary
from slices import kept, outcome_rows, rejected

from jobs.slices.common_crawl import SLICE
from jobs.slices.raw.record import Place, RawRecord

TEXT = " ".join(["Some text that is long enough to be kept as a document."] * 8)
PAGE = f"<html><head><title>Title</title></head><body><p>{TEXT}</p></body></html>".encode()


def run(path: Path) -> list[dict[str, Any]]:
    return outcome_rows(SLICE, path)


def traced(row: dict[str, Any]) -> RawRecord:
    """Return the raw record of a document, as `trace` reads it."""
    place = Place(
        id=row["id"],
        slice="common_crawl",
        uri=row["source"]["uri"],
        offset=row["source"]["offset"],
        metadata=dict(row["metadata"]),
        digest=row["digest"],
        inputs=(row["source"]["uri"],),
        max_bytes=32 << 20,
        report=lambda line: None,
    )
    return SLICE.raw_record(place)


def resource(content: bytes, content_type: Any, name: str, **fields: Any) -> bytes:
    return warc_record(content, kind="resource", name=name, Content_Type=content_type, **fields)


def test_resources_are_pages_too(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(
        by_record(
            resource(PAGE, "text/html; charset=utf-8", "html", url="file:///site/index.html"),
            resource(PAGE, "Application/XHTML+XML", "xhtml"),
            resource(PAGE, None, "sniffed"),
            resource(b"GIF89a", "image/gif", "image"),
            resource(b"GIF89a", None, "unknown"),
            resource(b"x" * (33 << 20), "video/mp4", "video"),
            resource(PAGE, "text/html", "nowhere", url=None),
            resource(b"<p>short", "text/html", "short"),
        )
    )
    rows = run(path)
    assert [row["id"].rpartition("/")[2] for row in kept(rows)] == ["html", "xhtml", "sniffed"]
    assert {row["text"] for row in kept(rows)} == {TEXT}
    assert kept(rows)[0]["url"] == "file:///site/index.html"
    assert "http_status" not in dict(kept(rows)[0]["metadata"])
    assert rejected(rows) == {
        "counted content-type": 3,
        "counted short": 1,
        "quarantine no-url": 1,
    }
    for row in kept(rows):
        assert list(traced(row).headers) == ["WARC"]


def test_records_of_no_known_type_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    unnamed = warc_record(b"x", kind="warcinfo").replace(b"WARC-Type: warcinfo\r\n", b"")
    path.write_bytes(
        warc_record(b"GET / HTTP/1.1\r\n\r\n", kind="request")
        + warc_record(b"x", kind="continuation")
        + warc_record(b"x", kind="screenshot")
        + unnamed
        + warc_record(http(PAGE), name="page")
    )
    rows = run(path)
    assert len(kept(rows)) == 1
    assert rejected(rows) == {
        "counted record-type-continuation": 1,
        "counted record-type-unknown": 2,
    }


def test_a_page_behind_an_interim_response(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(
        by_record(
            warc_record(b"HTTP/1.1 100 Continue\r\n\r\n" + http(PAGE), name="1"),
            warc_record(http(PAGE).replace(b"HTTP/1.1", b"http/1.1"), name="2"),
            warc_record(b"HTTP/1.1 100 Continue\r\n\r\n", name="3"),
        )
    )
    rows = run(path)
    assert [row["text"] for row in kept(rows)] == [TEXT] * 2
    assert rejected(rows) == {"counted http-status-100": 1}
    status_lines = [traced(row).headers["HTTP"][0][1] for row in kept(rows)]
    assert status_lines == ["HTTP/1.1 200 OK", "http/1.1 200 OK"]


@pytest.mark.parametrize(
    ("content", "is_page"),
    [
        (PAGE, True),
        (PAGE.decode().encode("utf-16"), True),
        (("<html><p>" + "漢字と仮名" * 9000).encode("utf-16"), True),
        (("<html><p>" + "漢字と仮名の文章。" * 900).encode("iso-2022-jp"), True),
        (PAGE + b"\0" * 5000, True),
        (b"\x0c" + PAGE.replace(b" ", b"\x0b ", 5), True),
        (b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(5000), False),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + random.Random(2).randbytes(50_000), False),
        (b"%PDF-1.7\n" + PAGE, False),
        (bytes(range(256)) * 20, False),
        (brotli.compress(PAGE), False),
    ],
)
def test_what_is_no_text_is_no_page(tmp_path: Path, content: bytes, is_page: bool) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(warc_record(http(content, content_type="text/html")))
    assert ("counted content-type" in rejected(run(path))) is not is_page


RECORDS = [
    warc_record(b"software: test\r\n", kind="warcinfo", name="0", url=None),
    warc_record(http(PAGE), name="1"),
    warc_record(http(PAGE), name="bad", length=50),
    warc_record(http(PAGE), name="2"),
    warc_record(http(PAGE), name="long", length=10**14),
    warc_record(PAGE, kind="resource", name="3", Content_Type="text/html"),
]


@pytest.mark.parametrize("whole_file", [True, False])
@pytest.mark.parametrize("packing", [*COMPRESSIONS, "dictionary"])
def test_documents_beside_wrong_lengths_are_traced(
    tmp_path: Path, packing: str, whole_file: bool
) -> None:
    records = [b"".join(RECORDS)] if whole_file else RECORDS
    path = tmp_path / "a.warc"
    if packing == "dictionary":
        path.write_bytes(with_dictionary(*records))
    else:
        path.write_bytes(by_record(*records, compress=COMPRESSIONS[packing]))
    rows = run(path)
    assert sum(rejected(rows).values()) == 2
    assert [row["id"] for row in kept(rows)] == [f"common_crawl/{n}" for n in "123"]
    for row, record in zip(kept(rows), (RECORDS[1], RECORDS[3], RECORDS[5]), strict=True):
        raw = traced(row)
        assert b"".join(raw.content()) == record.removesuffix(b"\r\n\r\n")
        assert TEXT in raw.beginning


def test_a_document_behind_a_damaged_member_is_traced(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    damaged = bytearray(gzip.compress(RECORDS[1]))
    damaged[len(damaged) // 2] ^= 0xFF
    shared = gzip.compress(RECORDS[3] + RECORDS[5])
    path.write_bytes(gzip.compress(RECORDS[0]) + damaged + shared)
    rows = run(path)
    assert rejected(rows) == {"quarantine corrupt-gzip": 1}
    assert [row["id"] for row in kept(rows)] == ["common_crawl/2", "common_crawl/3"]
    for row, record in zip(kept(rows), (RECORDS[3], RECORDS[5]), strict=True):
        assert b"".join(traced(row).content()) == record.removesuffix(b"\r\n\r\n")


def test_cases(web_cases: Path) -> None:
    rows = run(web_cases / "warc-resource-records" / "input.warc.gz")
    assert len(kept(rows)) + sum(rejected(rows).values()) == 1
    rows = run(web_cases / "warc-length-off-by-one" / "offbyone.warc.gz")
    assert len(kept(rows)) + sum(rejected(rows).values()) == 7
    assert [n for reason, n in rejected(rows).items() if reason.startswith("quarantine")] == [1]
