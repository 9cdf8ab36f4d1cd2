"""Documents that are held out of the mixture, by a hash, whatever the seed and the recipe.

All threads of one tree of conversations are held out, or none: they share their first messages. So rows are
chosen by the tree where a document has one, and by its id elsewhere.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

REASON = "held-out"

_PARTS = 1_000_000


def tree() -> Column:
    """Return the name of a document's tree, the id of its first message; null for other documents."""
    return F.get(F.col("messages"), F.lit(0))["id"]


def is_held_out(share: float) -> Column:
    """Return whether a document of corpus/ is among a share of the trees and of the other documents."""
    name = F.coalesce(F.concat("slice", F.lit("/"), tree()), "id")
    part = F.pmod(F.xxhash64(F.lit(REASON), name), F.lit(_PARTS))
    return part < F.lit(round(share * _PARTS))
