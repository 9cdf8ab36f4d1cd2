"""The report of a classifier: what is stored beside the model, and what is printed."""

from __future__ import annotations

from typing import Any

from jobs.runtime.context import Context
from jobs.steps.train.evaluation import HeldOut, advice, figures
from jobs.steps.train.pool import Pool
from jobs.steps.train.thresholds import Threshold
from schemas.settings.stored import to_dict
from schemas.settings.train import TrainQualityConfig


def report_of(
    config: TrainQualityConfig, good: Pool, crawl: Pool, count: int, pages: HeldOut
) -> dict[str, Any]:
    """Return the report that is stored beside the model."""
    report = {
        "label": config.label,
        **figures(pages),
        "held_out": {"positive": len(pages.positive), "negative": len(pages.negative)},
        "held_out_by": dict(zip(("positive", "negative"), pages.by, strict=True)),
        "near_trained": pages.near_trained,
        "drawn_of_each": count,
        "positive": _counts(good),
        "negative": _counts(crawl),
        "config": to_dict(config),
    }
    return {**report, "advice": advice(pages, report)}


def _counts(pool: Pool) -> dict[str, int]:
    return {"read": pool.read, "too_short": pool.short, "without_text": pool.without_text}


def print_report(context: Context, report: dict[str, Any]) -> None:
    """Print what the held-out pages say, and what they do not."""
    held_out = report["held_out"]
    if report["accuracy"] is not None:
        context.print(
            f"train quality: accuracy {_with_interval(report, 'accuracy')}, AUC "
            f"{_with_interval(report, 'auc')}, calibration error {report['calibration_error']:.1%} on "
            f"{held_out['positive']:,} good and {held_out['negative']:,} crawl pages (held out)"
        )
        context.print(f"{'threshold':>9} {'good kept':>10} {'crawl kept':>10} {'precision':>10}")
    for line in (Threshold(**values) for values in report["thresholds"]):
        precision = "-" if line.precision is None else f"{line.precision:.1%}"
        context.print(
            f"{line.threshold:9.2f} {line.recall:10.1%} {line.negatives_kept:10.1%} {precision:>10}"
        )
    for text in report["advice"]:
        context.print(f"train quality: {text}")


def _with_interval(report: dict[str, Any], name: str) -> str:
    low, high = report[f"{name}_interval"]
    return f"{report[name]:.1%} ({low:.1%} to {high:.1%})"
