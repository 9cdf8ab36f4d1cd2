"""What planted measurements say about a cluster, and about the time left of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobs.runtime.stage_metrics import StageSums
from jobs.steps.estimate import sample, stored, text
from jobs.steps.estimate.measure import Measurement, Run, Whole, stages
from jobs.steps.estimate.projection import MARGIN, Estimate, project
from jobs.steps.estimate.sample import LARGE, Source
from jobs.storage import ObjectInfo
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.estimate import EstimateConfig
from schemas.settings.ingest import IngestConfig
from schemas.settings.slices import ingest_config

MB = 10**6
INPUT = 4_000 * MB
CHARACTERS_A_BYTE = 0.5


def ingest() -> IngestConfig:
    return ingest_config({"root": "r", "slice": "c4", "input": ["x"]}, where="")


def whole(longest: int = INPUT // 100) -> Whole:
    objects = tuple(ObjectInfo(f"/{n}", INPUT // 100, "1") for n in range(100))
    steps = [("ingest", ingest()), ("annotate", AnnotateConfig(root="r"))]
    return Whole(steps, [Source("ingest c4", ingest(), objects, longest)])


def measurement(stage: str, size: float, fixed: float, rate: float) -> Measurement:
    seconds = fixed + rate * size / MB
    sums = StageSums(1, 4, round(size / 10), 0)
    return Measurement(stage, size, 10, seconds, seconds / 2, sums, {"documents": round(size / 4)})


def run(size: float, noise: float = 0) -> Run:
    characters = size * CHARACTERS_A_BYTE
    measured = (
        measurement("ingest c4", size, 3, 2 + noise),
        measurement("annotate", characters, 1, 4 - noise),
    )
    return Run(measured, round(size), INPUT * CHARACTERS_A_BYTE)


def estimate(noise: float = 0, longest: int = INPUT // 100, **settings: Any) -> Estimate:
    runs = [run(MB, noise), run(LARGE * MB, -noise), run(MB), run(LARGE * MB)]
    return project(
        whole(longest), runs, EstimateConfig(**settings), start_seconds=36, measured_cores=2
    )


def test_rates_times_the_input_are_the_core_hours() -> None:
    found = estimate()
    seconds = 36 + (3 + 2 * 4000) + (1 + 4 * 2000)
    for value in (found.core_hours.value, found.core_hours.low, found.core_hours.high):
        assert value == pytest.approx(seconds / 3600)
    assert [(stage.rate * MB, stage.fixed) for stage in found.stages] == [
        pytest.approx((2, 3)),
        pytest.approx((4, 1)),
    ]
    assert found.shuffle_bytes.value == pytest.approx(INPUT / 10)
    assert found.table_bytes.value == pytest.approx(INPUT / 4 + INPUT * CHARACTERS_A_BYTE / 4)


def test_the_interval_holds_what_the_runs_differ_by() -> None:
    found = estimate(noise=0.2)
    assert found.core_hours.low < 16_040 / 3600 < found.core_hours.high
    assert found.core_hours.high - found.core_hours.low > 0.1 * found.core_hours.value


def test_cores_divide_the_time_down_to_the_longest_task() -> None:
    few, many = estimate(cores=4, executors=2), estimate(cores=4, executors=200)
    assert few.hours.value * 3600 == pytest.approx(MARGIN * 16_000 / 8 + 36 / 2 + 4 / 2)
    assert few.dollars.value == pytest.approx(few.hours.value * 8 * few.price_per_core_hour)
    # no ingest is faster than its longest task
    assert many.stages[0].hours.value * 3600 == pytest.approx(2 * 40 + 3 / 2)
    assert many.stages[1].longest_task_hours == 0
    assert many.disk_bytes.value == pytest.approx(2 * many.shuffle_bytes.value / 200)


def test_the_text_has_each_stage_and_what_it_rests_on() -> None:
    lines = "\n".join(text.lines(estimate(cores=4, executors=10)))
    for words in ("ingest c4", "annotate", "10 executors of 4 cores", "4 runs", "16 MB", "4 GB"):
        assert words in lines


def test_names_of_stages_differ() -> None:
    steps = [("ingest", ingest()), ("ingest", ingest()), ("annotate", AnnotateConfig(root="r"))]
    assert stages(steps) == ["ingest c4", "ingest c4 #2", "annotate"]


def test_a_sample_is_a_thousandth_within_bounds() -> None:
    def bytes_read(total: int, share: float | None = None) -> float:
        objects = (ObjectInfo("/x", total, "1"),)
        (small,) = sample.sizes([Source("ingest c4", ingest(), objects, total)], share)
        return small * sample.PAIRS * (1 + LARGE)

    assert bytes_read(30 * 10**9) == pytest.approx(30 * MB)
    assert bytes_read(10**9) == pytest.approx(sample.LEAST_BYTES)
    assert bytes_read(10**14) == pytest.approx(sample.MOST_BYTES)
    assert bytes_read(10**9, 0.1) == pytest.approx(100 * MB)
    # a large run of a small input reads all of it
    assert bytes_read(MB) == pytest.approx(sample.PAIRS * (1 + 1 / LARGE) * MB)


def test_the_stored_estimate_tells_the_time_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = estimate()
    stored.write(str(tmp_path), found)
    hours = stored.hours(str(tmp_path))
    assert hours == {stage.stage: stage.hours.value for stage in found.stages}
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    left = stored.TimeLeft({"a": 1, "b": 2, "c": 1}, ["a", "b", "c"])
    assert left.seconds(0) == 4 * 3600
    now[0] = 7200  # twice as slow
    assert left.seconds(1) == 6 * 3600
    now[0] = 7201  # its table was made before
    assert left.seconds(2) == 2 * 3600


@pytest.mark.parametrize("content", [None, "no JSON", "[]", json.dumps({"stages": [{}]})])
def test_without_an_estimate_no_time_is_told(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / stored.NAME).write_text(content)
    assert stored.hours(str(tmp_path)) == {}
    assert stored.TimeLeft({}, ["a"]).seconds(0) is None
