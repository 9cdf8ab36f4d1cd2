"""The settings of `paragraphs`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.common import JobConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class ParagraphsConfig(JobConfig):
    """Remove repeated paragraphs of web documents, as CCNet, and write paragraphs/."""

    group: str = option(
        "archive",
        "documents to compare with each other: those of one 'archive', of a number of archives (CCNet's "
        "shards; RedPajama's had about 14), of a 'snapshot', or 'all'",
        metavar="GROUP",
    )
    keep: Literal["none", "first"] = option(
        "none", "which copy of a repeated paragraph to keep: none, as CCNet, or the first"
    )
