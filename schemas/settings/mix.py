"""The settings of `mix`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.errors import UserError
from schemas.settings.common import BUCKETS, JobConfig
from schemas.settings.options import Renamed, option
from schemas.settings.values import token_count


@dataclass(frozen=True)
class MixConfig(JobConfig):
    """Sample a token budget from corpus/ and write mixture/.

    The budget is divided among strata: the slices, or in a recipe also their buckets or languages.
    """

    tokens: int | None = option(
        None,
        "size of the mixture in tokens: a number, or 500M, 1B, 1.5T",
        metavar="N",
        at_least=1,
        read=token_count,
    )
    sample: int | None = option(
        None,
        "in place of --tokens: size of a mixture in the corpus's own proportions, without repetition",
        metavar="N",
        at_least=1,
        read=token_count,
    )
    recipe: str | None = option(
        None,
        "shares of the strata: llama, pile, redpajama-1t, slimpajama, txt360 or a YAML file",
        metavar="RECIPE",
    )
    weights: tuple[str, ...] = option(
        (), "share of each slice, as common_crawl=0.67 (default: its tokens)", metavar="SLICE=SHARE"
    )
    max_epochs: float = option(
        4.0,
        "maximum number of epochs of a stratum, unless the recipe sets it; inf for no limit",
        metavar="E",
        at_least=0.001,
    )
    on_shortage: Literal["fail", "shrink", "fill"] = option(
        "fail",
        "where a stratum has too few tokens for its share: fail, shrink the whole mixture, or fill it "
        "up from the other strata",
        renamed=Renamed("short", {"stop": "fail", "less": "shrink", "others": "fill"}),
    )
    held_out: float = option(
        0.0,
        "share of the documents to hold out of the mixture, below 1; all threads of a tree of conversations "
        "together (`export --held-out` writes them)",
        metavar="P",
        at_least=0,
        depends_on="held_out",
    )
    seed: int = option(0, "seed of the choice and order of documents", metavar="N")
    buckets: tuple[str, ...] = option(
        BUCKETS,
        "buckets to sample from (RedPajama-V1: all but the tail)",
        metavar="BUCKET",
        choices=BUCKETS,
    )
    shards: int | None = option(
        None,
        "number of shards (default: one for every 100 million tokens)",
        metavar="N",
        at_least=1,
    )

    def __post_init__(self) -> None:
        if (self.tokens is None) == (self.sample is None):
            raise UserError("--tokens N or --sample N is needed, and not both")
        if self.held_out >= 1:
            raise UserError(f"--held-out: expected a share below 1, found {self.held_out}")
        if self.recipe is not None and self.weights:
            raise UserError("--recipe and --weights exclude each other: give the shares in one")
        if self.sample is not None and (self.recipe is not None or self.weights):
            raise UserError(
                "--sample has the corpus's own proportions: with --recipe or --weights it is --tokens"
            )
