"""Members of the clusters that hold documents which are taken down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyspark.sql import types as T

from jobs import storage
from jobs.steps.takedown.files import mask_of
from jobs.tables import file_scan, taken_down
from jobs.tables.file_scan import StoredFile
from udfs.addresses.takedown_keys import key

CLUSTERS = T.StructType([T.StructField("cluster", T.StringType())])
MEMBERS = T.StructType(
    [
        T.StructField("cluster", T.StringType()),
        T.StructField("id", T.StringType()),
        T.StructField("dropped", T.BooleanType()),
        T.StructField("older", T.BooleanType()),
        T.StructField("size", T.LongType()),
    ]
)
_COLUMNS = {
    "duplicates": ("id", "survivor_id", "cluster_id", "root", "survivor_root"),
    "copies": ("id", "cluster_id", "exact", "near", "version_of"),
}
TABLES = tuple(_COLUMNS)
"""A document is in one cluster of duplicates/, within dedup's scope, and in one of copies/, over all."""


@dataclass(frozen=True)
class Members:
    """The documents of some clusters.

    Attributes
    ----------
    clusters
        The ids of the documents, by cluster.
    dropped
        Those that duplicates/ excludes.
    older
        Whether a cluster holds a document of an earlier root.
    """

    clusters: dict[str, set[str]]
    dropped: set[str]
    older: bool

    @property
    def ids(self) -> set[str]:
        """The documents of all clusters."""
        return set[str]().union(*self.clusters.values())


def clusters(
    root: str, documents: tuple[str, ...]
) -> Callable[[StoredFile], Iterator[dict[str, Any]]]:
    """Return the work of a scan of duplicates/ and copies/: the clusters that hold some documents.

    Parameters
    ----------
    documents
        Parquet files of entries, as `jobs.tables.taken_down.load` reads them.
    """

    def work(file: StoredFile) -> Iterator[dict[str, Any]]:
        entries = taken_down.load(documents)
        for columns in _columns(root, file):
            held = mask_of(columns["id"], entries)
            if "survivor_id" in columns:
                held |= mask_of(columns["survivor_id"], entries)
            names = {_cluster(file, columns["cluster_id"][row]) for row in held.nonzero()[0]}
            yield from ({"cluster": name} for name in names)

    return work


def members(
    root: str, clusters: tuple[str, ...]
) -> Callable[[StoredFile], Iterator[dict[str, Any]]]:
    """Return the work of a scan of duplicates/ and copies/: the members of some clusters.

    Parameters
    ----------
    clusters
        Parquet files of entries of the kind `cluster`.
    """

    def work(file: StoredFile) -> Iterator[dict[str, Any]]:
        entries = taken_down.load(clusters)
        for columns in _columns(root, file):
            names = [_cluster(file, name) for name in columns["cluster_id"]]
            held = entries.holds([key("cluster", name) for name in names])
            for row in held.nonzero()[0]:
                values = {name: column[row] for name, column in columns.items()}
                yield from _members(names[row], values)

    return work


def _members(cluster: str, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "survivor_id" not in row:
        # a version of a page that goes is no copy, and does not count as one
        size = None if row.get("version_of") else row["exact"] + row["near"] + 1
        about = {"dropped": False, "older": False, "size": size}
        yield {"cluster": cluster, "id": row["id"], **about}
        return
    older = row["root"] is not None or row["survivor_root"] is not None
    for name in ("id", "survivor_id"):
        about = {"dropped": name == "id", "older": older, "size": None}
        yield {"cluster": cluster, "id": row[name], **about}


def gathered(rows: Iterator[dict[str, Any]]) -> Members:
    """Return the members that a scan yields."""
    clusters: dict[str, set[str]] = {}
    dropped: set[str] = set()
    older = False
    present: Counter[str] = Counter()
    sizes: dict[str, int] = {}
    for row in rows:
        clusters.setdefault(row["cluster"], set()).add(row["id"])
        if row["dropped"]:
            dropped.add(row["id"])
        older = older or row["older"]
        if row["size"] is not None:
            present[row["cluster"]] += 1
            sizes[row["cluster"]] = max(row["size"], sizes.get(row["cluster"], 0))
    # a cluster with documents of an earlier root does not have a row of copies/ for each of them
    older = older or any(present[name] < size for name, size in sizes.items())
    return Members(clusters, dropped, older)


def _columns(root: str, file: StoredFile) -> Iterator[dict[str, list[Any]]]:
    uri = storage.join(root, file.table, file.path)
    for batch in file_scan.batches(uri, _COLUMNS[file.table]):
        yield batch.to_pydict()


def _cluster(file: StoredFile, cluster_id: str) -> str:
    """Return the name of a cluster: those of the two tables differ."""
    return f"{file.table}/{cluster_id}"
