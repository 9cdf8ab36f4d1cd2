"""Plots of documents and their measures, from frames of pandas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from jobs.notebook.style import BLUE, BUCKET_COLOURS, ORANGE, SKY, VERMILION, shown

_LOG_FROM = 50  # times the smallest count, from which on a linear axis hides it


@shown
def counts(*charts: tuple[str, Mapping[str, int] | pd.Series], unit: str, marked: str = "") -> None:
    """Draw a bar for each count, the largest on top.

    Parameters
    ----------
    charts
        Title and counts of each chart.
    marked
        The bar that is blue where the others are orange; by default all are blue.
    """
    longest = max(len(named) for _, named in charts)
    _, axes = plt.subplots(
        1, len(charts), figsize=(5.5 * len(charts) + 1.5, 0.4 * longest + 1.1), squeeze=False
    )
    for axis, (title, counted) in zip(axes.flat, charts, strict=True):
        named = dict(counted)
        names = sorted(named, key=lambda name: named[name])
        values = [named[name] for name in names]
        colours = [BLUE if marked in ("", name) else ORANGE for name in names]
        axis.bar_label(axis.barh(names, values, color=colours), fmt="{:,.0f}", padding=3)
        is_wide = min(values) * _LOG_FROM < max(values)
        axis.set_xscale("log" if is_wide else "linear")
        if is_wide:
            axis.set_xlim(left=0.5)  # a bar of one record is seen
        axis.margins(x=0.15)
        axis.set(title=title, xlabel=f"{unit} (log scale)" if is_wide else unit)
        axis.grid(axis="y", visible=False)


@shown
def languages(numbers: pd.DataFrame) -> None:
    """Draw documents by language and bucket, and their perplexities."""
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 3.4))
    buckets = _buckets(numbers)
    table = numbers.groupby(["language", "bucket"]).size().unstack(fill_value=0)
    table = table.loc[table.sum(axis=1).sort_values().index[-12:], buckets]
    colours = [BUCKET_COLOURS[bucket] for bucket in buckets]
    table.plot.barh(stacked=True, ax=left, color=colours, width=0.75)
    left.set(title="Documents by language and bucket", xlabel="documents", ylabel="language")
    left.grid(axis="y", visible=False)
    left.legend(title="bucket")

    scored = numbers[numbers["perplexity"].notna()]
    scores = [bucket for bucket in buckets if bucket != "all"]
    right.hist(
        [scored.loc[scored["bucket"] == bucket, "perplexity"] for bucket in scores] or [[]],
        bins=[10 ** (exponent / 12) for exponent in range(4, 43)],
        stacked=True,
        color=[BUCKET_COLOURS[bucket] for bucket in scores] or None,
        label=scores or "no models, no perplexity",
    )
    right.set_xscale("log")
    right.set(title="Perplexity, all languages", xlabel="perplexity (log)", ylabel="documents")
    right.legend(title="bucket")


def _buckets(numbers: pd.DataFrame) -> list[str]:
    return [bucket for bucket in BUCKET_COLOURS if (numbers["bucket"] == bucket).any()]


@shown
def histograms(numbers: pd.DataFrame, signals: Mapping[str, str]) -> None:
    """Draw the distribution of each signal; `signals` names the unit of each."""
    _, axes = plt.subplots(2, 3, figsize=(11, 5))
    for axis, (signal, label) in zip(axes.flat, signals.items(), strict=True):
        values = numbers[signal].dropna()
        is_wide = signal.endswith("_count")
        low, high = max(values.min(), 1), max(values.max(), 2)
        bins = [low * (high / low) ** (step / 40) for step in range(41)] if is_wide else 40
        axis.hist(values, bins=bins, color=BLUE)
        axis.set_yscale("log")
        axis.set_xscale("log" if is_wide else "linear")
        median = f"median {values.median():.3g}"
        axis.axvline(values.median(), color=VERMILION, linestyle="--", label=median)
        axis.set(title=signal.removeprefix("rps_doc_"), xlabel=label, ylabel="documents (log)")
        axis.set_ylim(bottom=0.5)
        axis.legend()


@shown
def limits(
    points: pd.DataFrame,
    x: tuple[str, str, Sequence[float]],
    y: tuple[str, str, Sequence[float]],
) -> None:
    """Draw kept and dropped documents by two measures.

    Parameters
    ----------
    points
        The measures, and the column `kept`.
    x, y
        The column, its label, and the limits of a rule; x has a log scale.
    """
    _, axis = plt.subplots(figsize=(7, 4))
    for kept, colour, marker in ((True, BLUE, "o"), (False, VERMILION, "x")):
        group = points[points["kept"] == kept]
        label = f"{'kept' if kept else 'dropped'} ({len(group):,})"
        axis.scatter(group[x[0]], group[y[0]], s=18, c=colour, marker=marker, label=label)
    for value in x[2]:
        axis.axvline(value, color="black", linewidth=1, linestyle="--")
    for value in y[2]:
        axis.axhline(value, color="black", linewidth=1, linestyle="--")
    axis.set_xscale("log")
    axis.set(title="Kept and dropped documents", xlabel=f"{x[1]} (log scale)", ylabel=y[1])
    axis.legend()


@shown
def cutoffs(
    scored: pd.DataFrame, languages: Sequence[str], cuts: Mapping[str, tuple[float, float]]
) -> None:
    """Draw the perplexities of some languages with the cut-offs between the buckets."""
    bins = np.geomspace(scored["perplexity"].min(), scored["perplexity"].max(), 70)
    figure, axes = plt.subplots(
        len(languages), 1, figsize=(9, 1.5 * len(languages) + 0.6), sharex=True, squeeze=False
    )
    lines = ((BLUE, "-", "end of head"), (VERMILION, "--", "start of tail"))
    for axis, language in zip(axes.flat, languages, strict=True):
        values = scored.loc[scored["language"] == language, "perplexity"]
        axis.hist(values, bins=bins, color=SKY)
        for value, (colour, style, name) in zip(cuts[language], lines, strict=True):
            label = f"{name}: {value:g}"
            axis.axvline(value, color=colour, linestyle=style, linewidth=2, label=label)
        axis.set(ylabel="documents")
        axis.set_title(f"{language}, {len(values):,} documents", fontsize=10)
        axis.legend(loc="upper right", fontsize=8)
    axes.flat[0].set_xscale("log")
    axes.flat[-1].set_xlabel("perplexity (log scale)")
    figure.suptitle("Perplexity of web documents by language")


@shown
def boxes(numbers: pd.DataFrame, signals: Mapping[str, str]) -> None:
    """Draw each signal by bucket: the middle half, the median, and the 5th and 95th percentile."""
    _, axes = plt.subplots(2, 3, figsize=(11, 5.4))
    buckets = _buckets(numbers)
    for axis, (signal, label) in zip(axes.flat, signals.items(), strict=True):
        values = [numbers.loc[numbers["bucket"] == bucket, signal].dropna() for bucket in buckets]
        drawn = axis.boxplot(
            values,
            tick_labels=buckets,
            whis=(5, 95),
            patch_artist=True,
            widths=0.6,
            flierprops={"markersize": 3},
        )
        for box, bucket in zip(drawn["boxes"], buckets, strict=True):
            box.set_facecolor(BUCKET_COLOURS[bucket])
        for median in drawn["medians"]:
            median.set_color("black")
        if signal.endswith("_count"):
            axis.set_yscale("log")
        axis.set(title=signal.removeprefix("rps_doc_"), xlabel="bucket", ylabel=label)


@shown
def kept_shares(shares: pd.DataFrame) -> None:
    """Draw what each filter set keeps, in per cent of the documents and of the tokens."""
    _, axis = plt.subplots(figsize=(8, 0.45 * len(shares) + 1))
    shares.plot.barh(ax=axis, color=[BLUE, ORANGE], width=0.75)
    for bars in axis.containers:
        axis.bar_label(bars, fmt="%.1f %%", padding=3, fontsize=8)  # type: ignore[arg-type]
    axis.set(
        title="What each filter set keeps of the web documents",
        xlabel="kept (per cent)",
        xlim=(0, 115),
    )
    axis.grid(axis="y", visible=False)
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), reverse=True)


@shown
def sweep(grid: Any, curve: Any, signal: str, threshold: float, at_threshold: Any) -> None:
    """Draw the shares of documents and tokens that are kept at each threshold of a signal.

    Parameters
    ----------
    grid, curve
        The thresholds, and for each the shares of documents and of tokens in per cent.
    threshold, at_threshold
        A published threshold, and the two shares at it.
    """
    _, axis = plt.subplots(figsize=(8, 3.8))
    looks = (("documents", BLUE, "-"), ("tokens", ORANGE, "--"))
    for column, (name, colour, style) in enumerate(looks):
        label = f"{name}: {at_threshold[column]:.1f} % at {threshold}"
        axis.plot(grid, curve[:, column], color=colour, linestyle=style, linewidth=2, label=label)
    axis.axvline(threshold, color="black", linewidth=1, linestyle=":", label="Gopher's threshold")
    axis.set(
        title="Share kept at each threshold",
        xlabel=f"maximum of {signal}",
        ylabel="kept (per cent)",
        ylim=(0, 103),
    )
    axis.legend(loc="lower right")
