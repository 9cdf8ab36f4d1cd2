"""The settings of `path`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class PathConfig(RootConfig):
    """Print the Parquet folders of a table's current version."""

    table: str = option(REQUIRED, "name of the table, such as corpus", positional=True)
