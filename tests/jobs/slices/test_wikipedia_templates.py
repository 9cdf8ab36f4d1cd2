"""Templates that a dump holds itself: kept by a first pass, expanded in its articles."""

from __future__ import annotations

import bz2
import gzip
import json
import time
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs import storage
from jobs.slices import wikipedia_templates
from jobs.slices.wikipedia import SLICE
from schemas.settings.ingest import WikipediaConfig
from udfs.extract.wiki_templates.source import template_body, usable
from udfs.extract.wikitext import Options, close, extract_in_process, read

HEAD = """<mediawiki xml:lang="fr"><siteinfo><dbname>frwiki</dbname>
  <base>https://fr.wikipedia.org/wiki/Accueil</base></siteinfo>
"""


def page(number: int, title: str, text: str, ns: int = 0, more: str = "") -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<page><title>{title}</title><ns>{ns}</ns><id>{number}</id>{more}"
        f"<revision><id>9{number}</id><timestamp>2023-03-19T01:02:03Z</timestamp>"
        f"<model>wikitext</model><text>{text}</text></revision></page>\n"
    )


PAGES = [
    page(
        1,
        "Article",
        "A {{Salutation|toi|ton=grave}}, {{salut|moi}}; {{Boite|x}} vit.{{Précision}}\n\n{{Bandeau}}\n",
    ),
    page(
        2,
        "Modèle:Salutation",
        "<noinclude>{{doc}}</noinclude>{{#if:{{{1|}}}|bonjour ''{{{1}}}''|rien}}"
        "{{#switch:{{{ton|}}}|grave=\u00a0!|#default=.}}<!-- x -->",
        10,
    ),
    page(3, "Modèle:Salut", "x", 10, '<redirect title="Modèle:Salutation" />'),
    page(4, "Modèle:Boite", "{| class=a\n| {{{1}}}\n|}", 10),
    page(5, "Modèle:Bandeau", "<div>Cet article est court.</div>", 10),
    page(6, "Modèle:Précision", '<sup class="noprint">[préciser]</sup>', 10),
    page(7, "Modèle:Cut", "x", 10)[:-20],
]


def test_a_first_pass_keeps_the_templates_that_articles_use(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = tmp_path / "frwiki-20230320-pages-articles.xml.bz2"
    dump.write_bytes(b"".join(bz2.compress(part.encode()) for part in (HEAD, *PAGES)))
    root = str(tmp_path / "root")
    config = WikipediaConfig(root=root, input=(str(dump),))
    objects = storage.expand(config.input)
    rows = SLICE.read(spark, objects, config, "20230320").collect()
    [row] = [row for row in rows if row.outcome == "kept"]
    assert row.text == "A bonjour toi !, bonjour moi.; vit."
    assert "unexpanded_templates" not in dict(row.metadata)
    kept = tmp_path / "root" / "templates" / "wikipedia" / "20230320" / "frwiki.json.gz"
    bodies = json.loads(gzip.decompress(kept.read_bytes()))
    assert set(bodies) == {"salutation", "salut", "boite", "bandeau", "précision"}
    assert bodies["salut"] == bodies["salutation"]
    # a further dump of the snapshot adds to them; Spark reads it, as it reads large ones
    monkeypatch.setattr(wikipedia_templates, "READ_BYTES", 0)
    more = tmp_path / "frwiki-20230320-pages-articles2.xml"
    more.write_text(HEAD + page(8, "Modèle:Autre", "autre", 10), encoding="utf-8")
    wikipedia_templates.keep(spark, config, "20230320", storage.expand([str(more)]))
    assert set(json.loads(gzip.decompress(kept.read_bytes()))) == {*bodies, "autre"}


def text_with(tmp_path: Path, source: str, **bodies: str) -> tuple[str, int]:
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json.gz"
    path.write_bytes(gzip.compress(json.dumps(bodies).encode()))
    options = json.dumps({"edition": "en", "templates": str(path)})
    counts, text = extract_in_process(f"{options}\n{source}")
    return text, json.loads(counts)["unexpanded_templates"]


def test_own_templates_are_expanded(tmp_path: Path) -> None:
    nested = {"a": "{{b|{{{1}}}|n=2}}", "b": "<b>{{{1}}}</b> {{{n|}}}{{{m|3}}}"}
    assert text_with(tmp_path, "x {{a|y}} z", **nested) == ("x y 23 z", 0)
    assert text_with(tmp_path, "* {{a|y}}\n\n{{a|y}}", **nested) == ("• y 23", 0)
    lost = {"c": "{{unknown one}} {{{1}}}"}
    assert text_with(tmp_path, "x {{c|y}} z", **lost) == ("x y z", 1)
    quotation = {"d": "<blockquote>{{{1}}}</blockquote>"}
    assert text_with(tmp_path, "x\n\n{{d|y}}", **quotation) == ("x\n\ny", 0)
    # what the tables compute stays theirs
    own = {"convert": "wrong", "cn": "wrong", "nowrap": "wrong"}
    assert text_with(tmp_path, "x {{convert|5|km|mi}}{{cn}} {{nowrap|y}}", **own) == (
        "x 5 kilometres y",
        0,
    )


@pytest.mark.parametrize(
    "bodies",
    [
        {"a": "{{a}}{{a}}"},
        {"a": "{{b}}{{b}}", "b": "{{a}}{{a}}"},
        {f"a{n}" if n else "a": f"{{{{a{n + 1}}}}}" * 2 for n in range(40)},
        {f"a{n}" if n else "a": f"{{{{a{n + 1}|{{{{{{1}}}}}}{{{{{{1}}}}}}}}}}" for n in range(28)}
        | {"a28": "{{{1}}}"},
        {"a": "{{#if:x|" * 200},
    ],
)
def test_hostile_templates_stay_within_limits(tmp_path: Path, bodies: dict[str, str]) -> None:
    started = time.process_time()
    text, lost = text_with(tmp_path, "x {{a|" + "y" * 100 + "}} z", **bodies)
    assert time.process_time() - started < 8
    assert text.startswith("x")
    assert len(text) < 300_000
    assert lost or "y" in text or text == "x z"


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("a<noinclude>b</noinclude>", "a"),
        ("a<noinclude>b", "a"),
        ("<includeonly>a</includeonly><!-- b -->", "a"),
        ("x<onlyinclude>a</onlyinclude>y<onlyinclude>b</onlyinclude>", "ab"),
        ("{{Infobox x}}", ""),
        ("{{#invoke:x|y}}", None),
        ("a" * 5000, ""),
        ("<span class='noprint'>x</span>", ""),
    ],
)
def test_the_body_of_a_template(source: str, body: str | None) -> None:
    assert template_body(source) == body


def test_redirects_are_followed_and_circles_left_out() -> None:
    bodies = {
        "a": "#redirect b",
        "b": "#redirect c",
        "c": "x",
        "d": "#redirect e",
        "e": "#redirect d",
    }
    assert usable(bodies) == {"a": "x", "b": "x", "c": "x"}


def test_a_missing_file_of_templates_is_no_text(tmp_path: Path) -> None:
    with wikipedia_templates.local_file(str(tmp_path), "s", "frwiki") as path:
        assert path is None
    assert read("a {{b}}", Options(templates=None)).text == "a"
    close()
