"""Ids that are met twice, and inputs that are not read."""

from __future__ import annotations

import bz2
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from rows import collect, context

from jobs import ingest
from schemas.errors import UserError
from schemas.settings.ingest import C4Config, WikipediaConfig

PAGE = """<page><title>{title}</title><ns>0</ns><id>{id}</id><revision><id>1</id>
<timestamp>2023-03-20T00:00:00Z</timestamp><model>wikitext</model><text>{text}</text></revision>
</page>"""
HEAD = """<mediawiki xml:lang="en"><siteinfo><dbname>enwiki</dbname>
<base>https://en.wikipedia.org/wiki/Main_Page</base></siteinfo>"""


def test_of_two_records_with_one_id_in_one_place_one_stays(
    spark: SparkSession, tmp_path: Path
) -> None:
    pages = [("One", 1, "The first."), ("Two", 2, "The second."), ("Again", 1, "Not the first.")]
    text = "".join(PAGE.format(title=title, id=id_, text=text) for title, id_, text in pages)
    dump = tmp_path / "enwiki-20230320-pages-articles.xml.bz2"
    dump.write_bytes(bz2.compress(f"{HEAD}{text}</mediawiki>".encode()))
    given = context(spark, tmp_path / "root")
    settings = WikipediaConfig(root=str(tmp_path / "root"), input=(str(dump),))
    [record] = ingest.run(given, settings)
    assert record.reasons == {"quarantine:duplicate-id": 1}
    assert record.rows_out == 2
    ids = collect(spark, tmp_path / "root", "documents", "id")
    assert ids == [("wikipedia/en/1",), ("wikipedia/en/2",)]
    # and the same once more, beside what is there
    again = tmp_path / "enwiki-20230401-pages-articles.xml.bz2"
    again.write_bytes(dump.read_bytes())
    [record] = ingest.run(given, WikipediaConfig(root=settings.root, input=(str(again),)))
    assert (record.rows_out, record.reasons) == (0, {"quarantine:duplicate-id": 3})


def test_inputs_of_another_kind_are_named(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "dewiki-20230320-pages-articles.xml").write_text(f"{HEAD}</mediawiki>")
    given = context(spark, tmp_path / "root")
    settings = WikipediaConfig(
        root=str(tmp_path / "root"), input=(str(tmp_path / "*.xml"),), languages=("en",)
    )
    with pytest.raises(UserError, match=r"no edition 'en' \(there are de\)"):
        ingest.run(given, settings)
    (tmp_path / "dewiki-20230320-pages-articles-multistream-index.txt.bz2").touch()
    index = WikipediaConfig(root=settings.root, input=(str(tmp_path / "*.bz2"),))
    with pytest.raises(UserError, match=r"reads none of the inputs \(multistream-index: /.*bz2\)"):
        ingest.run(given, index)


def test_nothing_to_ingest(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="give --input"):
        ingest.run(context(spark, tmp_path), C4Config(root=str(tmp_path)))
