"""Settings that several commands share."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import REQUIRED, option

BUCKETS = ("head", "middle", "tail", "all")
"""The values of `bucket`: thirds by perplexity, and `all` for documents without a bucket of their own."""


@dataclass(frozen=True)
class RootConfig:
    """Settings of every job that works on a root."""

    root: str = option(
        REQUIRED, "folder of the tables: a path, file://, s3a://, /Volumes/...", metavar="URI"
    )


@dataclass(frozen=True)
class JobConfig(RootConfig):
    """Settings of every job that writes a table."""

    overwrite: bool = option(False, "run even if inputs and settings are unchanged")
