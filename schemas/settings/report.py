"""The settings of `report`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class ReportConfig(RootConfig):
    """What the jobs did, as a page: report.html, and its numbers in report.json beside it."""

    output: str | None = option(
        None, "page to write (default: report.html in the root)", metavar="FILE"
    )
    sample: int = option(
        200,
        "documents to plant near-duplicates of, and near-duplicates whose texts are compared",
        metavar="N",
        at_least=1,
    )
    seed: int = option(0, "another seed, another sample", metavar="N")
