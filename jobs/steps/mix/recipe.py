"""Which share each slice has, or each bucket or language of it, and which documents come more often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pyspark.sql import Column
from pyspark.sql import functions as F

UNKNOWN = "unknown"
"""The language of documents without one, where a slice is divided by language."""


@dataclass(frozen=True)
class Stratum:
    """What a share is given to.

    Attributes
    ----------
    slice
        The slice that it is, or is a part of.
    share
        Relative to the other strata's.
    max_epochs
        How often it may come; None where the recipe does not say.
    """

    slice: str
    share: Fraction
    max_epochs: float | None = None


@dataclass(frozen=True)
class Recipe:
    """A recipe.

    Attributes
    ----------
    name
        What an error calls it.
    strata
        By name: a slice, or `slice/value` of one that is divided. Empty for each slice by the tokens
        there are of it.
    by
        The column by which a slice is divided, of slices that are.
    copies
        From so many copies, so many times in each epoch; ascending.
    """

    name: str
    strata: Mapping[str, Stratum]
    by: Mapping[str, str]
    copies: Sequence[tuple[int, int]] = ()

    def stratum(self) -> Column:
        """The stratum of a document of corpus/; null for one that no share is given to."""
        name = F.col("slice")
        for slice_, column in self.by.items():
            value = F.coalesce(F.col(column), F.lit(UNKNOWN))
            part = F.concat_ws("/", "slice", value)
            name = F.when(F.col("slice") == slice_, part).otherwise(name)
        return F.when(name.isin(*self.strata), name) if self.strata else name

    def times(self) -> Column:
        """How often a document of corpus/ comes in each epoch."""
        copies = [F.coalesce(F.col(f"copies.{kind}"), F.lit(0)) for kind in ("exact", "near")]
        found = F.lit(1) + copies[0] + copies[1]
        times = F.lit(1)
        for least, more in self.copies:
            times = F.when(found >= least, more).otherwise(times)
        return times
