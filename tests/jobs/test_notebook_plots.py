"""The plots of the notebooks, of small frames and of frames with gaps: one figure each, no warning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
matplotlib.use("agg")

from matplotlib import pyplot as plt  # noqa: E402

from jobs.notebook import corpus_plots, document_plots, experiments  # noqa: E402

pytestmark = pytest.mark.filterwarnings("error")

SIGNALS = {f"rps_doc_{name}": "unit" for name in ("word_count", "a", "b", "c", "d", "e")}


def numbers(n: int, *, scored: bool = True) -> pd.DataFrame:
    rows: pd.DataFrame = pd.DataFrame({name: np.linspace(0, 1, n) for name in SIGNALS})
    rows["rps_doc_word_count"] = np.arange(n) + 1
    rows["language"] = ["en" if number % 2 else "de" for number in range(n)]
    rows["bucket"] = [
        ("head", "tail", "all")[number % 3] if scored else "all" for number in range(n)
    ]
    rows["perplexity"] = np.linspace(50, 900, n) if scored else [None] * n
    rows["kept"] = rows["rps_doc_a"] > 0.3
    return rows


STRATA = pd.DataFrame(
    {
        "available": [100, 50],
        "share": [0.5, 0.5],
        "llama_share": [67.0, None],
        "epochs": [0.5, 1.0],
    },
    index=["common_crawl", "c4"],
)
REMOVED = pd.DataFrame({"kind": ["near", "exact"], "similarity": [0.9, None]})
PLACES = pd.DataFrame(
    {"slice": ["c4", "books"], "place": [0.1, 0.9], "budget": ["10 %", "not sampled"]}
)
CURVES = experiments.recall_curves(0.7, 0.8, 0.9)
STEPS = pd.DataFrame({"documents": [10, 10, 4], "characters": [900, 800, 1]}, index=list("abc"))

PLOTS: dict[str, Callable[[], None]] = {
    "counts": lambda: document_plots.counts(
        ("status", {"200": 900, "404": 1}), ("type", pd.Series({"x": 2})), unit="records"
    ),
    "one count": lambda: document_plots.counts(("x", {"kept": 3}), unit="documents", marked="kept"),
    "languages": lambda: document_plots.languages(numbers(20)),
    "no models": lambda: document_plots.languages(numbers(20, scored=False)),
    "histograms": lambda: document_plots.histograms(numbers(30), SIGNALS),
    "histograms of one": lambda: document_plots.histograms(numbers(1), SIGNALS),
    "limits": lambda: document_plots.limits(
        numbers(9),
        ("rps_doc_word_count", "words", [3]),
        ("rps_doc_b", "share", [0.2, 0.8]),
    ),
    "cutoffs": lambda: document_plots.cutoffs(
        numbers(20), ["en", "de"], {"en": (200.0, 400.0), "de": (100.0, 300.0)}
    ),
    "boxes": lambda: document_plots.boxes(numbers(20), SIGNALS),
    "kept shares": lambda: document_plots.kept_shares(
        pd.DataFrame(
            {"documents": {"c4": 40.0, "gopher": 90.0}, "tokens": {"c4": 1.0, "gopher": 9}}
        )
    ),
    "sweep": lambda: document_plots.sweep(
        np.linspace(0, 1, 5), np.ones((5, 2)), "rps_doc_a", 0.15, [90.0, 80.0]
    ),
    "clusters": lambda: corpus_plots.clusters(REMOVED, {2: 3, 12: 1}, 0.8),
    "no duplicates": lambda: corpus_plots.clusters(REMOVED[:0], {}, 0.8),
    "thresholds": lambda: corpus_plots.thresholds(CURVES, [0.5, 0.8, 1.0], [9, 3, 1], 0.8),
    "mixture": lambda: corpus_plots.mixture(STRATA),
    "nested": lambda: corpus_plots.nested(PLACES, ["10 %", "30 %", "70 %"]),
    "stages": lambda: corpus_plots.stages(STEPS, "title"),
    "before and after": lambda: corpus_plots.before_and_after(
        numbers(40), numbers(40)[10:30], {"rps_doc_a": "x", "perplexity": "y"}
    ),
    "nothing left": lambda: corpus_plots.before_and_after(
        numbers(40), numbers(40)[:0], {"rps_doc_a": "x"}
    ),
}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The figures that were open at each `show`; they are drawn, where most faults come up."""
    figures: list[int] = []

    def show(*arguments: Any) -> None:
        figures.append(len(plt.get_fignums()))
        for number in plt.get_fignums():
            plt.figure(number).canvas.draw()
            plt.close(number)

    monkeypatch.setattr(plt, "show", show)
    yield figures
    plt.close("all")


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_one_figure(name: str, shown: list[int]) -> None:
    style = dict(matplotlib.rcParams)
    PLOTS[name]()
    assert shown == [1]
    assert dict(matplotlib.rcParams) == style


def test_a_logarithmic_axis_only_for_wide_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    scales: list[list[str]] = []
    monkeypatch.setattr(
        plt, "show", lambda: scales.append([axis.get_xscale() for axis in plt.gcf().axes])
    )
    PLOTS["counts"]()
    plt.close("all")
    assert scales == [["log", "linear"]]


def test_curves_rise_with_the_similarity() -> None:
    assert [curve.label.split(":")[0] for curve in CURVES] == ["0.7", "0.8", "0.9", "V2 at 0.8"]
    for curve in CURVES:
        assert np.all(np.diff(curve.probability) >= -1e-9)
        assert 0 <= curve.probability[0] < curve.probability[-1] <= 1
