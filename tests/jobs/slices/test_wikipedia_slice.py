"""Articles of MediaWiki dumps: each page has one outcome, each article one name."""

from __future__ import annotations

import bz2
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from slices import kept, outcome_rows, rejected, whole_file

from jobs import storage
from jobs.sample.dumps import wikipedia
from jobs.slices.outcome_batches import Document
from jobs.slices.wikipedia import SLICE, article_url, license_of
from jobs.slices.wikipedia_names import edition, language
from jobs.storage import ObjectInfo
from schemas.settings.ingest import WikipediaConfig
from schemas.tables.documents import DOCUMENTS
from udfs.digest import sha1_digest
from udfs.extract.sandbox import Helper

HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10" xml:lang="{1}">
  <siteinfo><dbname>{0}</dbname><base>https://{1}.wikipedia.org/wiki/Main_Page</base>
  <namespaces><namespace key="6" case="first-letter">Pilt</namespace></namespaces></siteinfo>
"""
END = "</mediawiki>\n"


def page(number: int, text: str, *, title: str = "", ns: int | None = 0, more: str = "") -> str:
    namespace = "" if ns is None else f"<ns>{ns}</ns>"
    return (
        f"<page><title>{title or f'Title {number}'}</title>{namespace}<id>{number}</id>{more}"
        f"<revision><id>9{number}</id><timestamp>2023-03-19T01:02:03Z</timestamp>"
        f"<model>wikitext</model><text>{text}</text></revision></page>\n"
    )


def write(folder: Path, name: str, *pages: str, wiki: str = "enwiki", code: str = "en") -> Path:
    path = folder / name
    data = [HEAD.format(wiki, code), *pages, END]
    if name.endswith(".bz2"):
        path.write_bytes(b"".join(bz2.compress(part.encode()) for part in data))
    else:
        path.write_text("".join(data), encoding="utf-8")
    return path


def run(*paths: Path, **settings: Any) -> list[Any]:
    return outcome_rows(SLICE, *paths, snapshot="20230320", **settings)


def test_an_article_becomes_a_document(tmp_path: Path) -> None:
    name = "enwiki-20230320-pages-articles-multistream.xml.bz2"
    article = page(12, "'''A''' [[b|c]].[[Pilt:x.png|d]]", title="What's a/b: c?")
    path = write(tmp_path, name, page(1, "x"), article)
    [_, row] = run(path)
    offset = len(bz2.compress(HEAD.format("enwiki", "en").encode()))
    assert {name: row[name] for name in DOCUMENTS.names} == {
        "id": "wikipedia/en/12",
        "snapshot": "20230320",
        "text": "A c.",
        "url": "https://en.wikipedia.org/wiki/What%27s_a/b:_c%3F",
        "title": "What's a/b: c?",
        "date": "2023-03-19T01:02:03Z",
        "digest": sha1_digest(b"A c."),
        "source": {"uri": str(path), "offset": offset + len(bz2.compress(page(1, "x").encode()))},
        "license": "CC-BY-SA-3.0",
        "metadata": [
            ("language", "en"),
            ("page_id", "12"),
            ("revision_id", "912"),
            ("wiki", "enwiki"),
        ],
        "length": 4,
        "nlines": 1,
        "source_domain": "en.wikipedia.org",
        "cc_segment": None,
        "messages": None,
        "slice": "wikipedia",
    }


def test_every_page_has_one_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = Helper("udfs.extract.wikitext:extract_in_process", cpu_seconds=0.5)
    monkeypatch.setattr("udfs.extract.wikitext._HELPER", helper)
    pages = [
        page(1, "Text."),
        page(2, "#REDIRECT [[A]]", more='<redirect title="A" />'),
        page(3, "#Weiterleitung [[A]]"),
        page(4, "Template", ns=10),
        page(5, "Talk", ns=1),
        page(6, "Talk", ns=1),
        page(7, "Pilt", ns=None, title="Pilt:a.png"),
        page(8, "Old export.", ns=None, title="Star Wars: a film"),
        page(9, ".a {}").replace("wikitext", "css"),
        page(10, " \n"),
        page(11, "{{only|a template}}"),
        page(12, "&broken;"),
        page(13, "x" * 70_000),
        page(14, "No id.").replace("<id>14</id>", ""),
        page(15, "&lt;b a=&quot;" * 4000),
        page(16, "Cut")[:-20],
    ]
    path = tmp_path / "dump.xml"
    path.write_text(HEAD.format("enwiki", "en") + "".join(pages), encoding="utf-8")
    rows = run(path, max_record_bytes=65536, split_bytes=5000)
    assert [row["id"] for row in kept(rows)] == ["wikipedia/en/1", "wikipedia/en/8"]
    assert rejected(rows) == {
        "counted redirect": 2,
        "counted namespace-10": 1,
        "counted namespace-1": 2,
        "counted namespace-6": 1,
        "counted model-css": 1,
        "counted empty": 2,
        "quarantine malformed-xml": 1,
        "quarantine record-too-large": 1,
        "quarantine no-page-id": 1,
        "quarantine extraction-timeout": 1,
        "quarantine truncated-record": 1,
    }


def test_which_dumps_are_read(tmp_path: Path) -> None:
    names = {
        "enwiki-20230320-pages-articles-multistream.xml.bz2": "read",
        "enwiki-20230320-pages-articles-multistream-index.txt.bz2": "multistream-index",
        "simplewiki-20230320-pages-articles.xml.bz2": "edition",
        "zh_min_nanwiki-latest-pages-articles.xml.bz2": "edition",
        "enwiktionary-20230320-pages-articles.xml.bz2": "edition",
        "dewiki-latest-pages-articles.xml.bz2": "read",
        "export.xml": "read",
    }
    objects = [ObjectInfo(f"/d/enwiki-20230320-x/{name}", 1, "") for name in names]
    config = WikipediaConfig(root="", languages=("en", "de"))
    found, others = SLICE.chosen(objects, config)
    reasons = {info.uri.rpartition("/")[2]: "read" for info in found}
    reasons |= {uri.rpartition("/")[2]: reason for reason, uris in others.items() for uri in uris}
    assert reasons == names
    assert SLICE.snapshot(objects[0].uri) == "20230320"
    assert SLICE.snapshot("/d/enwiki-latest-pages-articles.xml.bz2") is None
    other = WikipediaConfig(root="", languages=("zh-min-nan",))
    assert [info.uri for info in SLICE.chosen(objects[:-1], other)[0]] == [objects[3].uri]


def test_an_edition_that_only_the_dump_names(tmp_path: Path) -> None:
    path = write(tmp_path, "a.xml", page(1, "Text."), page(2, "Text."), wiki="etwiki", code="et")
    assert rejected(run(path)) == {"counted edition-et": 2}
    [row, _] = kept(run(path, languages=("et",)))
    assert row["id"] == "wikipedia/et/1"


def test_names_of_editions_and_languages() -> None:
    assert [edition(wiki) for wiki in ("simplewiki", "zh_min_nanwiki", "enwiktionary")] == [
        *("simple", "zh-min-nan", "enwiktionary")
    ]
    assert [language(code) for code in ("simple", "zh-yue", "de")] == ["en", "yue", "de"]


@pytest.mark.parametrize(
    ("base", "title", "url"),
    [
        (
            "http://de.wikipedia.org/wiki/Wikipedia:Hauptseite",
            "Größe (Maß)",
            "https://de.wikipedia.org/wiki/Gr%C3%B6%C3%9Fe_(Ma%C3%9F)",
        ),
        ("https://a.org/w/Main", "AC/DC + 100%", "https://a.org/w/AC/DC_%2B_100%25"),
        ("https://a.org/wiki/Main", "~a@b;c,d!e*f$", "https://a.org/wiki/~a@b;c,d!e*f$"),
        (None, "A", None),
        ("nonsense", "A", None),
    ],
)
def test_urls_as_mediawiki_writes_them(base: str | None, title: str, url: str | None) -> None:
    assert article_url(base, title) == url


def test_licenses() -> None:
    base = "https://en.wikipedia.org/wiki/Main_Page"
    assert license_of(base, "20230320", "2023-03-01T00:00:00Z") == "CC-BY-SA-3.0"
    assert license_of(base, "20230701", "2003-03-01T00:00:00Z") == "CC-BY-SA-4.0"
    assert license_of(base, None, "2024-03-01T00:00:00Z") == "CC-BY-SA-4.0"
    assert license_of("https://example.org/wiki/Main", "20230701", None) is None


def test_all_real_pages_have_one_outcome(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("udfs.extract.wikitext.extract", lambda text, names: text)
    path = shared_data / "mediawiki" / "enwiki-pages-articles1-shortened.xml.bz2"
    rows = run(path)
    assert len(kept(rows)) == len({row["id"] for row in kept(rows)}) == 106
    assert rejected(rows) == {"counted redirect": 99, "counted namespace-4": 1}


def test_real_articles(shared_data: Path) -> None:
    path = shared_data / "mediawiki" / "enwiki-pages-articles1-shortened.xml.bz2"
    config = WikipediaConfig(root="")
    found = (
        outcome
        for outcome in SLICE.outcomes(whole_file(path), config)
        if isinstance(outcome, Document)
    )
    articles = {str(article.title): article for article in islice(found, 20)}
    found.close()
    text = articles["Anarchism"].text
    assert text.startswith("Anarchism is a political philosophy that advocates self-governed")
    assert articles["Anarchism"].url == "https://en.wikipedia.org/wiki/Anarchism"
    for title, article in articles.items():
        for mark in ("{{", "}}", "[[", "]]", "<ref", "()", "(;", "http://", "\n\n\n"):
            assert mark not in article.text, (title, mark)


def test_several_revisions(shared_data: Path) -> None:
    rows = run(shared_data / "mediawiki" / "mwxml-dump.xml")
    assert [(row["id"], row["text"]) for row in kept(rows)] == [
        ("wikipedia/en/1", "Revision 2 text")
    ]
    assert rejected(rows) == {"counted namespace-1": 1}


def test_the_sample(tmp_path: Path) -> None:
    planted = wikipedia.write(tmp_path, 0)
    rows = run(*tmp_path.glob("*wiki*"), split_bytes=6000)
    found = {row["id"]: row for row in kept(rows)}
    expected = {
        f"wikipedia/{record['record']}" for record in planted if record["outcome"] == "kept"
    }
    assert set(found) == expected
    counts = Counter(record["outcome"] for record in planted if record["outcome"] != "kept")
    assert {name.split()[1]: n for name, n in rejected(rows).items()} == counts
    for row in found.values():
        assert not any(mark in row["text"] for mark in ("[[", "{{", "|", "''", "()", "not closed"))
    again = tmp_path / "again"
    again.mkdir()
    wikipedia.write(again, 0)
    assert [path.read_bytes() for path in sorted(tmp_path.glob("*wiki*"))] == [
        path.read_bytes() for path in sorted(again.glob("*wiki*"))
    ]


def test_through_spark(spark: Any, tmp_path: Path) -> None:
    name = "enwiki-20230320-pages-articles-multistream.xml.bz2"
    pages = [page(n, f"Text {n}.") for n in range(1, 21)]
    path = write(tmp_path, name, *pages, page(21, "#redirect [[a]]"))
    config = WikipediaConfig(root="", split_bytes=1000)
    rows = SLICE.read(spark, storage.expand([str(path)]), config, "20230320").collect()
    assert sorted(row.text for row in rows if row.id) == sorted(f"Text {n}." for n in range(1, 21))
    assert [(row.reason, row.n) for row in rows if not row.id] == [("redirect", 1)]


def test_an_article_is_read_as_its_edition_writes_and_says_what_it_lacks(tmp_path: Path) -> None:
    article = page(
        1,
        "Né le {{date|11|11|1866}}, {{formatnum:3797}} {{inconnu|x=1}} m.\n{|\n|a||b\n|}\n"
        "== Voir aussi ==\n* [[C]]\n",
    )
    path = write(tmp_path, "frwiki-20230320-a.xml", article, wiki="frwiki", code="fr")
    [row] = run(path)
    assert row["text"] == "Né le 11 novembre 1866, 3 797 m."
    metadata = dict(row["metadata"])
    assert (metadata["unexpanded_templates"], metadata["dropped_tables"]) == ("1", "1")
    [row] = run(path, tables="rows", keep_sections=True)
    assert row["text"].endswith("m.\n\na\tb\n\nVoir aussi\n\n• C")
    assert "dropped_tables" not in dict(row["metadata"])
