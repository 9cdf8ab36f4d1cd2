"""The settings of `paragraphs`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.common import JobConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class ParagraphsConfig(JobConfig):
    """CCNet's paragraph dedup of the web slices: documents/ become paragraphs/."""

    group: str = option(
        "archive",
        "what is compared with each other: 'archive', a number of archives (CCNet's shards: "
        "RedPajama's had about 14), 'snapshot' or 'all'",
        metavar="GROUP",
    )
    keep: Literal["none", "first"] = option(
        "none", "of a paragraph in several documents keep none, as CCNet, or the first"
    )
