"""`redpajama estimate`: two stages measured, the whole command with planted measurements, mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyspark.sql import SparkSession
from rows import context, said

from jobs import cli, estimate
from jobs.runtime.context import Context
from jobs.runtime.stage_metrics import StageMetrics, StageSums
from jobs.steps.estimate import measure, sample, stored
from jobs.steps.estimate.measure import Measurement, Run, Whole
from jobs.steps.estimate.sample import Part
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.estimate import EstimateConfig
from schemas.settings.mix import MixConfig
from schemas.settings.slices import ingest_config

WORDS = "A river runs past the mill and the old bridge that nobody has crossed since"


def write(folder: Path, documents: int) -> None:
    for part in range(2):
        lines = (
            json.dumps({"text": f"{WORDS} {n} {part}. " * 9, "url": f"https://e.org/{n}/{part}"})
            for n in range(documents // 2)
        )
        (folder / f"c4-{part}.json").write_text("\n".join(lines) + "\n")


def test_stages_are_measured(spark: SparkSession, tmp_path: Path) -> None:
    write(tmp_path, 40)
    given = {"root": "", "slice": "c4", "input": [str(tmp_path / "c4-*.json")]}
    source = sample.source("ingest c4", ingest_config(given, where=""))
    whole = Whole([("ingest", source.config), ("annotate", AnnotateConfig(root=""))], [source])
    part = Part((str(tmp_path / "c4-0.json"),), (tmp_path / "c4-0.json").stat().st_size)
    job = context(spark, tmp_path / "root")
    run = measure.measure(whole, [part], job, lambda *step: cli.records(cli.run(*step)))
    assert job.scale == pytest.approx(2, rel=0.01)
    ingest, annotate = run.stages
    assert (ingest.stage, ingest.size, ingest.documents) == ("ingest c4", part.bytes, 20)
    assert annotate.documents == 20
    assert annotate.size * 2 == pytest.approx(run.expected_characters, rel=0.01)
    for stage, table in ((ingest, "documents"), (annotate, "annotated")):
        assert stage.processor_seconds > 0
        assert stage.sums.tasks > 0
        assert stage.table_bytes[table] > 0


def planted(whole: Whole, parts: list[Part], context: Context, run_step: Any) -> Run:
    """Measure nothing: a byte costs a microsecond in each stage, which begins with a second."""
    size = sum(part.bytes for part in parts)
    names = measure.stages(whole.steps)
    stages = (
        Measurement(name, size, 1, 1 + size * 1e-6, 1.0, StageSums(1, 1, size, 0), {})
        for name in names
    )
    return Run(tuple(stages), size, float(whole.bytes))


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(estimate, "measure", planted)
    write(tmp_path, 40)
    root = tmp_path / "root"
    sections = {
        "root": str(root),
        "ingest": {"slice": "c4", "input": [str(tmp_path / "c4-*.json")]},
        "mix": {"tokens": 1000},
    }
    file = tmp_path / "corpus.yaml"
    file.write_text(yaml.safe_dump(sections))
    job = context(None, "")  # type: ignore[arg-type]
    found = estimate.run(job, EstimateConfig(config=str(file), cores=4, executors=3))
    names = ["ingest c4", "paragraphs", "annotate", "dedup", "curate", "mix"]
    assert [stage.stage for stage in found.stages] == names
    seconds = 6 * (1 + found.input_bytes * 1e-6)
    assert found.core_hours.value * 3600 - found.start_seconds == pytest.approx(seconds)
    # three small runs, and three of all inputs
    assert found.sample_bytes == pytest.approx(found.input_bytes * (3 + 3 / 7), rel=0.02)
    assert "3 executors of 4 cores" in said(job)
    assert [entry.name for entry in root.iterdir()] == [stored.NAME]
    assert list(stored.hours(str(root))) == names
    assert "run 6 of 6" in capsys.readouterr().err


def test_a_part_without_what_the_recipe_names_is_mixed_by_its_own_proportions() -> None:
    asked: list[MixConfig] = []

    def step(job: str, settings: MixConfig, context: Context) -> list[Record]:
        asked.append(settings)
        if settings.recipe or len(asked) > 2:
            raise UserError("no tokens of books")
        return [Record("run", job)]

    job = context(None, "")  # type: ignore[arg-type]
    given = MixConfig(root="", tokens=50, recipe="llama")
    assert measure.mix(given, job, step)[0].job == "mix"
    assert (asked[1].tokens, asked[1].recipe) == (50, None)
    with pytest.raises(UserError, match="--sample"):
        measure.mix(given, job, step)


def test_inputs_that_do_not_exist_are_said_before_anything_runs(tmp_path: Path) -> None:
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

    with pytest.raises(UserError, match="Spark is local"):
        StageMetrics(Session())  # type: ignore[arg-type]
