"""A recipe: the share of each slice, or of its buckets or languages, and which documents repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pyspark.sql import Column
from pyspark.sql import functions as F

UNKNOWN = "unknown"
"""The part of documents without a language, in a slice divided by language."""

SUBSET = "subset"
"""What divides a slice by the key of that name in `metadata`: the sets of the Pile, Dolly's categories."""


@dataclass(frozen=True)
class Stratum:
    """A part of the corpus that has a share of the mixture.

    Attributes
    ----------
    slice
        The slice that it is, or is a part of.
    share
        A number relative to the other strata's shares.
    max_epochs
        Maximum number of epochs; None where the recipe does not set it.
    """

    slice: str
    share: Fraction
    max_epochs: float | None = None


@dataclass(frozen=True)
class Recipe:
    """Shares of strata, and repetition of documents.

    Attributes
    ----------
    name
        Name of the recipe, as errors have it.
    strata
        Name -> stratum. The name is a slice, or `slice/value` for a part of a divided slice. Empty
        where each slice's share is its own tokens.
    by
        Slice -> column that divides it, for divided slices.
    copies
        Pairs (least number of copies, times in each epoch), ascending.
    """

    name: str
    strata: Mapping[str, Stratum]
    by: Mapping[str, str]
    copies: Sequence[tuple[int, int]] = ()

    def stratum(self) -> Column:
        """Return the stratum of a document of corpus/; null if no stratum holds it."""
        name = F.col("slice")
        for slice_, column in self.by.items():
            own = F.col("metadata")["subset"] if column == SUBSET else F.col(column)
            value = F.coalesce(own, F.lit(UNKNOWN))
            part = F.concat_ws("/", "slice", value)
            name = F.when(F.col("slice") == slice_, part).otherwise(name)
        return F.when(name.isin(*self.strata), name) if self.strata else name

    def times(self) -> Column:
        """Return how many times a document of corpus/ is in each epoch."""
        copies = [F.coalesce(F.col(f"copies.{kind}"), F.lit(0)) for kind in ("exact", "near")]
        occurrences = F.lit(1) + copies[0] + copies[1]
        times = F.lit(1)
        for least, repeated in self.copies:
            times = F.when(occurrences >= least, repeated).otherwise(times)
        return times
