"""The mixture: what each stratum was to have, what it has, and what LLaMA's had."""

from __future__ import annotations

from typing import Any

from jobs.runtime.context import Context
from jobs.steps.mix.summary import HEAD, rows
from jobs.steps.report.markup import Html, code, joined, table, tag
from jobs.steps.report.section import Section
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.settings.mix import MixConfig
from schemas.settings.report import ReportConfig

_TITLE = "The mixture"


def section(context: Context, config: ReportConfig) -> Section:
    """The strata of the current mixture/."""
    found = context.table("mixture").manifest
    record = runs.find(context.root, found.made_by) if found else None
    if record is None or not record.details.get("strata"):
        return Section("mixture", _TITLE, tag("p", "There is no mixture yet."), {"strata": []})
    return Section("mixture", _TITLE, _body(record), _numbers(record))


def _body(record: Record) -> Html:
    strata, config = record.details["strata"], record.settings(MixConfig)
    about = f"{record.rows_out:,} examples of {record.tokens_out:,} tokens, by "
    repeated = record.details["repeated"]
    twice = f"; {repeated:,} of them repeat a document" if repeated else ""
    return joined(
        [
            tag("p", about, code(_recipe(config)), f", seed {config.seed}{twice}."),
            table(
                "Strata, in tokens; epochs count how often what there is comes. LLaMA's are of 1.4T "
                "tokens",
                HEAD,
                rows(strata),
            ),
        ]
    )


def _recipe(config: MixConfig) -> str:
    """The options that say the proportions."""
    if config.sample:
        return f"--sample {config.sample}"
    if config.recipe:
        return f"--recipe {config.recipe}"
    return f"--weights {' '.join(config.weights)}" if config.weights else "natural sizes"


def _numbers(record: Record) -> dict[str, Any]:
    config = record.settings(MixConfig)
    return {
        "run": record.run,
        "recipe": _recipe(config),
        "seed": config.seed,
        "examples": record.rows_out,
        "tokens": record.tokens_out,
        "repeated": record.details["repeated"],
        "strata": record.details["strata"],
    }
