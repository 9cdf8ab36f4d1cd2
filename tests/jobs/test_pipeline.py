"""The whole path on the embedded sample: the counts add up, what was planted is found."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from rows import collect, context, said

from jobs import cli, ingest, tables
from jobs.runtime.context import Context
from jobs.sample import SampleInfo
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.ingest import CommonCrawlConfig
from schemas.settings.mix import MixConfig
from schemas.settings.paragraphs import ParagraphsConfig
from schemas.tables import TABLES
from udfs.ccnet.normalizer import normalize_for_dedup
from udfs.tokens.tokenizer import load_tokenizer

TABLE_NAMES = ("documents", "paragraphs", "annotated", "duplicates", "corpus", "mixture")


@pytest.fixture(scope="module")
def done(
    spark: SparkSession, made: SampleInfo, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Record]]:
    """A root with every table, and the records of the runs."""
    root = tmp_path_factory.mktemp("root")
    return root, pipeline(spark, root, made.inputs["common_crawl"], made)


def pipeline(
    spark: SparkSession, root: Path, inputs: Any, made: SampleInfo, **more: Any
) -> list[Record]:
    given, at = context(spark, root), str(root)
    steps: list[tuple[str, Any]] = [
        ("ingest common_crawl", CommonCrawlConfig(root=at, input=tuple(inputs))),
        ("paragraphs", ParagraphsConfig(root=at, **more)),
        ("annotate", AnnotateConfig(root=at, models=str(made.models))),
        ("dedup", DedupConfig(root=at)),
        ("curate", CurateConfig(root=at)),
        ("mix", MixConfig(root=at, tokens=200_000, shards=3)),
    ]
    records: list[Record] = []
    for job, config in steps:
        found = cli.run(job, config, given)
        records += found if isinstance(found, list) else [found]
    return records


def total(records: list[Record], job: str, what: str) -> int:
    return sum(getattr(record, what) for record in records if record.job == job)


def test_the_counts_add_up_from_job_to_job(
    spark: SparkSession, done: tuple[Path, list[Record]]
) -> None:
    root, records = done
    rows = {name: Context(str(root)).table(name).required().rows for name in TABLE_NAMES}
    assert total(records, "ingest", "rows_out") == rows["documents"]
    assert total(records, "paragraphs", "rows_in") == rows["documents"]
    assert total(records, "paragraphs", "rows_out") == rows["paragraphs"]
    assert total(records, "annotate", "rows_in") == rows["paragraphs"]
    assert total(records, "annotate", "rows_out") == rows["annotated"]
    assert total(records, "dedup", "rows_in") == rows["annotated"]
    assert rows["annotated"] - rows["duplicates"] == rows["corpus"]
    for record in records:
        if record.job != "mix":
            assert record.rows_in == record.rows_out + sum(record.reasons.values())
    # and each document is in one place
    ids = Counter(row[0] for row in collect(spark, root, "corpus", "id"))
    ids.update(row[0] for row in collect(spark, root, "duplicates", "id"))
    assert set(ids.values()) == {1}
    assert sorted(ids) == sorted(row[0] for row in collect(spark, root, "annotated", "id"))


def test_every_capture_is_accounted_for(made: SampleInfo, done: tuple[Path, list[Record]]) -> None:
    truth = json.loads(made.truth.read_text())
    whole = [capture for capture in truth["captures"] if capture["readable"]]
    faults = [archive for archive in truth["archives"] if archive["damage"]]
    assert len(faults) == 3
    assert total(done[1], "ingest", "rows_in") == len(whole) + len(faults)


def test_ids_are_the_archives_own(
    spark: SparkSession, made: SampleInfo, done: tuple[Path, list[Record]]
) -> None:
    own: dict[str, dict[str, Any]] = {}
    for capture in json.loads(made.truth.read_text())["captures"]:
        if capture["record_id"]:  # of two with one id the first stays
            own.setdefault(
                "common_crawl/" + capture["record_id"].removeprefix("urn:uuid:"), capture
            )
    documents = collect(spark, done[0], "documents", "id", "url", "source", "snapshot")
    named = [row for row in documents if row[0] in own]
    assert len(named) > 0.9 * len(documents)
    for id_, url, source, snapshot in named:
        capture = own[id_]
        assert (url, source["offset"], snapshot) == (
            capture["url"],
            capture["offset"],
            capture["snapshot"],
        )
        assert source["uri"].endswith(capture["path"])


def test_lines_left_are_the_text_that_is_annotated(
    spark: SparkSession, done: tuple[Path, list[Record]]
) -> None:
    texts = dict(collect(spark, done[0], "documents", "id", "text"))
    left = dict(collect(spark, done[0], "paragraphs", "id", "line_ids"))
    by_archive: dict[str, Counter[str]] = {}
    columns = ("id", "text", "length", "nlines", "original_length", "source")
    for id_, text, length, nlines, original_length, source in collect(
        spark, done[0], "annotated", *columns
    ):
        lines = texts[id_].split("\n")
        assert text == "\n".join(lines[i] for i in left[id_])
        assert (length, nlines) == (len(text), len(left[id_]))
        assert original_length == len(texts[id_])
        seen = by_archive.setdefault(source["uri"], Counter())
        seen.update(set(map(normalize_for_dedup, text.split("\n"))))
    assert max(n for seen in by_archive.values() for n in seen.values()) == 1


def test_buckets_follow_models_and_languages(
    spark: SparkSession, done: tuple[Path, list[Record]]
) -> None:
    rows = collect(spark, done[0], "annotated", "language", "bucket", "perplexity")
    assert {language for language, _, _ in rows} >= {"de", "en", "es", "fr", "it"}
    for language, bucket, perplexity in rows:
        if language in ("de", "en", "es", "fr", "it"):
            assert bucket in ("head", "middle", "tail")
            assert perplexity > 0
        else:
            assert (bucket, perplexity) == ("all", None)
    assert {bucket for _, bucket, _ in rows} >= {"head", "middle", "tail"}


def shingles(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


def test_planted_duplicates_are_found_and_nothing_else(
    spark: SparkSession, made: SampleInfo, done: tuple[Path, list[Record]]
) -> None:
    rows = {
        row[0]: row
        for row in collect(spark, done[0], "annotated", "id", "url", "text", "digest", "source")
    }
    by_place = {(row[4]["uri"].rpartition("/")[2], row[1]): row for row in rows.values()}
    survivor_of = dict(collect(spark, done[0], "duplicates", "id", "survivor_id"))
    near = 0
    for pair in json.loads(made.truth.read_text())["pairs"]:
        places = [
            (capture["path"].rpartition("/")[2], capture["url"]) for capture in pair["captures"]
        ]
        if not all(place in by_place for place in places):
            continue  # paragraph dedup left nothing of one
        left, right = (by_place[place] for place in places)
        a, b = shingles(left[2]), shingles(right[2])
        jaccard = len(a & b) / len(a | b) if a | b else 0.0
        together = survivor_of.get(left[0], left[0]) == survivor_of.get(right[0], right[0])
        if left[3] == right[3] or jaccard > 0.95:
            assert together, (left[:2], right[:2], jaccard)
        near += pair["kind"] == "near" and together
    assert near >= 10
    for id_, survivor in survivor_of.items():
        a, b = shingles(rows[id_][2]), shingles(rows[survivor][2])
        same_payload = rows[id_][3] == rows[survivor][3]
        assert same_payload or len(a & b) / len(a | b) > 0.5, (id_, survivor)


def test_tokens_are_the_tokenizer_s(spark: SparkSession, done: tuple[Path, list[Record]]) -> None:
    tokenizer = load_tokenizer()
    rows = collect(spark, done[0], "corpus", "id", "text", "token_count")
    for _, text, tokens in rows[::20]:
        assert tokens == len(tokenizer.encode(text))
    sums = {record.job: record.tokens_out for record in done[1]}
    assert sums["curate"] == sum(tokens for _, _, tokens in rows)
    assert abs((sums["mix"] or 0) - 200_000) < 2_000


def test_corpus_files_are_few_and_sorted(
    spark: SparkSession, done: tuple[Path, list[Record]]
) -> None:
    found = Context(str(done[0])).table("corpus").required()
    folders = Counter(file.path.rpartition("/")[0] for file in found.files)
    assert set(folders.values()) == {1}
    for file in found.files:
        frame = spark.read.parquet(str(done[0] / "corpus" / file.path))
        ids = [row["id"] for row in frame.select("id").collect()]
        assert ids == sorted(ids)


def contents(spark: SparkSession, root: Path) -> dict[str, list[str]]:
    """Every row of every table, as text that compares."""
    return {
        name: sorted(
            json.dumps(row.asDict(recursive=True), default=str, sort_keys=True).replace(
                str(root), ""
            )
            for row in tables.read(spark, str(root), name).collect()
        )
        for name in sorted(set(TABLES) - {"takedowns", "passages", "contamination"})
    }


def test_partitions_and_the_order_of_files_change_nothing(
    spark: SparkSession,
    made: SampleInfo,
    done: tuple[Path, list[Record]],
    tmp_path: Path,
) -> None:
    before = {key: spark.conf.get(key) for key in ("spark.sql.shuffle.partitions",)}
    spark.conf.set("spark.sql.shuffle.partitions", "7")
    try:
        backwards = made.inputs["common_crawl"][::-1]
        pipeline(spark, tmp_path, backwards, made)
    finally:
        for key, value in before.items():
            spark.conf.set(key, str(value))
    assert contents(spark, tmp_path) == contents(spark, done[0])


def test_what_is_ingested_is_known(spark: SparkSession, made: SampleInfo, tmp_path: Path) -> None:
    archives = sorted((made.archives / "crawl-data").glob("CC-MAIN-2099-06/**/*.gz"))
    mine = [
        tmp_path / path.name for path in archives if path.suffix == ".gz" and "-0000" in path.name
    ]
    for path, copy in zip([p for p in archives if "-0000" in p.name], mine, strict=True):
        shutil.copy(path, copy)
    given, root = context(spark, tmp_path / "root"), str(tmp_path / "root")

    def add(*paths: Path, **more: Any) -> list[Record]:
        settings = CommonCrawlConfig(
            root=root, input=tuple(map(str, paths)), snapshot="mine", **more
        )
        return ingest.run(given, settings)

    (first,) = add(mine[0])
    (same,) = add(mine[0])
    earlier, second = add(mine[0], mine[1])
    assert same.run == earlier.run == first.run
    assert "in documents/ already" in said(given)
    found = Context(root).table("documents").required()
    assert [folder.run for folder in found.folders] == [first.run, second.run]
    assert found.rows == first.rows_out + second.rows_out

    # under another name the same records have the same ids
    again = tmp_path / f"copy-{mine[0].name}"
    shutil.copy(mine[0], again)
    (repeated,) = add(again)
    assert repeated.rows_out == 0
    assert repeated.reasons["quarantine:duplicate-id"] == first.rows_out
    duplicate = [
        row
        for row in collect(spark, root, "quarantine", "error", "uri")
        if row[0] == "duplicate-id"
    ]
    assert duplicate == [("duplicate-id", str(again))] * first.rows_out

    again.unlink()
    shutil.copy(mine[1], mine[0])
    with pytest.raises(UserError, match="has changed since it was ingested"):
        add(mine[0])
    (anew,) = add(mine[0], replace=True)
    found = Context(root).table("documents").required()
    assert [folder.run for folder in found.folders] == [anew.run]
    assert {ingested["uri"] for ingested in found.inputs} == {str(mine[0])}


def test_a_snapshot_is_read_from_a_bucket_like_common_crawl_s(
    spark: SparkSession, made: SampleInfo, done: tuple[Path, list[Record]], s3: Any, tmp_path: Path
) -> None:
    for path in made.archives.rglob("*.gz"):
        s3.put(str(path.relative_to(made.archives)), path.read_bytes())
    given = context(spark, tmp_path)
    for archive in ("warc", "wet"):
        settings = CommonCrawlConfig(
            root=str(tmp_path),
            snapshot="CC-MAIN-2099-06",
            archive=archive,
            base=s3.uri(),
        )
        ingest.run(given, settings)
    local = tables.read(spark, str(done[0]), "documents").where("snapshot = 'CC-MAIN-2099-06'")
    expected = sorted(tuple(row) for row in local.select("id", "text", "cc_segment").collect())
    assert collect(spark, tmp_path, "documents", "id", "text", "cc_segment") == expected

    with pytest.raises(UserError, match="no snapshot"):
        ingest.run(
            given,
            CommonCrawlConfig(root=str(tmp_path), snapshot="CC-MAIN-1999-01", base=s3.uri()),
        )
