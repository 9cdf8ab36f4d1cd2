"""The jobs of the command line and their settings, in the order of `redpajama --help`."""

from __future__ import annotations

from typing import Any

from schemas.settings.annotate import AnnotateConfig
from schemas.settings.check import CheckConfig
from schemas.settings.compare import CompareConfig
from schemas.settings.curate import CurateConfig
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.estimate import EstimateConfig
from schemas.settings.explore import ExploreConfig
from schemas.settings.export import ExportConfig
from schemas.settings.fetch_models import FetchModelsConfig
from schemas.settings.ingest import INGEST
from schemas.settings.mix import MixConfig
from schemas.settings.paragraphs import ParagraphsConfig
from schemas.settings.passages import PassagesConfig
from schemas.settings.path import PathConfig
from schemas.settings.report import ReportConfig
from schemas.settings.run import RunConfig
from schemas.settings.slices import slice_settings
from schemas.settings.takedown import TakedownConfig
from schemas.settings.trace import TraceConfig
from schemas.settings.train import (
    TrainImportanceConfig,
    TrainPerplexityConfig,
    TrainQualityConfig,
)
from schemas.settings.vacuum import VacuumConfig

JOBS: dict[str, type[Any]] = {
    "run": RunConfig,
    "estimate": EstimateConfig,
    **{f"ingest {name}": settings for name, settings in INGEST.items()},
    "paragraphs": ParagraphsConfig,
    "annotate": AnnotateConfig,
    "dedup": DedupConfig,
    "passages": PassagesConfig,
    "decontaminate": DecontaminateConfig,
    "curate": CurateConfig,
    "mix": MixConfig,
    "export": ExportConfig,
    "report": ReportConfig,
    "explore": ExploreConfig,
    "compare": CompareConfig,
    "path": PathConfig,
    "trace": TraceConfig,
    "takedown": TakedownConfig,
    "check": CheckConfig,
    "vacuum": VacuumConfig,
    "fetch-models": FetchModelsConfig,
    "train perplexity": TrainPerplexityConfig,
    "train quality": TrainQualityConfig,
    "train importance": TrainImportanceConfig,
}
"""Job -> settings. `jobs.cli.run` runs a job; its module in `jobs/` is named by its first word."""


def settings_class(job: str) -> type[Any]:
    """Return the settings class of a job, which may ingest a slice of an installed package.

    Raises
    ------
    UserError
        The package of the slice is broken.
    """
    if job in JOBS:
        return JOBS[job]
    return slice_settings(job.removeprefix("ingest "))
