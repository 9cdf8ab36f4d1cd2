"""The settings of `path`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class PathConfig(RootConfig):
    """Print the Parquet folders of a table's current version, or the hash of its rows."""

    table: str = option(REQUIRED, "name of the table, such as corpus", positional=True)
    hash: bool = option(
        False,
        "print the content hash: equal for equal rows, whatever their order, partitions and files are",
    )
