"""The settings of `vacuum`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class VacuumConfig(RootConfig):
    """Delete older versions of tables and what failed runs wrote."""

    grace_hours: float = option(
        24.0,
        "keep what unfinished runs wrote that started within these hours",
        metavar="H",
        at_least=0.0,
    )
    restore_days: float = option(
        30.0,
        "keep what takedowns removed for this many days, for `takedown --restore`",
        metavar="D",
        at_least=0.0,
    )
    dry_run: bool = option(False, "print what would be deleted, and delete nothing")
