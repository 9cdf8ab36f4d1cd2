"""Plots of duplicates, of mixtures, and of a corpus before and after a step, from frames of pandas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from jobs.notebook.experiments import Curve
from jobs.notebook.style import BLUE, GREEN, GREY, ORANGE, PALE, SKY, VERMILION, shown

_LOG_FROM = 20  # times the smallest value, from which on a linear axis hides it
_LOOKS = ((GREEN, "-."), (BLUE, "-"), (ORANGE, "--"))


def _whole_numbers(axis: Axes) -> None:
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))


@shown
def clusters(removed: pd.DataFrame, sizes: Mapping[int, int], threshold: float) -> None:
    """Draw clusters by size, and near-duplicates by similarity.

    Parameters
    ----------
    removed
        Rows of duplicates/: `kind` and `similarity`.
    sizes
        Number of clusters by their number of documents.
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 3.4))
    names = [str(size) for size in sorted(sizes)]
    bars = left.bar(names, [sizes[int(name)] for name in names], color=BLUE, width=0.6)
    left.bar_label(bars, padding=2)
    left.set(title="Clusters by size", xlabel="documents in the cluster", ylabel="clusters")
    left.margins(x=0.3, y=0.15)
    _whole_numbers(left)
    left.grid(axis="x", visible=False)
    near = removed.loc[removed["kind"] == "near", "similarity"]
    right.hist(
        near, bins=[float(edge) for edge in np.linspace(min(threshold, 0.8), 1, 21)], color=ORANGE
    )
    label = f"threshold {threshold}"
    right.axvline(threshold, color="black", linestyle="--", linewidth=1, label=label)
    right.set(
        title="Near-duplicates by similarity",
        xlabel="estimated Jaccard similarity with the survivor",
        ylabel="documents",
    )
    _whole_numbers(right)
    right.legend(loc="upper center")


@shown
def thresholds(
    curves: Sequence[Curve], steps: Sequence[float], removed: Sequence[int], threshold: float
) -> None:
    """Draw what thresholds find in theory, and the documents that they remove.

    Parameters
    ----------
    curves
        Those of three thresholds, and one of a scheme without verification.
    steps, removed
        Thresholds, and the number of documents that each removes.
    threshold
        That of the root.
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
    for curve, (colour, style) in zip(curves, (*_LOOKS, (GREY, ":")), strict=True):
        left.plot(
            curve.similarity, curve.probability, color=colour, linestyle=style, label=curve.label
        )
    left.set(
        title="Probability that a pair is found",
        xlabel="true Jaccard similarity",
        ylabel="probability",
    )
    left.legend(title="threshold", fontsize=8)
    right.step(steps, removed, where="post", color=BLUE)
    label = f"threshold of this root: {threshold}"
    right.axvline(threshold, color="black", linestyle="--", linewidth=1, label=label)
    right.set(
        title="Documents removed from this corpus",
        xlabel="threshold",
        ylabel="removed documents",
        ylim=(0, None),
    )
    _whole_numbers(right)
    right.legend()


@shown
def mixture(strata: pd.DataFrame) -> None:
    """Draw shares of corpus, mixture and LLaMA, and the epochs; `strata` is of the record of `mix`."""
    shares = pd.DataFrame(
        {
            "corpus": 100 * strata["available"] / strata["available"].sum(),
            "mixture": 100 * strata["share"],
            "LLaMA": 100 * strata["llama_share"].astype(float),
        }
    ).sort_values("mixture")
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 0.6 * len(shares) + 1.4), sharey=True)
    shares.plot.barh(ax=left, color=[SKY, BLUE, GREY], width=0.8)
    left.set(title="Share of the tokens", xlabel="tokens (per cent)", ylabel="stratum")
    left.grid(axis="y", visible=False)
    below = (0.5, -0.5 / len(shares) - 0.1)
    left.legend(reverse=True, loc="upper center", bbox_to_anchor=below, ncols=3)
    epochs = strata["epochs"].reindex(shares.index)
    bars = right.barh(list(epochs.index), epochs, color=BLUE, height=0.5)
    right.bar_label(bars, fmt="%.2f", padding=3)
    right.axvline(1, color="black", linewidth=1, linestyle="--")
    right.set(title="Epochs", xlabel="occurrences per document")
    right.margins(x=0.15)
    right.grid(axis="y", visible=False)
    for axis in (left, right):
        axis.tick_params(axis="y", which="both", length=0)


@shown
def nested(places: pd.DataFrame, budgets: Sequence[str]) -> None:
    """Draw each document at its place, in the colour of the smallest budget that samples it.

    Parameters
    ----------
    places
        Of `experiments.nested_budgets`.
    """
    names = sorted(places["slice"].unique(), reverse=True)
    _, axis = plt.subplots(figsize=(10, 0.7 * len(names) + 1.6))
    # dots of a slice lie above one another in a strip, so that all are seen
    heights = places["slice"].map(names.index) + 0.5 * (places["place"] * 1009 % 1 - 0.5)
    looks = zip((*budgets, "not sampled"), (BLUE, GREEN, ORANGE, PALE), "os^.", strict=True)
    for name, colour, marker in looks:
        group = places["budget"] == name
        label = f"{name} ({group.sum():,} more)"
        axis.scatter(
            places.loc[group, "place"], heights[group], s=14, c=colour, marker=marker, label=label
        )
    axis.set_yticks(range(len(names)), names)
    axis.set(
        title="Smallest budget that samples a document",
        xlabel="position in the order of its slice (hash, from 0 to 1)",
        ylabel="slice",
    )
    axis.legend(title="budget", loc="center left", bbox_to_anchor=(1, 0.5))


@shown
def stages(table: pd.DataFrame, title: str) -> None:
    """Draw what is left after each stage, in per cent of the first, for each column of the table."""
    percent = 100 * table / table.iloc[0]
    _, axis = plt.subplots(figsize=(9, 0.6 * len(table) + 1.2))
    percent.iloc[::-1].plot.barh(ax=axis, color=[BLUE, ORANGE], width=0.75)
    for bars, column in zip(axis.containers, table, strict=True):
        labels = [f"{value:,.0f}" for value in table[column].iloc[::-1]]
        axis.bar_label(bars, labels=labels, padding=3, fontsize=8)  # type: ignore[arg-type]
    axis.set(title=title, xlabel="per cent of the first stage", xlim=(0, 118))
    axis.grid(axis="y", visible=False)
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), reverse=True)


@shown
def before_and_after(
    before: pd.DataFrame, after: pd.DataFrame, measures: Mapping[str, str]
) -> None:
    """Draw the distribution of each measure before and after, as shares of the documents."""
    _, axes = plt.subplots(1, len(measures), figsize=(4 * len(measures), 3.2), squeeze=False)
    for axis, (measure, label) in zip(axes.flat, measures.items(), strict=True):
        whole = before[measure].dropna()
        low, high = float(whole.quantile(0.01)), float(whole.quantile(0.99))
        is_wide = 0 < low * _LOG_FROM < high
        edges = np.geomspace if is_wide else np.linspace
        bins = [float(edge) for edge in edges(low, max(high, low + 1e-9), 31)]
        for rows, colour, style, name in (
            (before, VERMILION, "--", "before"),
            (after, BLUE, "-", "after"),
        ):
            values = rows[measure].dropna().clip(low, high)
            axis.hist(
                values,
                bins=bins,
                weights=np.full(len(values), 100 / max(len(values), 1)),
                histtype="step",
                color=colour,
                linestyle=style,
                linewidth=2,
                label=f"{name} ({len(values):,})",
            )
        axis.set(
            title=measure.removeprefix("rps_doc_"), xlabel=label, ylabel="per cent of documents"
        )
        axis.set_xscale("log" if is_wide else "linear")
        axis.margins(y=0.25)
        axis.legend(loc="upper right", fontsize=8)
