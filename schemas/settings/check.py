"""The settings of `check`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class CheckConfig(RootConfig):
    """Check a root, and print what is wrong and which command repairs it.

    Manifests, run records and the footers of all Parquet files are read. Nothing is changed.
    """

    deep: bool = option(
        False, "also read all rows, and verify the checksums of their pages, their numbers and ids"
    )
