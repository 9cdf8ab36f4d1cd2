"""`redpajama estimate`: a small run of the whole command, and mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from pyspark.sql import SparkSession
from rows import context, said

from jobs import estimate
from jobs.runtime.stage_metrics import StageMetrics
from jobs.steps.estimate import sample, stored
from schemas.errors import UserError
from schemas.settings.estimate import EstimateConfig

WORDS = "A river runs past the mill and the old bridge that nobody has crossed since"


def config(folder: Path, documents: int) -> str:
    """Write inputs and a file for `run`; return the file's path."""
    for part in range(2):
        lines = (
            json.dumps({"text": f"{WORDS} {n} {part}. " * 9, "url": f"https://e.org/{n}/{part}"})
            for n in range(documents // 2)
        )
        (folder / f"c4-{part}.json").write_text("\n".join(lines) + "\n")
    sections = {
        "root": str(folder / "root"),
        "ingest": {"slice": "c4", "input": [str(folder / "c4-*.json")]},
        "annotate": {"languages": []},
        "dedup": {"kinds": ["exact"]},
        "mix": {"tokens": 100_000, "shards": 2, "recipe": None},
    }
    file = folder / "corpus.yaml"
    file.write_text(yaml.safe_dump(sections))
    return str(file)


def test_a_small_run(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "PAIRS", 1)
    file = config(tmp_path, 140)
    job = context(spark, "")
    found = estimate.run(job, EstimateConfig(config=file, cores=4, executors=3))
    names = [stage.stage for stage in found.stages]
    assert names == ["ingest c4", "paragraphs", "annotate", "dedup", "curate", "mix"]
    assert found.inputs == 2
    # a large run reads all inputs, a small one a seventh of them
    assert found.sample_bytes == pytest.approx(found.input_bytes * 8 / 7, rel=0.02)
    assert found.characters.low == found.characters.value == found.characters.high > 0
    assert all(stage.core_hours.high > 0 for stage in found.stages)
    by_name = dict(zip(names, found.stages, strict=True))
    assert by_name["mix"].shuffle_bytes.value > 0
    assert by_name["paragraphs"].shuffle_bytes.value == 0
    assert by_name["annotate"].table_bytes.value > by_name["ingest c4"].table_bytes.value > 0
    assert "3 executors of 4 cores" in said(job)
    root = tmp_path / "root"
    assert [entry.name for entry in root.iterdir()] == [stored.NAME]
    assert stored.hours(str(root)).keys() == set(names)


def test_a_config_that_is_none_is_said_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "corpus.yaml"
    file.write_text("root: r\ningest: {slice: c4, input: [/none/*.json]}\nmix: {tokens: 5}\n")
    with pytest.raises(UserError, match="no object matches"):
        estimate.run(context(None, ""), EstimateConfig(config=str(file)))  # type: ignore[arg-type]


def test_sessions_whose_tasks_run_elsewhere_cannot_be_measured() -> None:
    class Conf:
        def get(self, key: str, default: str) -> str:
            return {"spark.master": "spark://driver:7077"}[key]

    class Session:
        conf = Conf()

    with pytest.raises(UserError, match="local session"):
        StageMetrics(Session())  # type: ignore[arg-type]
