"""Small roots with every table for the tests of takedowns."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from families import annotated, edited, prose, signed
from pyspark.sql import SparkSession
from rows import collect, context, fill

from jobs import cli, storage
from jobs.runtime.context import Context
from jobs.tables import manifest
from jobs.tables.runs import Record
from schemas.settings.curate import CurateConfig
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.mix import MixConfig
from schemas.settings.takedown import TakedownConfig

# a document that replaces one taken down must pass the rules as well
CURATED: dict[str, Any] = {"buckets": ("head", "middle"), "where": ("perplexity < 700",)}
SLICES = ("common_crawl", "c4", "wikipedia")
WRITES = ("write_bytes", "write_file", "remove_tree")
Rows = list[dict[str, Any]]


def families(seed: int, n: int) -> Rows:
    """Return rows of annotated/: originals with exact and near copies, and single documents."""
    choose = random.Random(seed)
    rows: Rows = []
    for family in range(n):
        words = prose(choose, 120)
        for copy in range(choose.choice((1, 1, 2, 3, 5))):
            edits = choose.choice((0, 0, 1, 2))
            text = " ".join(edited(choose, words, edits) if copy else words)
            site = f"{choose.choice(('www.', '', 'a.b.'))}site{family % 5}.example"
            rows.append(
                annotated(
                    f"{choose.random():.9f}/{family}-{copy}",
                    text,
                    slice=choose.choice(SLICES),
                    bucket=choose.choice(("head", "middle", "tail")),
                    perplexity=float(choose.randrange(100, 900)),
                    digest=f"sha1:{_base32(family, 0 if not edits else copy + 1)}",
                    url=f"https://{site}/{family}/{copy}/",
                    source_domain=site,
                    date=f"2099-01-{choose.randrange(1, 29):02}T00:00:00Z",
                    source={"uri": f"{choose.randrange(3)}.warc.gz", "offset": len(rows)},
                )
            )
    return signed(rows)


def _base32(family: int, copy: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return (letters[family // 32] + letters[family % 32] + letters[copy]).rjust(32, "A")


def grow(
    spark: SparkSession, root: Path, rows: Rows, evaluation: Path | None = None, **dedup: Any
) -> None:
    """Make the tables from documents/ to corpus/ from rows."""
    parts = len(SLICES)
    fill(spark, root, "documents", rows, partitions=parts)
    fill(spark, root, "annotated", rows, partitions=parts, inputs=[{"documents": "first"}])
    job_context = context(spark, root)
    cli.run("dedup", DedupConfig(root=str(root), **dedup), job_context)
    if evaluation is not None:
        cli.run("decontaminate", decontaminated(root, evaluation), job_context)
    cli.run("curate", CurateConfig(root=str(root), **CURATED), job_context)


def decontaminated(root: Path, evaluation: Path) -> DecontaminateConfig:
    """Return the settings of decontaminate: n-grams, since scores depend on all documents."""
    return DecontaminateConfig(root=str(root), evaluations=(str(evaluation),), match="ngram")


def mix(spark: SparkSession, root: Path) -> Record:
    """Run mix; return its record."""
    config = MixConfig(root=str(root), tokens=10_000, shards=2)
    record: Record = cli.run("mix", config, context(spark, root))
    return record


def take(spark: SparkSession, root: Path, **named: Any) -> tuple[Record, Context]:
    """Run takedown; return its record and its context."""
    job_context = context(spark, root)
    config = TakedownConfig(root=str(root), **{"reason": "asked", "yes": True, **named})
    record: Record = cli.run("takedown", config, job_context)
    return record, job_context


def contents(spark: SparkSession, root: Path) -> dict[str, list[str]]:
    """Return the rows of the tables made from documents/, to compare roots."""
    tables = ("documents", "annotated", "duplicates", "copies", "contamination", "corpus")
    published = [name for name in tables if manifest.current(str(root), name) is not None]
    return {name: list(map(str, collect(spark, root, name, "*"))) for name in published}


def everything(root: Path) -> str:
    """Return the content of all files under a root, of all versions, with Parquet decoded."""
    contents = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        try:
            contents.append(str(pq.ParquetFile(path).read().to_pydict()))
        except pa.ArrowInvalid:
            contents.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(contents)


class Killed(BaseException):
    """The process ends here."""


def killed_at(number: int) -> pytest.MonkeyPatch:
    """Patch storage so that the process ends before one of its changes."""
    changes = itertools.count()
    patch = pytest.MonkeyPatch()

    def changing(name: str) -> Any:
        change = getattr(storage, name)

        def changed(*arguments: Any, **named: Any) -> Any:
            if next(changes) == number:
                raise Killed
            return change(*arguments, **named)

        return changed

    for name in WRITES:
        patch.setattr(storage, name, changing(name))
    return patch
