"""Shares of pages that thresholds on a score keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# V1 kept pages from 0.25
THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MIN_KEPT = 20


@dataclass(frozen=True)
class Threshold:
    """Shares of held-out pages whose score is at least a threshold.

    Attributes
    ----------
    recall
        Share of the positives that the threshold keeps.
    negatives_kept
        Share of the negatives that the threshold keeps.
    precision
        Share of positives among the pages kept, for as many negatives as positives; None if fewer than
        `MIN_KEPT` pages are kept, of which a share says little.
    """

    threshold: float
    recall: float
    negatives_kept: float
    precision: float | None


def thresholds(
    positive: Sequence[float], negative: Sequence[float], at: Sequence[float]
) -> list[Threshold]:
    """Return the shares at each threshold, from the scores of one or more positives and negatives."""
    shares = []
    for threshold in at:
        above = [sum(score >= threshold for score in side) for side in (positive, negative)]
        recall, kept = above[0] / len(positive), above[1] / len(negative)
        precision = recall / (recall + kept) if sum(above) >= MIN_KEPT else None
        shares.append(
            Threshold(
                threshold,
                round(recall, 4),
                round(kept, 4),
                None if precision is None else round(precision, 4),
            )
        )
    return shares
