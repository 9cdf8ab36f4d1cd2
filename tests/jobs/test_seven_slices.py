"""All seven slices of the sample from one file: one corpus, one mixture, and every record counted."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyspark.sql import SparkSession
from rows import collect

from jobs import manifest, run, sample, tables
from jobs.context import Context
from jobs.runs import Record
from jobs.sample import SampleInfo
from schemas.jobs import RunConfig
from schemas.slices import SLICES


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SampleInfo:
    return sample.make(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def done(
    spark: SparkSession, made: SampleInfo, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Record], str]:
    """A root made by one YAML file, the records of its runs, and the file."""
    folder = tmp_path_factory.mktemp("seven")
    inputs = {name: list(patterns) for name, patterns in made.inputs.items()}
    # of the web, what test_pipeline does not go through again
    inputs["common_crawl"] = [f"{made.archives}/crawl-data/CC-MAIN-2099-06/**/*.warc.gz"]
    said = {
        "root": str(folder / "root"),
        "ingest": [{"slice": name, "input": patterns} for name, patterns in inputs.items()],
        "paragraphs": {"group": "all"},
        "annotate": {"models": str(made.models)},
        "mix": {"tokens": 60_000, "shards": 2, "weights": [f"{name}=1" for name in SLICES]},
    }
    file = folder / "corpus.yaml"
    file.write_text(yaml.safe_dump(said))
    records = run.run(Context("", spark, out=io.StringIO()), RunConfig(config=str(file)))
    return folder / "root", records, str(file)


def test_the_sample_has_all_seven(made: SampleInfo) -> None:
    assert set(made.inputs) == set(SLICES)


def test_one_corpus_and_one_mixture(
    spark: SparkSession, done: tuple[Path, list[Record], str]
) -> None:
    root, records, _ = done
    for table in ("documents", "annotated", "corpus", "mixture"):
        found = {name for (name,) in collect(spark, root, table, "slice")}
        assert found == set(SLICES), table
    ids = [id_ for (id_,) in collect(spark, root, "documents", "id")]
    assert len(set(ids)) == len(ids)
    assert {id_.partition("/")[0] for id_ in ids} == set(SLICES)
    mixed = next(record for record in records if record.job == "mix")
    longest = {
        name: max(tokens for slice_, tokens in rows if slice_ == name)
        for rows in [collect(spark, root, "corpus", "slice", "token_count")]
        for name in SLICES
    }
    for stratum in mixed.details["strata"]:
        # within one document of its seventh
        assert abs(stratum["tokens"] - stratum["wanted"]) <= longest[stratum["stratum"]], stratum
        assert stratum["wanted"] == pytest.approx(60_000 / 7, abs=1)


def test_every_planted_record_became_what_was_planned(
    spark: SparkSession, made: SampleInfo, done: tuple[Path, list[Record], str]
) -> None:
    truth: dict[str, Any] = json.loads(made.truth.read_text(encoding="utf-8"))
    for record in done[1]:
        if record.job != "ingest" or record.details["what"][0] == "common_crawl":
            continue
        name = record.details["what"][0]
        expected = Counter(row["outcome"] for row in truth[name])
        kept = expected.pop("kept")
        assert record.rows_out == kept, name
        reasons = Counter({key.removeprefix("quarantine:"): n for key, n in record.reasons.items()})
        assert reasons == expected, name
        assert record.rows_in == kept + sum(expected.values())


def test_the_counts_add_up(spark: SparkSession, done: tuple[Path, list[Record], str]) -> None:
    root, records, _ = done
    documents = sum(record.rows_out for record in records if record.job == "ingest")
    assert tables.read(spark, str(root), "documents").count() == documents
    for record in records:
        record.check()
    curated = next(record for record in records if record.job == "curate")
    corpus = manifest.current(str(root), "corpus")
    assert corpus is not None
    assert curated.rows_out == corpus.rows
    dropped = sum(
        sum(record.reasons.values())
        for record in records
        if record.job in ("paragraphs", "annotate", "dedup")
    )
    assert documents == corpus.rows + dropped


def test_only_web_pages_have_buckets_and_lines_left(
    spark: SparkSession, done: tuple[Path, list[Record], str]
) -> None:
    rows = collect(spark, done[0], "annotated", "slice", "bucket", "line_ids", "language")
    for slice_, bucket, line_ids, language in rows:
        if slice_ == "common_crawl":
            assert line_ids is not None
        else:
            assert (bucket, line_ids) == ("all", None)
        assert (language is None) == (slice_ == "github")


def test_a_second_run_has_nothing_to_do(done: tuple[Path, list[Record], str]) -> None:
    again = run.run(Context("", out=io.StringIO()), RunConfig(config=done[2]))  # without Spark
    assert [record.run for record in again] == [record.run for record in done[1]]
