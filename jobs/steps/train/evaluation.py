"""Figures of a classifier on held-out pages, and advice on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata

from jobs.steps.train.thresholds import THRESHOLDS, thresholds
from udfs.proportions import auc_interval, wilson

FEW = 100
"""Held-out pages of a class below which its figures are rough."""
SAME = 0.01
"""Range of scores that are called equal."""
OTHER_LANGUAGES = 0.3
"""Share of pages that would need another language for both classes to have the same languages."""
_BINS = 10


@dataclass(frozen=True)
class HeldOut:
    """Held-out pages that are no near-duplicates of trained ones: a score and a language of each.

    Attributes
    ----------
    near_trained
        Number of the others, which test nothing.
    by
        How the pages of the positives and the negatives were held out: by `site` or by `text`.
    """

    positive: Sequence[float]
    negative: Sequence[float]
    positive_languages: Sequence[str | None]
    negative_languages: Sequence[str | None]
    near_trained: int
    by: tuple[str, str]


def figures(pages: HeldOut) -> dict[str, Any]:
    """Return accuracy, AUC, calibration and thresholds; None and empty where a class has no page.

    `accuracy` weighs all pages alike, at 0.5. `calibration_error` is the mean distance of scores from the
    share of positives among pages of like scores, for as many positives as negatives (expected
    calibration error: Guo et al., On calibration of modern neural networks, 2017).
    """
    positive, negative = (np.asarray(side, float) for side in (pages.positive, pages.negative))
    if not positive.size or not negative.size:
        empty = ("accuracy", "accuracy_interval", "auc", "auc_interval", "calibration_error")
        return {**dict.fromkeys(empty), "calibration": [], "thresholds": []}
    correct = int((positive >= 0.5).sum() + (negative < 0.5).sum())
    total = positive.size + negative.size
    area = auc(pages.positive, pages.negative)
    bins = calibration(pages.positive, pages.negative)
    error = sum(row["weight"] * abs(row["score"] - row["positives"]) for row in bins)
    kept = thresholds(pages.positive, pages.negative, THRESHOLDS)
    return {
        "accuracy": round(correct / total, 4),
        "accuracy_interval": _rounded(wilson(correct, total)),
        "auc": round(area, 4),
        "auc_interval": _rounded(auc_interval(area, positive.size, negative.size)),
        "calibration_error": round(error, 4),
        "calibration": bins,
        "thresholds": [asdict(threshold) for threshold in kept],
    }


def _rounded(interval: tuple[float, float]) -> list[float]:
    return [round(end, 4) for end in interval]


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative, where equal scores count half.

    >>> auc([0.9, 0.5], [0.5, 0.1])
    0.875
    """
    ranks = rankdata([*positive, *negative])[: len(positive)]
    pairs = len(positive) * len(negative)
    return float((ranks.sum() - len(positive) * (len(positive) + 1) / 2) / pairs)


def calibration(positive: Sequence[float], negative: Sequence[float]) -> list[dict[str, float]]:
    """Return, for each tenth of the scores, their mean and the share of positives, classes weighing alike."""
    scores = np.asarray([*positive, *negative], float)
    is_positive = np.arange(scores.size) < len(positive)
    weights = np.where(is_positive, 0.5 / len(positive), 0.5 / len(negative))
    numbers = np.clip((scores * _BINS).astype(int), 0, _BINS - 1)
    rows = []
    for number in np.unique(numbers):
        inside = numbers == number
        weight = weights[inside].sum()
        row = {
            "from": number / _BINS,
            "weight": weight,
            "score": (scores[inside] * weights[inside]).sum() / weight,
            "positives": weights[inside & is_positive].sum() / weight,
        }
        rows.append({name: round(float(value), 4) for name, value in row.items()})
    return rows


def advice(pages: HeldOut, report: dict[str, Any]) -> list[str]:
    """Return lines on what the figures do not show, and what would make the classifier better."""
    lines = []
    if pages.near_trained:
        lines.append(
            f"{pages.near_trained:,} held-out pages are near-duplicates of trained ones and test "
            "nothing: left out"
        )
    if report["accuracy"] is None:
        lines.append(
            "accuracy unknown: no held-out page of one class is new; give more pages, of more sites"
        )
        return lines
    fewest = min(len(pages.positive), len(pages.negative))
    if fewest < FEW:
        lines.append(
            f"{fewest} held-out pages of a class are few: give more, or a larger --held-out"
        )
    if "text" in pages.by:
        lines.append(
            "pages without addresses, or of few sites, are held out by text: pages of other sites can "
            "score worse"
        )
    scores = [*pages.positive, *pages.negative]
    if max(scores) - min(scores) < SAME:
        lines.append("all pages score alike: give more --epochs or a higher --learning-rate")
    elif report["auc_interval"][0] <= 0.5:
        lines.append(
            "the scores are no better than chance: give more pages or --epochs, or other classes"
        )
    different = _other_languages(pages.positive_languages, pages.negative_languages)
    if different:
        lines.append(different)
    return lines


def _other_languages(positive: Sequence[str | None], negative: Sequence[str | None]) -> str | None:
    """Return a line where the classes have different languages, which the score then measures."""
    shares = [
        {language: n / len(side) for language, n in Counter(side).items()}
        for side in (positive, negative)
    ]
    gaps = {
        language: shares[0].get(language, 0.0) - shares[1].get(language, 0.0)
        for language in {**shares[0], **shares[1]}
    }
    if sum(map(abs, gaps.values())) / 2 < OTHER_LANGUAGES:
        return None
    language = max(gaps, key=lambda name: (abs(gaps[name]), name or ""))
    good, crawl = (side.get(language, 0.0) for side in shares)
    return (
        f"the classes differ by language ({language or 'unknown'}: {good:.0%} of good pages, {crawl:.0%} of "
        "the crawl), which the score then measures: train each language by itself, as with --where"
    )
