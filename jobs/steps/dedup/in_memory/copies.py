"""Count the copies of each clustered document: `jobs.steps.dedup.copies` on arrays."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from jobs.steps.dedup.in_memory.documents import Documents
from jobs.steps.dedup.in_memory.survivors import Clusters
from jobs.steps.dedup.trees import TREE
from schemas.tables.copies import COPIES

_COLUMNS = ("id", "digest", "slice", "date", "root")


def rows(documents: Documents, clusters: Clusters) -> pa.Table:
    """Return rows of copies/: each document of this root that is in a cluster.

    Parameters
    ----------
    clusters
        Over all documents, whatever the scope.
    """
    places = pa.array(documents.of_node[clusters.node])
    columns = documents.rows.select(_COLUMNS)
    # threads of one tree are one document: what they share is no copy
    has_trees = TREE in documents.rows.column_names
    wholes = pc.coalesce(documents.rows[TREE], columns["id"]) if has_trees else columns["id"]
    members = columns.append_column("whole", wholes).take(places).to_pylist()
    labelled = sorted(zip(clusters.component.tolist(), members, strict=True), key=itemgetter(0))
    copies: list[tuple[object, ...]] = []
    for _, group in groupby(labelled, key=itemgetter(0)):
        cluster = [member for _, member in group]
        cluster_id = min(member["id"] for member in cluster)
        # an id that an earlier root has too is one document
        wholes = {member["whole"] for member in cluster}
        digests = Counter(
            digest for _, digest in {(row["whole"], row["digest"]) for row in cluster}
        )
        dates = [member["date"] for member in cluster if member["date"] is not None]
        shared = (
            sorted({member["slice"] for member in cluster if member["slice"] is not None}),
            min(dates, default=None),
            max(dates, default=None),
        )
        for member in cluster:
            if member["root"] is None:
                exact = digests[member["digest"]] - 1 if member["digest"] is not None else 0
                near = len(wholes) - 1 - exact
                copies.append((member["id"], cluster_id, exact, near, *shared))
    columns = zip(*copies, strict=True) if copies else ([] for _ in _TYPES)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, _TYPES, strict=True)]
    others = [pa.nulls(len(copies), kind) for kind in _OF_PAGES]
    return pa.table([*arrays, *others], names=COPIES.names)


_TYPES = (
    pa.string(),
    pa.string(),
    pa.int32(),
    pa.int32(),
    pa.list_(pa.string()),
    pa.string(),
    pa.string(),
)
_OF_PAGES = (pa.int32(), pa.string(), pa.string(), pa.string())  # added later
