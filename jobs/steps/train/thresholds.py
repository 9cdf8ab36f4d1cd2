"""What a threshold on a score would keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# V1 kept pages from 0.25
THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Threshold:
    """What is kept of held-out pages whose score is not below a threshold.

    Attributes
    ----------
    recall
        Share of the positives that are kept.
    negatives_kept
        Share of the negatives that are kept.
    precision
        Share of positives in what is kept, where there are as many negatives as positives; None
        where nothing is kept.
    """

    threshold: float
    recall: float
    negatives_kept: float
    precision: float | None


def thresholds(
    positive: Sequence[float], negative: Sequence[float], at: Sequence[float]
) -> list[Threshold]:
    """One line a threshold, from scores of positives and negatives, of which there must be some."""
    lines = []
    for threshold in at:
        recall = sum(score >= threshold for score in positive) / len(positive)
        kept = sum(score >= threshold for score in negative) / len(negative)
        precision = recall / (recall + kept) if recall + kept else None
        lines.append(
            Threshold(
                threshold,
                round(recall, 4),
                round(kept, 4),
                None if precision is None else round(precision, 4),
            )
        )
    return lines
