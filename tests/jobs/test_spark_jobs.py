"""A command on a small root runs few Spark jobs: each costs more time than the rows themselves."""

from __future__ import annotations

import gzip
import io
import json
import random
from pathlib import Path
from typing import Any

from families import WORDS, edited
from pyspark.sql import SparkSession

from jobs import cli
from jobs.runtime.context import Context
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.ingest import INGEST
from schemas.settings.mix import MixConfig
from schemas.settings.report import ReportConfig
from schemas.settings.takedown import TakedownConfig

MOST = {"ingest": 1, "annotate": 1, "dedup": 1, "curate": 4, "mix": 2, "report": 22, "takedown": 6}
"""Spark jobs of each command, without adaptive plans, which run a job for each shuffle."""


def jobs_so_far(spark: SparkSession) -> int:
    """The number of Spark jobs that the session has started."""
    jobs: Any = spark._jsc.sc().statusStore().jobsList(None)
    return int(jobs.head().jobId()) + 1 if jobs.nonEmpty() else 0


def dump(path: Path) -> None:
    """100 documents, every tenth one three times with a word changed."""
    choose = random.Random(1)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(100):
            if number % 10 not in (1, 2):
                words = [choose.choice(WORDS) for _ in range(200)]
            row = {
                "text": " ".join(edited(choose, words, int(number % 10 in (1, 2)))),
                "url": f"https://example{number}.org/",
                "timestamp": "2019-04-25T12:57:54Z",
            }
            file.write(f"{json.dumps(row)}\n")


def test_each_command_runs_few_spark_jobs(spark: SparkSession, tmp_path: Path) -> None:
    dump(tmp_path / "c4-train.00000-of-00001.json.gz")
    root = str(tmp_path / "root")
    commands: list[tuple[str, Any]] = [
        ("ingest", INGEST["c4"](root=root, input=(str(tmp_path),))),
        ("annotate", AnnotateConfig(root=root)),
        ("dedup", DedupConfig(root=root)),
        ("curate", CurateConfig(root=root, filters=())),
        ("mix", MixConfig(root=root, tokens=5000)),
        ("report", ReportConfig(root=root)),
        ("takedown", TakedownConfig(root=root, domain=("example1.org",), reason="test")),
    ]
    counts = {}
    for name, settings in commands:
        before = jobs_so_far(spark)
        cli.run(name, settings, Context(root, spark, out=io.StringIO()))
        counts[name] = jobs_so_far(spark) - before
    more = {name: count for name, count in counts.items() if count > MOST[name]}
    assert not more, counts
