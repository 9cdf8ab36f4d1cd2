"""The settings of the mixture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.errors import UserError
from schemas.settings.common import BUCKETS, JobConfig
from schemas.settings.options import Renamed, option
from schemas.settings.values import token_count


@dataclass(frozen=True)
class MixConfig(JobConfig):
    """A token budget over the slices: corpus/ becomes mixture/."""

    tokens: int | None = option(
        None,
        "size of the mixture: a number, or 500M, 1B, 1.5T",
        metavar="N",
        at_least=1,
        read=token_count,
    )
    sample: int | None = option(
        None,
        "instead of --tokens: so many tokens in the corpus's own proportions, none of them twice",
        metavar="N",
        at_least=1,
        read=token_count,
    )
    recipe: str | None = option(
        None,
        "proportions: llama, redpajama-1t, slimpajama, txt360 or a YAML file",
        metavar="RECIPE",
    )
    weights: tuple[str, ...] = option(
        (), "share of each slice, as common_crawl=0.67 (default: its tokens)", metavar="SLICE=SHARE"
    )
    max_epochs: float = option(
        4.0,
        "how often a stratum may come, unless the recipe says it; inf for no limit",
        metavar="E",
        at_least=0.001,
    )
    on_shortage: Literal["fail", "shrink", "fill"] = option(
        "fail",
        "where a stratum has too few tokens for its share: fail, shrink the whole mixture, or fill it "
        "up from the other strata",
        renamed=Renamed("short", {"stop": "fail", "less": "shrink", "others": "fill"}),
    )
    seed: int = option(0, "another seed, another choice and order", metavar="N")
    buckets: tuple[str, ...] = option(
        BUCKETS,
        "buckets to draw from (RedPajama-V1 left out the tail)",
        metavar="BUCKET",
        choices=BUCKETS,
    )
    shards: int | None = option(
        None, "number of shards (default: one for each 100 million tokens)", metavar="N", at_least=1
    )

    def __post_init__(self) -> None:
        if (self.tokens is None) == (self.sample is None):
            raise UserError("--tokens N or --sample N is needed, and not both")
        if self.recipe is not None and self.weights:
            raise UserError("--recipe and --weights exclude each other: say the shares in one")
        if self.sample is not None and (self.recipe is not None or self.weights):
            raise UserError(
                "--sample has the corpus's own proportions: with --recipe or --weights it is --tokens"
            )
