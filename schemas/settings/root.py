"""What every job takes."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class RootConfig:
    """What every job takes."""

    root: str = option(
        REQUIRED, "folder of the tables: a path, file://, s3a://, /Volumes/...", metavar="URI"
    )
