"""The settings of `vacuum`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class VacuumConfig(RootConfig):
    """Remove what no manifest names."""

    grace_hours: float = option(
        24.0,
        "leave alone what runs wrote that started within these hours and have not ended",
        metavar="H",
        at_least=0.0,
    )
    dry_run: bool = option(False, "only say what would go")
