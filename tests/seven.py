"""A configuration of all seven slices of the sample, to compare several ways of running it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from jobs.sample import SampleInfo
from jobs.tables.runs import Record


class Seven(NamedTuple):
    """A root built from all seven slices by one YAML file, and the records of its runs."""

    root: Path
    records: list[Record]
    file: str


def seven_settings(made: SampleInfo, root: str) -> dict[str, Any]:
    """Return the settings of the file: all dumps of the sample, and one snapshot of the web."""
    inputs = {name: list(patterns) for name, patterns in made.inputs.items()}
    # the part of the web that test_pipeline does not read
    inputs["common_crawl"] = [f"{made.archives}/crawl-data/CC-MAIN-2099-06/**/*.warc.gz"]
    return {
        "root": root,
        "ingest": [{"slice": name, "input": patterns} for name, patterns in inputs.items()],
        "paragraphs": {"group": "all"},
        "annotate": {"models": str(made.models)},
        "mix": {"tokens": 60_000, "shards": 2, "weights": [f"{name}=1" for name in inputs]},
    }
