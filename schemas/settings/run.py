"""The settings of `run`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import option


@dataclass(frozen=True)
class RunConfig:
    """Run the whole pipeline, from dumps to a training mixture.

    The jobs are ingest, paragraphs, annotate, dedup, passages and decontaminate (where --config has sections
    for them), curate and mix.
    """

    root: str | None = option(
        None,
        "folder of the tables (default: `root` in --config; for the sample, a temporary folder)",
        metavar="URI",
    )
    config: str | None = option(
        None,
        "YAML file with a section for each job (default: run on the embedded sample)",
        metavar="FILE",
    )
    overwrite: bool = option(False, "run every job, even if its inputs and settings are unchanged")
