"""Records of web archives to documents: each record has one outcome, each document one name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from archives import ARC_START, arc_record, by_record, http, warc_record
from slices import kept, outcome_rows, rejected, whole_file

from jobs import storage
from jobs.slices.common_crawl import SLICE
from jobs.slices.common_crawl_records import segment
from jobs.slices.names import domain
from jobs.sources.splits import Split
from jobs.sources.warc import WarcReader
from schemas.settings.ingest import CommonCrawlConfig
from schemas.tables.documents import DOCUMENTS
from schemas.tables.outcomes import with_outcome
from udfs.extract.html import Extracted

TEXT = " ".join(["Some text that is long enough to be kept as a document."] * 8)
PAGE = f"<html><head><title>Title</title></head><body><p>{TEXT}</p></body></html>".encode()


def run(*paths: Path, **settings: Any) -> list[Any]:
    """Return the outcome rows of some archives, without Spark."""
    return outcome_rows(SLICE, *paths, snapshot="2023-06", **settings)


def test_a_page_becomes_a_document(tmp_path: Path) -> None:
    folder = tmp_path / "crawl-data" / "CC-MAIN-2023-06"
    folder.mkdir(parents=True)
    path = folder / "a.warc.gz"
    record = warc_record(
        http(PAGE, content_type="text/html; charset=ISO-8859-1"),
        name="7",
        url="http://user@www.Example.com:8080/a?b",
        WARC_Payload_Digest="sha1:ABC",
        WARC_Truncated="length",
    )
    path.write_bytes(by_record(warc_record(b"", kind="warcinfo"), record))
    [row] = run(path)
    assert {name: row[name] for name in DOCUMENTS.names} == {
        "id": "common_crawl/7",
        "snapshot": "2023-06",
        "text": TEXT,
        "url": "http://user@www.Example.com:8080/a?b",
        "title": "Title",
        "date": "2023-01-31T12:00:00Z",
        "digest": "sha1:ABC",
        "source": {"uri": str(path), "offset": len(by_record(warc_record(b"", kind="warcinfo")))},
        "license": None,
        "metadata": [
            ("content_type", "text/html; charset=ISO-8859-1"),
            ("charset", "utf-8"),
            ("http_status", "200"),
            ("truncated", "length"),
            ("extractor", "main"),
            ("text_share", "1.0000"),
        ],
        "length": len(TEXT),
        "nlines": 1,
        "source_domain": "user@www.Example.com:8080",
        "cc_segment": "crawl-data/CC-MAIN-2023-06/a.warc.gz",
        "messages": None,
        "slice": "common_crawl",
    }
    assert row["outcome"] == "kept"


def test_every_record_has_one_outcome(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    records = [
        warc_record(http(PAGE), name="kept"),
        warc_record(http(PAGE, content_type=None), name="sniffed"),
        warc_record(http(PAGE, content_type="application/XHTML+xml"), name="xhtml"),
        warc_record(http(b"%PDF", content_type=None)),
        warc_record(http(b"%PDF", content_type="application/pdf")),
        warc_record(http(PAGE, status="404 Not Found")),
        warc_record(http(PAGE, status="404 Not Found")),
        warc_record(http(b"", status="301 Moved Permanently")),
        warc_record(b"127.0.0.1", url="dns:example.com", Content_Type="text/dns"),
        warc_record(http(b"<p>short")),
        warc_record(http(b"")),
        warc_record(http(PAGE), url=None),
        warc_record(http(b"x" * (33 << 20))),
        warc_record(b"Title\n" + TEXT.encode() + b"\n", kind="conversion", name="wet"),
        warc_record(b"Title\nshort\n", kind="conversion"),
        warc_record(b"GET /", kind="request"),
        warc_record(http(PAGE))[:-200],
    ]
    path.write_bytes(b"".join(records))
    rows = run(path)
    assert [row["id"] for row in kept(rows)] == [
        "common_crawl/kept",
        "common_crawl/sniffed",
        "common_crawl/xhtml",
        "common_crawl/wet",
    ]
    assert rejected(rows) == {
        "counted content-type": 2,
        "counted http-status-404": 2,
        "counted http-status-301": 1,
        "counted not-http": 1,
        "counted short": 3,
        "quarantine no-url": 1,
        "quarantine record-too-large": 1,
        "quarantine truncated-record": 1,
    }
    notes = [row for row in rows if row["outcome"] != "kept"]
    assert {row["slice"] for row in notes} == {"common_crawl"}
    assert {row["uri"] for row in notes} == {str(path)}
    assert {row["stage"] for row in notes if row["outcome"] == "quarantine"} == {"read", "extract"}


@pytest.mark.parametrize(
    ("start", "is_html"),
    [
        (b"<!DOCTYPE html>", True),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?>\n<!-- a --><!-- b -->\n<HTML>", True),
        (b"<!---->" * 180 + b"<p>", True),
        (b"<!---->" * 180 + b"x", False),  # which can be read in many ways
        (b"<rss>", False),
        (b"plain text, <p>", False),
    ],
)
def test_content_without_a_type_is_looked_at(tmp_path: Path, start: bytes, is_html: bool) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(warc_record(http(start + PAGE, content_type=None)))
    assert bool(kept(run(path))) is is_html


def test_settings(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(
        warc_record(http(PAGE, status="404 Not Found"), name="a")
        + warc_record(http(b"<p>one</p>"), name="b")
    )
    assert len(kept(run(path, status=(200, 404)))) == 1
    assert [row["text"] for row in kept(run(path, min_length=3))] == ["one"]
    assert len(kept(run(path, min_length=4))) == 0


NAVIGATION = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(9))
SITE = (
    f"<html><body><nav class=menu><ul>{NAVIGATION}</ul></nav><article><h2>A heading</h2><p>{TEXT}</p>"
    f"<p>Two: {TEXT}</p></article><footer class=footer>Imprint and contact</footer></body></html>"
).encode()
RESILIPARSE = f"A heading\n{TEXT}\nTwo: {TEXT}"
"""What release 0.1.0 made of SITE."""


@pytest.mark.parametrize(
    ("settings", "metadata"),
    [
        ({}, {"extractor": "main"}),
        ({"extractor": "resiliparse"}, {"extractor": "resiliparse"}),
        ({"extractor": "body"}, {"extractor": "body", "text_share": "1.0000"}),
        ({"markup": "markdown"}, {"extractor": "main", "markup": "markdown"}),
    ],
)
def test_a_document_says_how_its_text_was_taken(
    tmp_path: Path, settings: dict[str, str], metadata: dict[str, str]
) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(
        warc_record(http(SITE), name="page")
        + warc_record(b"Title\n" + TEXT.encode() + b"\n", kind="conversion", name="wet")
    )
    page, wet = kept(run(path, **settings))
    assert metadata.items() <= dict(page["metadata"]).items()
    assert ("Section 3" in page["text"]) == (settings.get("extractor") == "body")
    if settings.get("extractor") == "resiliparse":
        assert page["text"] == RESILIPARSE
        assert "text_share" not in dict(page["metadata"])
    else:
        share = dict(page["metadata"])["text_share"]
        assert 0.5 < float(share) <= 1
        assert len(share) == len("0.1234")
    assert "second_try" not in dict(page["metadata"])
    # the text of a WET record is as it is
    assert wet["text"] == TEXT
    assert wet["metadata"] == [("content_type", "text/plain"), ("charset", "utf-8")]


def test_a_document_says_how_sure_the_extractor_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsure(*_: object, **__: object) -> Extracted:
        return Extracted(None, TEXT, "utf-8", share=0.000049, second_try=True)

    monkeypatch.setattr("udfs.extract.html.extract", unsure)
    path = tmp_path / "a.warc"
    path.write_bytes(warc_record(http(SITE)))
    [page] = kept(run(path))
    assert page["metadata"][-2:] == [("text_share", "0.0000"), ("second_try", "true")]


def test_names_of_records_without_an_id(tmp_path: Path) -> None:
    def names(folder: str, archive: str = "a.arc", *, before: bytes = b"") -> list[str]:
        path = tmp_path / folder / archive
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ARC_START + before + 2 * arc_record(http(PAGE)))
        return [row["id"] for row in kept(run(path))]

    first = names("one")
    assert len(set(first)) == 2
    assert all(len(name) == len("common_crawl/") + 32 for name in first)
    assert names("one") == names("two") == first  # wherever the archive is
    assert not set(names("one", "b.arc")) & set(first)
    assert names("three", before=arc_record(b""))[0] not in first


@pytest.mark.parametrize(("extractor", "pages"), [("main", 50), ("resiliparse", 80), ("body", 80)])
def test_the_same_crawl_as_warc_and_as_arc(shared_data: Path, extractor: str, pages: int) -> None:
    folder = shared_data / "warc"
    warc, arc = (
        kept(run(folder / f"heritrix-2008.{kind}.gz", extractor=extractor))
        for kind in ("warc", "arc")
    )
    same = ["text", "title", "url", "digest", "length", "source_domain"]
    # the main content of requests to log in and of lists of links is short
    assert len(warc) == len(arc) > pages
    assert [[row[name] for name in same] for row in warc] == [
        [row[name] for name in same] for row in arc
    ]
    assert not {row["id"] for row in warc} & {row["id"] for row in arc}


@pytest.mark.parametrize(
    "name",
    [
        "cc-main-2020-34.warc.gz",
        "dolma-wget-2024.warc.gz",
        "heritrix-2008.arc.gz",
        "heritrix-2008.warc.gz",
        "whirlwind.warc.gz",
        "whirlwind.warc.wet.gz",
    ],
)
def test_real_counts_add_up(shared_data: Path, name: str) -> None:
    path = shared_data / "warc" / name
    reader = WarcReader({"path": "x", "record_types": "response,conversion,resource"})
    records = sum(len(batch) for batch in reader.read(Split((whole_file(path),))))
    rows = run(path)
    assert len(kept(rows)) + sum(rejected(rows).values()) == records
    assert len({row["id"] for row in kept(rows)}) == len(kept(rows)) > 0


def test_wet_as_ccnet(conformance: Callable[..., list[dict[str, Any]]], tmp_path: Path) -> None:
    """`length` is of the text in characters here, and in bytes with the title in CCNet."""
    for case in conformance("rp.parse_warc_file", exact=True):
        path = tmp_path / "sample.wet"
        path.write_text(case["input"], encoding="utf-8", newline="")
        rows = kept(run(path, min_length=1))
        fields = ["url", "digest", "nlines", "source_domain", "title"]
        got = [{**{name: row[name] for name in fields}, "raw_content": row["text"]} for row in rows]
        expected = [
            {name: row[name] for name in [*fields, "raw_content"]} for row in case["expected"]
        ]
        assert got == expected
        assert [row["length"] for row in rows] == [len(row["text"]) for row in rows]
        assert [row["metadata"][-1] for row in rows] == [("languages", "eng,jpn")] * 3


def test_domains_and_segments() -> None:
    assert domain("http://example.com/x") == "example.com"
    assert domain("http://[bad/") is None
    assert segment("s3://commoncrawl/crawl-data/CC-MAIN-2023-06/s/a.wet.gz") == (
        "crawl-data/CC-MAIN-2023-06/s/a.wet.gz"
    )
    assert segment("/data/a.warc.gz") == "a.warc.gz"


def test_through_spark(spark: Any, tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.warc").write_bytes(
            warc_record(http(PAGE), name=str(n)) + warc_record(http(b"", status="404 Not Found"))
        )
    config = CommonCrawlConfig(root="", max_record_bytes=1 << 20)
    rows = SLICE.read(spark, storage.expand([str(tmp_path)]), config, "2023-06")
    assert rows.schema == with_outcome(DOCUMENTS)
    found = rows.collect()
    assert sorted(row.id for row in found if row.id) == [f"common_crawl/{n}" for n in range(3)]
    assert {row.text for row in found} == {TEXT, None}
    assert [(row.reason, row.n) for row in found if not row.id] == [("http-status-404", 1)] * 3
