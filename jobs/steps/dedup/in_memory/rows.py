"""Rows of duplicates/: `jobs.steps.dedup.survivors.duplicates` on arrays."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyspark.sql.pandas.types import to_arrow_schema

from jobs.steps.dedup.in_memory.documents import Documents, Flags
from jobs.steps.dedup.in_memory.survivors import Compared
from schemas.tables.duplicates import DUPLICATES
from udfs.near_duplicates.simhash import BITS

SCHEMA = to_arrow_schema(DUPLICATES)


def duplicates(
    documents: Documents,
    compared: Compared,
    threshold: float,
    *,
    kind: str | None = None,
    wanted: Flags | None = None,
) -> pa.Table:
    """Return rows of duplicates/: each clustered document but the survivor, with the evidence.

    Parameters
    ----------
    kind
        The kind of all rows; by default the one that the evidence gives.
    wanted
        The compared documents that may have a row; None for all.
    """
    # a node of a cluster is one document, so documents are compared in place of nodes
    is_other = (compared.document != compared.survivor) & compared.has_own
    is_other &= compared.exact | ~compared.same_tree
    chosen = np.flatnonzero(is_other if wanted is None else is_other & wanted)
    exact, distance = compared.exact[chosen], compared.distance[chosen]
    similarity = compared.similarity[chosen]
    by_simhash = ~exact & ~(similarity >= threshold) & (distance >= 0)
    similarity = np.where(by_simhash, 1 - distance / BITS, similarity)
    kinds = np.where(exact, "exact", np.where(by_simhash, "simhash", "near"))
    rows = documents.rows.select(["id", "root"])
    dropped = rows.take(pa.array(compared.document[chosen]))
    survivors = rows.take(pa.array(compared.survivor[chosen]))
    columns = {
        "id": dropped["id"],
        "survivor_id": survivors["id"],
        "cluster_id": rows["id"].take(pa.array(compared.cluster[chosen])),
        "kind": pa.array(kinds.tolist() if kind is None else [kind] * len(chosen), pa.string()),
        "similarity": pa.array(np.where(exact, 1.0, similarity), from_pandas=True),
        "root": dropped["root"],
        "survivor_root": survivors["root"],
        "contained": pa.nulls(len(chosen), pa.float64()),
    }
    return pa.table(columns, schema=SCHEMA)
