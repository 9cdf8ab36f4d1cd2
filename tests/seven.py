"""All seven slices of the sample in one file: what several ways of running it are compared by."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from jobs.sample import SampleInfo
from jobs.tables.runs import Record
from schemas.settings.ingest import SLICES


class Seven(NamedTuple):
    """A root made by one YAML file from all seven slices, and the records of its runs."""

    root: Path
    records: list[Record]
    file: str


def seven_settings(made: SampleInfo, root: str) -> dict[str, Any]:
    """What the file says: all dumps of the sample, of the web one snapshot."""
    inputs = {name: list(patterns) for name, patterns in made.inputs.items()}
    # of the web, what test_pipeline does not go through again
    inputs["common_crawl"] = [f"{made.archives}/crawl-data/CC-MAIN-2099-06/**/*.warc.gz"]
    return {
        "root": root,
        "ingest": [{"slice": name, "input": patterns} for name, patterns in inputs.items()],
        "paragraphs": {"group": "all"},
        "annotate": {"models": str(made.models)},
        "mix": {"tokens": 60_000, "shards": 2, "weights": [f"{name}=1" for name in SLICES]},
    }
