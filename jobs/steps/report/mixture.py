"""Mixture: wanted and sampled tokens of each stratum, beside LLaMA's."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from jobs.runtime.context import Context
from jobs.steps.mix.summary import HEAD, rows
from jobs.steps.report.markup import code, joined, table, tag
from jobs.steps.report.section import Section
from jobs.storage.public_names import public_name
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.settings.mix import MixConfig
from schemas.settings.report import ReportConfig

_NAME, _TITLE = "mixture", "Mixture"


def section(context: Context, config: ReportConfig) -> Section:
    """Show the strata of the current mixture/."""
    manifest = context.table("mixture").manifest
    record = runs.find(context.root, manifest.made_by) if manifest else None
    if record is None or not record.details.get("strata"):
        body = tag("p", "No results yet: run ", tag("code", "redpajama mix"), ".")
        return Section(_NAME, _TITLE, body, {"strata": []})
    return Section(_NAME, _TITLE, _body(record), _numbers(record))


def _body(record: Record) -> Markup:
    strata, config = record.details["strata"], record.settings(MixConfig)
    about = f"{record.rows_out:,} examples with {record.tokens_out:,} tokens in total, by "
    recipe, repeated = _recipe(config), record.details["repeated"]
    recipe = code(recipe) if recipe.startswith("--") else recipe
    repeats = f"; {repeated:,} examples repeat a document" if repeated else ""
    return joined(
        [
            tag("p", about, recipe, f", seed {config.seed}{repeats}."),
            table(
                "Tokens by stratum; epochs are tokens over those in corpus/. LLaMA's are of a mixture "
                "of 1.4T tokens",
                HEAD,
                rows(strata),
            ),
        ]
    )


def _recipe(config: MixConfig) -> str:
    """Return the option that decided the proportions."""
    if config.sample:
        return f"--sample {config.sample}"
    if config.recipe:
        return f"--recipe {public_name(config.recipe)}"
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
