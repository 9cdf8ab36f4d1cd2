"""Evaluate a classifier on held-out pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.train.pool import Pool
from jobs.steps.train.thresholds import THRESHOLDS, Threshold, thresholds
from schemas.settings.stored import to_dict
from schemas.settings.train import TrainQualityConfig


@dataclass(frozen=True)
class HeldOut:
    """Scores of the held-out pages that are no near-duplicates of trained ones.

    Attributes
    ----------
    near_trained
        Number of the others, which test nothing.
    """

    positive: list[float]
    negative: list[float]
    near_trained: int


def report_of(
    config: TrainQualityConfig, good: Pool, crawl: Pool, count: int, scores: HeldOut
) -> dict[str, Any]:
    """Return the report that is stored beside the model.

    `accuracy` is None, and `thresholds` is empty, where a class has no page that tests anything.
    """
    correct = sum(score >= 0.5 for score in scores.positive)
    correct += sum(score < 0.5 for score in scores.negative)
    total = len(scores.positive) + len(scores.negative)
    is_tested = bool(scores.positive and scores.negative)
    kept = thresholds(scores.positive, scores.negative, THRESHOLDS) if is_tested else []
    return {
        "label": config.label,
        "accuracy": round(correct / total, 4) if is_tested else None,
        "held_out": {"positive": len(scores.positive), "negative": len(scores.negative)},
        "near_trained": scores.near_trained,
        "drawn_of_each": count,
        "positive": _counts(good),
        "negative": _counts(crawl),
        "thresholds": [asdict(threshold) for threshold in kept],
        "config": to_dict(config),
    }


def _counts(pool: Pool) -> dict[str, int]:
    return {"read": pool.read, "too_short": pool.short, "without_text": pool.without_text}


def print_report(context: Context, report: dict[str, Any]) -> None:
    """Print what the held-out pages say, and how many of them say nothing."""
    held_out = report["held_out"]
    if report["near_trained"]:
        context.print(
            f"train quality: {report['near_trained']:,} held-out pages are near-duplicates of trained "
            "ones and test nothing: left out"
        )
    if report["accuracy"] is None:
        context.print(
            "train quality: accuracy unknown: no held-out page of one class is new; give more pages, "
            "of more sites"
        )
        return
    context.print(
        f"train quality: accuracy {report['accuracy']:.1%} on {held_out['positive']:,} good and "
        f"{held_out['negative']:,} crawl pages (held out)"
    )
    context.print(f"{'threshold':>9} {'good kept':>10} {'crawl kept':>10} {'precision':>10}")
    for line in (Threshold(**values) for values in report["thresholds"]):
        precision = "-" if line.precision is None else f"{line.precision:.1%}"
        context.print(
            f"{line.threshold:9.2f} {line.recall:10.1%} {line.negatives_kept:10.1%} {precision:>10}"
        )
