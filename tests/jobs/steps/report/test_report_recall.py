"""Measured recall equals the expected one for each scheme and kind of verification."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from lxml import etree

from jobs.steps.dedup.bands import bands_of
from jobs.steps.report import recall, recall_tables
from jobs.steps.report.dedup_run import DedupRun
from jobs.tables.runs import Record
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates import lsh_recall, minhash_v2
from udfs.near_duplicates.shingling import Shingling

SHINGLINGS = {"fast": Shingling(), "v2": Shingling(13, "blanks")}


def dedup_run(scheme: Any = "fast", verify: Any = "estimate", threshold: float = 0.8) -> DedupRun:
    config = DedupConfig(root="r", scheme=scheme, verify=verify, threshold=threshold)
    return DedupRun(
        Record(run="r", job="dedup"), config, *bands_of(config), SHINGLINGS[scheme], stale=False
    )


def sample(run: DedupRun, n: int = 120) -> recall.Sample:
    choose = random.Random(2)
    texts = [" ".join(f"W{choose.randrange(9000)}" for _ in range(400)) for _ in range(n)]
    stored = run.sign(texts)
    return recall.Sample([f"c4/{i}" for i in range(n)], texts, ["en"] * n, stored)


@pytest.mark.parametrize(
    ("scheme", "verify"),
    [("fast", "estimate"), ("fast", "jaccard"), ("fast", "none"), ("v2", "estimate")],
)
def test_recall_is_as_expected(scheme: str, verify: str) -> None:
    run = dedup_run(scheme, verify, threshold=0.7)
    numbers = recall.measure(sample(run), run, seed=1)
    assert numbers["stored"] == {"compared": 120, "equal": 120}
    parts = [
        numbers["all"],
        numbers["above"],
        numbers["below"],
        *numbers["rates"],
        *numbers["languages"],
    ]
    for counts in parts:
        # three standard deviations, for documents without common text
        assert abs(counts["difference"]) <= 1.5 * counts["chance"] + 2e-3, counts
    assert (numbers["below"]["found"] > 0) == (verify != "jaccard")
    assert 0 < numbers["above"]["found"] <= numbers["above"]["pairs"]
    if verify == "jaccard":
        assert numbers["below"]["found"] == numbers["below"]["expected"] == 0
    shown = etree.fromstring(f"<main>{recall_tables.recall(run, numbers)}</main>")
    lines = list(shown.iter("polyline"))
    assert len(lines) == (1 if verify == "none" else 2)
    # the expected curve is drawn within a tenth of a pixel, to which coordinates are rounded
    heights = [float(point.split(",")[1]) for point in str(lines[-1].attrib["points"]).split()]
    expected = [found for _, _, found in numbers["curve"]]
    assert np.ptp(np.array(heights) + 240 * np.array(expected)) < 0.11


def test_a_seed_decides_what_is_planted() -> None:
    run = dedup_run()
    drawn = sample(run, 20)
    first = recall.measure(drawn, run, seed=1)
    assert recall.measure(drawn, run, seed=1) == first
    assert recall.measure(drawn, run, seed=2) != first


def test_stored_signatures_that_differ_are_reported() -> None:
    run = dedup_run()
    drawn = sample(run, 3)
    stored = [drawn.stored[1], drawn.stored[1], None]
    numbers = recall.measure(
        recall.Sample(drawn.ids, drawn.texts, drawn.languages, stored), run, seed=1
    )
    assert numbers["stored"] == {"compared": 2, "equal": 1}
    assert "1 of 2 signatures in annotated/ equal those computed again" in recall_tables.recall(
        run, numbers
    )


@pytest.mark.parametrize("threshold", [0.1, 0.35, 1.0])
def test_a_chart_for_any_threshold(threshold: float) -> None:
    run = dedup_run(threshold=threshold)
    numbers = recall.measure(sample(run, 6), run, seed=1)
    chart = recall_tables.recall(run, numbers)
    assert f"threshold {threshold}" in chart
    _, shared, found = numbers["curve"][round(100 * threshold)]
    assert shared == pytest.approx(
        lsh_recall.share_band(threshold, run.bands, run.rows).item(), abs=1e-6
    )
    assert found <= shared


def test_passes_follows_the_verification() -> None:
    by_estimate, by_jaccard, unchecked = (
        dedup_run(verify=verify) for verify in ("estimate", "jaccard", "none")
    )
    assert by_estimate.passes(0.8, 0.7)
    assert not by_estimate.passes(0.79, 0.9)
    assert by_jaccard.passes(0.7, 0.8)
    assert not by_jaccard.passes(0.9, 0.79)
    assert unchecked.passes(0.0, 0.0)
    assert by_estimate.verification == "at least 103 of 128 equal minima"
    assert minhash_v2.PERMUTATIONS == 128
