"""Train a model that `annotate` loads: `jobs/steps/train/` has a module for each kind."""

from __future__ import annotations

import importlib
import sys
from typing import Any, cast

from jobs import cli
from jobs.runtime.context import Context
from schemas.settings.commands import JOBS

_GROUP = "train "

KINDS: dict[type[Any], str] = {
    settings: job.removeprefix(_GROUP) for job, settings in JOBS.items() if job.startswith(_GROUP)
}
"""Settings -> the module of `jobs/steps/train/` that trains by them."""


def run(context: Context, settings: Any) -> Any:
    """Train the kind of model that the settings describe; return what its module's `run` returns."""
    kind = importlib.import_module(f"jobs.steps.train.{KINDS[type(settings)]}")
    return cast("cli.Job", kind).run(context, settings)


if __name__ == "__main__":
    sys.exit(cli.main(["train", *sys.argv[1:]]))
