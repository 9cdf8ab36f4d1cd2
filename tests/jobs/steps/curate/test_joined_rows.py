"""Rows of corpus/ are the same whether Spark joins them or a task looks them up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from rows import context, document, fill

from jobs import cli
from jobs.steps.curate import joined_rows
from jobs.tables.runs import Record
from schemas.settings.curate import CurateConfig
from schemas.tables.corpus import CORPUS
from udfs.tokens.tokenizer import load_tokenizer

EVIDENCE = [{"evaluation": "quiz", "item": item, "ngram": "a b c"} for item in ("7", "12")]


def annotated(name: str, **others: Any) -> dict[str, Any]:
    """Return a row whose number of tokens no tokenizer would count."""
    row = document(name, f"text of {name}", bucket="head", language="en", token_count=1000)
    return row | {"tokenizer": load_tokenizer().version, "metadata": {"a": "b"}, **others}


ROWS = [
    annotated("plain", date="2099-01-01T00:00:00Z", source={"uri": "b.warc.gz", "offset": 7}),
    annotated("survivor", date="2099-01-02T00:00:00Z"),
    annotated("duplicate"),
    annotated("contaminated", bucket="tail", quality_signals={"rps_doc_word_count": 3}),
    annotated("contaminated-survivor", source={"uri": "b.warc.gz", "offset": 9}),
    annotated("contaminated-duplicate"),
    annotated("code", slice="github", id="github/x", license="MIT", user_signals={"mine": 0.5}),
]


@pytest.fixture(scope="module")
def root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("joined")
    inputs = [{"annotated": "first"}]
    fill(spark, folder, "annotated", ROWS, partitions=2)
    dropped = [
        {"id": f"common_crawl/{name}", "survivor_id": "x", "kind": "near"}
        for name in ("duplicate", "contaminated-duplicate")
    ]
    elsewhere = {"id": "common_crawl/plain", "survivor_id": "x", "kind": "exact", "root": "/older"}
    fill(spark, folder, "duplicates", [*dropped, elsewhere], inputs=inputs)
    copies = [
        {
            **{"id": f"common_crawl/{name}", "exact": 0, "near": 1, "slices": ["books", "c4"]},
            **{"first_date": "2098-01-01T00:00:00Z", "last_date": None},
        }
        for name in ("survivor", "contaminated-survivor")
    ]
    fill(spark, folder, "copies", copies, inputs=inputs)
    evidence = [
        {"id": f"common_crawl/{name}", **item}
        for name in ("contaminated", "contaminated-survivor", "contaminated-duplicate")
        for item in EVIDENCE
    ]
    fill(spark, folder, "contamination", evidence, inputs=inputs)
    return folder


@pytest.mark.parametrize("contaminated", ["mark", "drop", "ignore"])
def test_both_ways_make_the_same_rows(
    spark: SparkSession, root: Path, contaminated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = context(spark, root)
    config = CurateConfig(root=str(root), contaminated=contaminated, overwrite=True)

    def curated() -> tuple[list[Any], Record]:
        record: Record = cli.run("curate", config, given)
        rows = given.table("corpus").read().orderBy("id").collect()
        return [tuple(row[name] for name in CORPUS.names) for row in rows], record

    joined, record = curated()
    monkeypatch.setattr(joined_rows, "MOST_NOTES", 0)
    looked_up, same = curated()
    assert joined == looked_up
    assert {row[CORPUS.names.index("token_count")] for row in joined} == {1000}
    assert len(joined) == record.rows_out == {"mark": 5, "drop": 3, "ignore": 5}[contaminated]
    for name in ("reasons", "details", "characters_out", "tokens_out"):
        assert getattr(record, name) == getattr(same, name), name
    assert record.tokens_in == len(ROWS) * 1000
