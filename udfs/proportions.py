"""Intervals of shares that are measured on samples."""

from __future__ import annotations

import math

_Z = 1.96  # of 95 %


def wilson(successes: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (Wilson: Probable inference, 1927).

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    share, scale = successes / of, 1 + _Z * _Z / of
    middle = (share + _Z * _Z / (2 * of)) / scale
    half = _Z / scale * math.sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def auc_interval(auc: float, positives: int, negatives: int) -> tuple[float, float]:
    """Return the 95 % interval of an area under the ROC curve.

    Its standard error is Hanley and McNeil's (The meaning and use of the area under a ROC curve, 1982).

    >>> [round(end, 3) for end in auc_interval(0.75, 100, 100)]
    [0.683, 0.817]
    """
    higher_positive, higher_negative = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc)
    variance += (positives - 1) * (higher_positive - auc * auc)
    variance += (negatives - 1) * (higher_negative - auc * auc)
    half = _Z * math.sqrt(max(0.0, variance) / (positives * negatives))
    return max(0.0, auc - half), min(1.0, auc + half)
