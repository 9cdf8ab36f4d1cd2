"""Every job reads the root that version 0.1 wrote, and goes on from it."""

from __future__ import annotations

import io
import json
import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from earlier_root import STORED, put_inputs, redpajama, stored_rows, unpack_root
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs import cli, tables, trace
from jobs.runtime.context import Context
from jobs.slices.raw.record import RawRecord
from jobs.steps.trace import archive
from jobs.steps.trace.stage import IN
from jobs.tables import manifest, runs
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.common import JobConfig
from schemas.settings.curate import CurateConfig
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.ingest import PRETRAINING
from schemas.settings.mix import MixConfig
from schemas.settings.paragraphs import ParagraphsConfig
from schemas.settings.trace import TraceConfig

ROWS = {
    "documents": 21,
    "paragraphs": 7,
    "annotated": 21,
    "duplicates": 3,
    "copies": 5,
    "contamination": 1,
    "corpus": 18,
    "mixture": 13,
    "quarantine": 3,
    "takedowns": 3,
}
TAKEN_DOWN = "wikipedia/en/13"
SETTINGS: Mapping[str, tuple[str, type[JobConfig]]] = {
    "paragraphs": ("paragraphs", ParagraphsConfig),
    "annotate": ("annotated", AnnotateConfig),
    "dedup": ("duplicates", DedupConfig),
    "decontaminate": ("contamination", DecontaminateConfig),
    "curate": ("corpus", CurateConfig),
    "mix": ("mixture", MixConfig),
}
"""By job the table that it makes, in the order of a run, and its settings."""


@pytest.fixture(scope="module")
def inputs() -> Path:
    return put_inputs()


@pytest.fixture(scope="module")
def root(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A copy of the root that no test changes but by files of its own."""
    return unpack_root(tmp_path_factory.mktemp("earlier"))


def recorded(root: str, job: str) -> Any:
    """The settings that the current version of a job's table was made with."""
    name, kind = SETTINGS[job]
    made = manifest.current(root, name)
    assert made is not None
    return runs.load(root, made.made_by).settings(kind, root=root)


def test_its_tables_are_read(spark: SparkSession, root: str) -> None:
    counted = reduce(
        DataFrame.union,
        (tables.read(spark, root, name).select(F.lit(name).alias("name")) for name in STORED),
    )
    assert {row[0]: row[1] for row in counted.groupBy("name").count().collect()} == ROWS


@pytest.mark.parametrize("name", STORED)
def test_path_names_its_folders(root: str, name: str) -> None:
    _, printed = redpajama(None, root, f"path {name}")
    folders = [Path(line) for line in printed.splitlines()]
    assert folders
    assert all(folder.exists() for folder in folders)


@pytest.mark.parametrize("job", SETTINGS)
def test_the_recorded_settings_are_unchanged_ones(root: str, job: str) -> None:
    context = Context(root, out=io.StringIO())
    record = cli.run(job, recorded(root, job), context)
    assert isinstance(context.out, io.StringIO)
    assert f"{job}: nothing has changed since" in context.out.getvalue()
    assert record.job == job


def test_an_option_that_is_newer_makes_no_table_stale(root: str) -> None:
    settings = replace(recorded(root, "annotate"), simhash_letters="base")
    context = Context(root, out=io.StringIO())
    cli.run("annotate", settings, context)
    assert isinstance(context.out, io.StringIO)
    assert "annotate: nothing has changed since" in context.out.getvalue()


@pytest.mark.parametrize("slice_", PRETRAINING)
def test_the_ingested_inputs_are_known(root: str, inputs: Path, slice_: str) -> None:
    ingested = [run for run in runs.all_records(root) if run.details.get("what", [""])[0] == slice_]
    patterns = " ".join(map(shlex.quote, ingested[0].config["input"]))
    _, printed = redpajama(None, root, f"ingest {slice_} --input {patterns}")
    assert printed.count("inputs are in documents/ already") == len(ingested) > 0


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("", "extractor resiliparse, now main"),
        (
            "--extractor body --min-length 9",
            "min_length 300, now 9; extractor resiliparse, now body",
        ),
        ("--extractor resiliparse", ""),
    ],
)
def test_inputs_that_were_ingested_with_other_settings_are_named(
    root: str, inputs: Path, line: str, note: str
) -> None:
    _, printed = redpajama(None, root, f"ingest common_crawl --input {inputs}/crawl-data {line}")
    assert printed.count("read with other settings: 1 ") == (2 if note else 0)
    assert printed.count(f"({note}); their documents are unchanged, --replace") == (
        2 if note else 0
    )


def test_trace(spark: SparkSession, root: str) -> None:
    of_slices = {row["slice"]: row["id"] for row in stored_rows(root, "mixture")}
    assert set(of_slices) == set(PRETRAINING)
    copy = stored_rows(root, "duplicates")[0]["id"]
    ids = (*of_slices.values(), copy, TAKEN_DOWN)
    context = Context(root, spark, out=io.StringIO())
    *traced, duplicate, down = trace.run(context, TraceConfig(root=root, id=ids))
    for document in (*traced, duplicate):
        assert isinstance(document.raw, RawRecord), document.raw
        assert document.archive[0] == archive.SAME
    for document in traced:
        outcomes = {stage.table: stage.outcome for stage in document.stages}
        assert {outcomes[name] for name in ("documents", "annotated", "corpus", "mixture")} == {IN}
    [corpus] = [stage for stage in duplicate.stages if stage.table == "corpus"]
    assert corpus.facts["reason"].startswith("duplicate:")
    assert [row["reason"] for row in down.taken_down] == ["asked"]


def test_report(spark: SparkSession, root: str) -> None:
    redpajama(spark, root, "report --sample 2")
    numbers = json.loads(Path(root, "report.json").read_text())
    assert numbers["contamination"]["contaminated"] == 1
    assert numbers["mixture"]["examples"] == ROWS["mixture"]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_export(spark: SparkSession, root: str, tmp_path: Path, form: str) -> None:
    record, _ = redpajama(spark, root, f"export --format {form} --output {tmp_path}/out")
    assert record.rows_out == ROWS["mixture"]


def test_explain(spark: SparkSession, root: str) -> None:
    row = next(row for row in stored_rows(root, "duplicates") if row["kind"] == "near")
    _, printed = redpajama(spark, root, f"dedup --explain {row['id']} {row['survivor_id']}")
    assert row["survivor_id"] in printed
    assert "Jaccard" in printed


def test_vacuum_finds_the_older_versions(root: str, tmp_path: Path) -> None:
    copy = unpack_root(tmp_path)
    removed, _ = redpajama(None, copy, "vacuum")
    tables_of = Counter(Path(uri).relative_to(copy).parts[0] for uri in removed)
    assert {"duplicates", "mixture"} <= set(tables_of)
    assert {name: len(stored_rows(copy, name)) for name in STORED} == ROWS


@pytest.fixture(scope="module")
def again(spark: SparkSession, inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The root after each job made its table again with the recorded settings."""
    root = unpack_root(tmp_path_factory.mktemp("again"))
    for job in SETTINGS:
        settings = replace(recorded(root, job), overwrite=True)
        cli.run(job, settings, Context(root, spark, out=io.StringIO()))
    return root


@pytest.mark.parametrize("name", [*(name for name, _ in SETTINGS.values()), "copies"])
def test_tables_made_again_have_the_same_rows(root: str, again: str, name: str) -> None:
    before, after = stored_rows(root, name), stored_rows(again, name)
    assert _sorted(after, before[0]) == _sorted(before, before[0])
    now, then = manifest.current(again, name), manifest.current(root, name)
    assert now is not None
    assert then is not None
    assert now.version != then.version


def _sorted(rows: list[dict[str, Any]], earlier: dict[str, Any]) -> list[str]:
    # what a version adds is no column of the earlier rows; `cluster_id` and the like are compared
    return sorted(json.dumps(_known(row, earlier), default=str) for row in rows)


def _known(row: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    """The columns that an earlier row has, and of `copies` in corpus/ its fields."""
    known = {column: row[column] for column in earlier}
    if isinstance(earlier.get("copies"), dict):
        known["copies"] = {field: row["copies"][field] for field in earlier["copies"]}
    return known


def test_curate_reads_the_earlier_copies(spark: SparkSession, root: str, tmp_path: Path) -> None:
    copy = unpack_root(tmp_path)
    settings = replace(recorded(copy, "curate"), overwrite=True)
    cli.run("curate", settings, Context(copy, spark, out=io.StringIO()))
    before, after = stored_rows(root, "corpus"), stored_rows(copy, "corpus")
    assert _sorted(after, before[0]) == _sorted(before, before[0])
    assert {row["copies"]["versions"] for row in after} == {None}


def test_a_takedown_and_an_ingest_on_top(spark: SparkSession, again: str, tmp_path: Path) -> None:
    survivor = stored_rows(again, "duplicates")[0]["survivor_id"]
    record, _ = redpajama(spark, again, f"takedown --id {survivor} --reason 'asked again'")
    assert record.details["removed"]["documents"] == 1
    assert len(stored_rows(again, "takedowns")) == ROWS["takedowns"] + 1
    file = tmp_path / "c4-train.00001-of-01024.json"
    page = {"text": "One more page, of a later day.", "url": "https://a.example/", "timestamp": ""}
    file.write_text(json.dumps(page) + "\n")
    redpajama(spark, again, f"ingest c4 --input {file}")
    assert len(stored_rows(again, "documents")) == ROWS["documents"]
    _, printed = redpajama(None, again, "vacuum")
    assert "removed" in printed


def test_it_is_deduplicated_against(spark: SparkSession, root: str, tmp_path: Path) -> None:
    copy = unpack_root(tmp_path)
    redpajama(spark, copy, f"dedup --against {root}")
    rows = stored_rows(copy, "duplicates")
    assert len({row["id"] for row in rows if row["root"] is None}) == ROWS["annotated"]
