"""MediaWiki exports: every page is read once from any encoding, compression and splits."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import whole_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from jobs.sources.mediawiki import Page, is_index, plan, read_pages, register
from jobs.sources.splits import ByteRange
from jobs.storage import ObjectInfo
from schemas.sources.mediawiki import MEDIAWIKI_PAGES

HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10" xml:lang="de">
  <siteinfo>
    <sitename>Wikipedia</sitename>
    <dbname>dewiki</dbname>
    <base>https://de.wikipedia.org/wiki/Hauptseite</base>
    <namespaces>
      <namespace key="0" case="first-letter" />
      <namespace key="6" case="first-letter">Datei</namespace>
      <namespace key="14" case="first-letter">Kategorie</namespace>
    </namespaces>
  </siteinfo>
"""
END = "</mediawiki>\n"


def page(number: int, text: str = "Text", *, extra: str = "", namespace: int = 0) -> str:
    """Return a page in the format of an export."""
    return f"""  <page>
    <title>Größe {number}</title>
    <ns>{namespace}</ns>
    <id>{number}</id>{extra}
    <revision>
      <id>{number + 1000}</id>
      <timestamp>2023-03-01T12:00:00Z</timestamp>
      <model>wikitext</model>
      <format>text/x-wiki</format>
      <text bytes="4" xml:space="preserve">{text}</text>
    </revision>
  </page>
"""


def dump(count: int, text: str = "Text") -> str:
    return HEAD + "".join(page(number, text * number) for number in range(1, count + 1)) + END


def multistream(count: int, pages_per_stream: int = 3) -> bytes:
    """Return a dump as Wikimedia writes it: streams of the head, of some pages each, of the end."""
    pages = [page(number, f"Text {number} " * 40) for number in range(1, count + 1)]
    streams = [
        "".join(pages[start : start + pages_per_stream])
        for start in range(0, count, pages_per_stream)
    ]
    return b"".join(bz2.compress(part.encode()) for part in (HEAD, *streams, END))


def parallel(data: bytes, size: int) -> bytes:
    """Return data as a parallel compressor writes it: in streams cut at any byte."""
    return b"".join(bz2.compress(data[start : start + size]) for start in range(0, len(data), size))


def rows(path: Path, split_bytes: int | None = None, max_bytes: int = 1 << 20) -> list[Page]:
    """Return the rows of a dump, read whole or in splits, in the order of the dump."""
    size = path.stat().st_size
    splits = plan([ObjectInfo(str(path), size, "")], split_bytes or size + 1)
    parts = sorted((part for split in splits for part in split.ranges), key=lambda x: x.start)
    return [row for part in parts for row in read_pages(part, max_bytes)]


def ids_or_errors(pages: Sequence[Page]) -> list[int | str | None]:
    return [row.error or row.page_id for row in pages]


@pytest.mark.parametrize(
    ("name", "compress"),
    [
        ("xml", bytes),
        ("xml.gz", gzip.compress),
        ("xml.bz2", bz2.compress),
        ("xml.xz", lzma.compress),
        ("xml.zst", zstd.compress),
    ],
)
def test_the_columns(tmp_path: Path, name: str, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"dewiki.{name}"
    data = dump(2, "a &lt;b&gt; &amp;amp; ")
    path.write_bytes(compress(data.encode()))
    first, second = rows(path)
    assert first == Page(
        uri=str(path),
        offset=0 if name == "xml.bz2" else data.encode().index(b"<page>"),
        wiki="dewiki",
        language="de",
        base="https://de.wikipedia.org/wiki/Hauptseite",
        page_id=1,
        namespace=0,
        title="Größe 1",
        redirect=None,
        revision_id=1001,
        timestamp="2023-03-01T12:00:00Z",
        model="wikitext",
        format="text/x-wiki",
        text="a <b> &amp; ",
    )
    assert second.page_id == 2
    assert Page._fields == tuple(MEDIAWIKI_PAGES.names)


def test_redirects_and_revisions(tmp_path: Path) -> None:
    def revision(number: int, day: str) -> str:
        return (
            f"<revision><id>{number}</id><timestamp>{day}T00:00:00Z</timestamp>"
            f"<text>revision {number}</text></revision>"
        )

    path = tmp_path / "a.xml"
    path.write_text(
        HEAD
        + page(1, "#WEITERLEITUNG [[B]]", extra='<redirect title="B &amp; C" />')
        + "<page><title>x</title><id>2</id>"
        + revision(7, "2004-01-01")
        + revision(9, "2023-01-01")
        + revision(8, "2010-01-01")
        + "</page>"
        + '<page><id>3</id><revision><text deleted="deleted" /></revision></page>'
        + END,
        encoding="utf-8",
    )
    redirect, newest, deleted = rows(path)
    assert redirect.redirect == "B & C"
    assert (newest.revision_id, newest.text) == (9, "revision 9")
    assert (newest.namespace, newest.model) == (None, None)
    assert (deleted.page_id, deleted.text, deleted.error) == (3, None, None)


@given(
    count=st.integers(0, 7),
    pages_per_stream=st.integers(1, 3),
    split_bytes=st.integers(60, 3000),
)
@settings(max_examples=40)
def test_multistream_in_any_splits(
    tmp_path_factory: pytest.TempPathFactory, count: int, pages_per_stream: int, split_bytes: int
) -> None:
    path = tmp_path_factory.mktemp("dumps") / "a.xml.bz2"
    path.write_bytes(multistream(count, pages_per_stream))
    whole = rows(path)
    assert ids_or_errors(whole) == list(range(1, count + 1))
    assert rows(path, split_bytes) == whole


@given(size=st.integers(1, 400), split_bytes=st.integers(20, 2000))
@settings(max_examples=40)
def test_streams_cut_anywhere_in_any_splits(
    tmp_path_factory: pytest.TempPathFactory, size: int, split_bytes: int
) -> None:
    path = tmp_path_factory.mktemp("dumps") / "a.xml.bz2"
    data = dump(3).encode()
    start = data.index(b"<page>") - 10
    path.write_bytes(bz2.compress(data[:start]) + parallel(data[start:], max(size, 8)))
    whole = rows(path)
    assert ids_or_errors(whole) == [1, 2, 3]
    assert rows(path, max(split_bytes, path.stat().st_size // 40)) == whole


@given(split_bytes=st.integers(40, 2000), count=st.integers(0, 4))
@settings(max_examples=40)
def test_plain_xml_in_any_splits(
    tmp_path_factory: pytest.TempPathFactory, split_bytes: int, count: int
) -> None:
    path = tmp_path_factory.mktemp("dumps") / "a.xml"
    path.write_text(dump(count), encoding="utf-8")
    whole = rows(path)
    assert ids_or_errors(whole) == list(range(1, count + 1))
    assert rows(path, split_bytes) == whole
    data = path.read_bytes()
    assert all(data[row.offset :].startswith(b"<page>") for row in whole)


def test_a_multistream_dump_is_many_tasks_and_needs_no_index(tmp_path: Path) -> None:
    path = tmp_path / "dewiki-20230320-pages-articles-multistream.xml.bz2"
    path.write_bytes(multistream(30))
    size = path.stat().st_size
    splits = plan([ObjectInfo(str(path), size, "")], size // 8)
    tasks = [[row for part in split.ranges for row in read_pages(part)] for split in splits]
    assert len(splits) >= 8
    assert sum(bool(pages) for pages in tasks) >= 6  # the pages are in many tasks
    assert sorted(row.page_id or 0 for pages in tasks for row in pages) == list(range(1, 31))
    data = path.read_bytes()
    for row in (row for pages in tasks for row in pages):
        stream = bz2.BZ2Decompressor().decompress(data[row.offset :]).decode()
        assert f"<id>{row.page_id}</id>" in stream  # offsets are those of an index


def test_names_of_indexes() -> None:
    assert is_index("/d/enwiki-20230320-pages-articles-multistream-index.txt.bz2")
    assert is_index("/d/enwiki-20230320-pages-articles-multistream-index1.txt-p1p41242.bz2")
    assert not is_index("/d/enwiki-20230320-pages-articles-multistream1.xml-p1p41242.bz2")


@pytest.mark.parametrize(
    ("encoding", "mark", "declared"),
    [
        ("utf-8", b"\xef\xbb\xbf", None),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("utf-16-le", b"", "UTF-16LE"),
        ("utf-32-be", b"\0\0\xfe\xff", None),
        ("latin-1", b"", "ISO-8859-1"),
        ("cp1252", b"", "windows-1252"),
        ("cp037", b"", "cp037"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, mark: bytes, declared: str | None) -> None:
    path = tmp_path / "a.xml"
    start = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    path.write_bytes(mark + (start + dump(3, "é ü")).encode(encoding))
    whole = rows(path)
    assert [(row.title, row.text) for row in whole] == [
        (f"Größe {n}", "é ü" * n) for n in (1, 2, 3)
    ]
    assert rows(path, 700) == whole
    data = path.read_bytes()
    assert all(data[row.offset :].startswith("<page>".encode(encoding)) for row in whole)


def test_no_entity_is_replaced(tmp_path: Path) -> None:
    entities = '<!ENTITY a0 "lol">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    secret = tmp_path / "secret"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE mediawiki [{entities}<!ENTITY x SYSTEM "file://{secret}">]>\n'
    path = tmp_path / "a.xml"
    path.write_text(
        '<?xml version="1.0"?>\n'
        + doctype
        + HEAD
        + page(1, "&a11;")
        + page(2, "&x;")
        + page(3)
        + END
    )
    before = time.process_time()
    pages = rows(path)
    assert ids_or_errors(pages) == ["malformed-xml", "malformed-xml", 3]
    assert time.process_time() - before < 2
    assert "secret" not in str(pages)


def test_bad_pages_affect_no_other_page(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    large = page(4, "x" * 3_000_000)
    parts = [
        page(1),
        page(2, "<b>not closed"),
        page(3).replace("</page>", ""),
        large,
        page(5, "\ufffe"),
        page(6),
    ]
    path.write_text(HEAD + "".join(parts) + END, encoding="utf-8")
    pages = rows(path)
    errors = ["malformed-xml", "truncated-record", "record-too-large", "malformed-xml"]
    assert ids_or_errors(pages) == [1, *errors, 6]
    data = path.read_bytes()
    assert all(data[row.offset :].startswith(b"<page>") for row in pages)
    assert rows(path, 500_000) == pages


@pytest.mark.parametrize("split_bytes", [None, 300])
def test_cut_dumps_have_an_error(tmp_path: Path, split_bytes: int | None) -> None:
    path = tmp_path / "a.xml"
    data = dump(3)
    inside, between = data.rindex("</text>"), data.rindex("</page>") + len("</page>\n")
    path.write_text(data[:inside], encoding="utf-8")
    assert ids_or_errors(rows(path, split_bytes)) == [1, 2, "truncated-record"]
    path.write_text(data[:between], encoding="utf-8")
    assert ids_or_errors(rows(path, split_bytes)) == [1, 2, 3, "truncated-dump"]
    # the last byte ranges hold no tag of a page
    path.write_text(data[:between] + " " * 1000, encoding="utf-8")
    assert ids_or_errors(rows(path, split_bytes)) == [1, 2, 3, "truncated-dump"]
    path.write_text(data[:inside] + "x" * 1000, encoding="utf-8")
    assert ids_or_errors(rows(path, split_bytes)) == [1, 2, "truncated-record"]
    path = tmp_path / "a.xml.bz2"
    whole = multistream(7)
    path.write_bytes(whole[: whole.rindex(b"BZh") - 30])  # within the last stream of pages
    assert ids_or_errors(rows(path, split_bytes)) == [1, 2, 3, 4, 5, 6, "truncated-bzip2"]
    path.write_bytes(whole[: whole.rindex(b"BZh")])
    assert ids_or_errors(rows(path, split_bytes)) == [1, 2, 3, 4, 5, 6, 7, "truncated-dump"]


@pytest.mark.parametrize("split_bytes", [None, 150, 400])
def test_a_damaged_stream_loses_only_its_pages(tmp_path: Path, split_bytes: int | None) -> None:
    path = tmp_path / "a.xml.bz2"
    data = bytearray(multistream(9))
    starts = [start for start in range(len(data)) if data.startswith(b"BZh91AY&SY", start)]
    data[starts[2] + 60] ^= 255  # pages 4 to 6
    path.write_bytes(data)
    pages = rows(path, split_bytes)
    assert ids_or_errors(pages) == [1, 2, 3, "corrupt-bzip2", 7, 8, 9]
    assert pages[3].offset == starts[2]


@pytest.mark.parametrize("name", ["gz", "xz", "zst"])
def test_other_compressions_cut(tmp_path: Path, name: str) -> None:
    compress: Any = {"gz": gzip.compress, "xz": lzma.compress, "zst": zstd.compress}[name]
    path = tmp_path / f"a.xml.{name}"
    first, last = HEAD + page(1), page(2) + END
    path.write_bytes((compress(first.encode()) + compress(last.encode()))[:-30])
    pages = rows(path)
    assert ids_or_errors(pages)[0] == 1
    assert str(pages[-1].error).startswith("truncated-")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "empty-object"),
        (b"plain text", "not-mediawiki"),
        (b"<html></html>" * 100, "not-mediawiki"),
        (b'<?xml version="1.0" encoding="no-such"?><mediawiki></mediawiki>', "unknown-encoding"),
        (b"BZh91AY&SY" + b"x" * 200, "corrupt-bzip2"),
    ],
)
@pytest.mark.parametrize("split_bytes", [None, 40])
def test_an_object_that_is_no_dump_is_one_row(
    tmp_path: Path, data: bytes, error: str, split_bytes: int | None
) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(data)
    assert ids_or_errors(rows(path, split_bytes)) == [error]


def test_a_missing_dump_is_an_error() -> None:
    [row] = read_pages(ByteRange("/no/such/dump.xml", 10, 0, 10))
    assert row.error == "storage-error"


def test_time_is_linear_in_hostile_pages(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        path = tmp_path / "a.xml"
        path.write_text(HEAD + "<page><page " * count + "</page" * count, encoding="utf-8")
        before = time.process_time()
        list(read_pages(whole_file(path), 1 << 16))
        return time.process_time() - before

    assert seconds(40_000) < 4 * seconds(20_000) + 1


def test_real_exports(shared_data: Path) -> None:
    folder = shared_data / "mediawiki"
    path = folder / "enwiki-pages-articles1-shortened.xml.bz2"
    pages = rows(path)
    assert len(pages) == 206
    assert sum(row.redirect is not None for row in pages) == 100
    assert {row.error for row in pages} == {None}
    assert rows(path, 400_000) == pages
    small = rows(folder / "mwxml-dump.xml")
    assert [(row.page_id, row.revision_id, row.namespace) for row in small] == [
        (1, 2, 0),
        (2, 3, 1),
    ]


def test_through_spark(spark: Any, tmp_path: Path) -> None:
    register(spark)
    (tmp_path / "a-multistream.xml.bz2").write_bytes(multistream(20))
    (tmp_path / "a-multistream-index.txt.bz2").write_bytes(bz2.compress(b"0:1:x\n"))
    (tmp_path / "b.xml").write_text(dump(2), encoding="utf-8")
    pages = spark.read.format("mediawiki").option("split_bytes", 500).load(str(tmp_path))
    assert pages.schema == MEDIAWIKI_PAGES
    ids = [row.page_id for row in pages.collect()]
    assert sorted(ids) == sorted([*range(1, 21), 1, 2])
