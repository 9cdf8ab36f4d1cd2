"""Recipes as YAML files: those in recipes/, and the user's own.

    strata:
      common_crawl: {share: 67, by: bucket, shares: {head: 2, middle: 1}}
      c4: 15
      wikipedia: {share: 18, by: language, shares: {en: 3, de: 1}, max_epochs: 2.5}
    copies: {2: 3, 6: 5}

Shares are relative to their sum. Of a slice that is divided, only the parts in `shares` are sampled.
`strata: natural` gives each slice its own tokens as its share. `copies` repeats documents: one that dedup
found 2 to 5 times comes 3 times in each epoch, one that it found 6 times or more comes 5 times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from jobs.runtime import yaml_file
from jobs.steps.mix.recipe import Recipe, Stratum
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.common import BUCKETS
from schemas.settings.mapping import from_mapping
from schemas.settings.mix import MixConfig
from schemas.settings.options import REQUIRED, option
from schemas.settings.slices import SLICES
from schemas.settings.values import positive_float, positive_fraction, positive_int

SHIPPED = yaml_file.Shipped("recipe", "jobs.steps.mix", "recipes")

NATURAL = "natural"
"""What `strata` is in place of shares, to give each slice its own tokens as its share."""


@dataclass(frozen=True)
class SliceShare:
    """A slice in a recipe's file: its share alone, or a mapping of these keys."""

    share: Fraction = option(
        REQUIRED, "a number relative to the other slices' shares", read=positive_fraction, bare=True
    )
    by: Literal["bucket", "language", "subset"] | None = option(
        None, "the column that divides the slice"
    )
    shares: dict[str, Fraction] | None = option(
        None, "a share for each part, as en: 2", at_least=1, read=positive_fraction
    )
    max_epochs: float | None = option(None, "epochs of the slice, at most", read=positive_float)

    def __post_init__(self) -> None:
        if (self.by is None) != (self.shares is None):
            raise UserError("`by: bucket`, `language` or `subset`, and `shares:`, go together")
        if self.by == "bucket":
            check_names("shares", "bucket", self.shares or (), BUCKETS)

    def strata(self, name: str) -> dict[str, Stratum]:
        """Return the strata of the slice of that name: itself, or `name/part` for each part."""
        if self.shares is None:
            return {name: Stratum(name, self.share, self.max_epochs)}
        total = sum(self.shares.values())
        return {
            f"{name}/{part}": Stratum(name, self.share * share / total, self.max_epochs)
            for part, share in self.shares.items()
        }


@dataclass(frozen=True)
class RecipeFile:
    """The keys of a recipe's file."""

    strata: dict[str, SliceShare] | None = option(
        REQUIRED,
        f"a share for each slice, or {NATURAL}",
        metavar="SLICE",
        choices=SLICES,
        at_least=1,
    )
    copies: dict[int, int] | None = option(None, "numbers of copies, as 2: 3", read=positive_int)


def of(config: MixConfig) -> Recipe:
    """Return the recipe that the settings name.

    Raises
    ------
    UserError
        The recipe does not exist, cannot be read, or has a key or number that is not allowed.
    """
    if config.recipe is None:
        return Recipe("--weights", weights(config.weights), {})
    return parse(*SHIPPED.named(config.recipe, option="--recipe"))


def weights(weights: Sequence[str]) -> dict[str, Stratum]:
    """Return the strata of weights such as `common_crawl=0.67`.

    Raises
    ------
    UserError
        A weight is not a slice, `=` and a number above 0, or a slice has two.
    """
    strata: dict[str, Stratum] = {}
    for weight in weights:
        slice_, _, text = weight.partition("=")
        try:
            share = positive_fraction(text)
        except ValueError as error:
            raise UserError(
                f"--weights: expected SLICE=SHARE with a share above 0, found {weight!r}"
            ) from error
        check_names("--weights", "slice", [slice_], SLICES)
        if slice_ in strata:
            raise UserError(f"--weights: {slice_} has two shares: give it one")
        strata[slice_] = Stratum(slice_, share)
    return strata


def parse(content: str | bytes, where: str) -> Recipe:
    """Return the recipe that a file holds.

    Parameters
    ----------
    where
        Name of the file in errors.

    Raises
    ------
    UserError
        It is not YAML, or has a key or number that is not allowed.
    """
    keys = yaml_file.parse(content, where, yaml_file.TextLoader)
    natural = isinstance(keys, Mapping) and keys.get("strata") == NATURAL
    file = from_mapping(RecipeFile, {**keys, "strata": None} if natural else keys, where=where)
    strata: dict[str, Stratum] = {}
    for name, share in (file.strata or {}).items():
        strata |= share.strata(name)
    by = {name: share.by for name, share in (file.strata or {}).items() if share.by}
    return Recipe(where, strata, by, tuple(sorted((file.copies or {}).items())))
