"""The settings of `report`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class ReportConfig(RootConfig):
    """Write report.html: what each job read, wrote and dropped.

    Its numbers are also in report.json, in the same folder.
    """

    output: str | None = option(
        None, "page to write (default: report.html in the root)", metavar="FILE"
    )
    sample: int = option(
        200,
        "number of documents to plant near-duplicates of, and of near-duplicates to compare by their texts",
        metavar="N",
        at_least=1,
    )
    seed: int = option(0, "seed of the samples", metavar="N")
