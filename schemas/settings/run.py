"""The settings of `run`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import option


@dataclass(frozen=True)
class RunConfig:
    """Everything, in order."""

    root: str | None = option(
        None,
        "folder of the tables (default: as in --config, else a new one below the temporary folder)",
        metavar="URI",
    )
    config: str | None = option(
        None, "YAML file with a section for each job (default: the embedded sample)", metavar="FILE"
    )
    overwrite: bool = option(False, "run even what is unchanged")
