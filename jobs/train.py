"""Train a model that the other jobs load: `jobs/steps/train/` has a file for each kind."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from jobs.runtime.context import Context
from schemas.settings import models

KINDS: dict[type[Any], str] = {
    models.TrainPerplexityConfig: "perplexity",
    models.TrainQualityConfig: "quality",
    models.TrainImportanceConfig: "importance",
}


def run(context: Context, settings: Any) -> Any:
    """Train the kind of model that the settings are for."""
    return importlib.import_module(f"jobs.steps.train.{KINDS[type(settings)]}").run(
        context, settings
    )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["train", *sys.argv[1:]]))
