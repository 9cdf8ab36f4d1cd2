"""Find the documents of a takedown in Parquet files, by the columns that name them."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pyspark.sql import types as T

from jobs import storage
from jobs.tables import file_scan, taken_down
from jobs.tables.damage import DamagedFileError
from jobs.tables.file_scan import StoredFile
from jobs.tables.manifest import Manifest
from udfs.addresses.near_forms import NearForms
from udfs.addresses.takedown_keys import Named, key

# tables that hold documents, the last made first: documents/ is changed last, so that an interrupted
# takedown still finds by address what it has to remove
TABLES = (
    *("mixture", "corpus", "contamination", "passages", "copies", "duplicates"),
    *("annotated", "paragraphs", "documents"),
)
KEYED = ("documents", "annotated", "corpus", "mixture")
"""Tables with addresses: the others hold the same ids."""

_NEAR_IN_A_FILE = 1000

MATCHES = T.StructType(
    [
        T.StructField("id", T.StringType()),
        T.StructField("url", T.StringType()),
        T.StructField("keys", T.ArrayType(T.StringType())),
        T.StructField("near", T.StringType()),
    ]
)
HITS = T.StructType(
    [
        T.StructField("table", T.StringType()),
        T.StructField("path", T.StringType()),
        T.StructField("taken", T.LongType()),
        T.StructField("touched", T.LongType()),
    ]
)


class Hit(NamedTuple):
    """A file with rows to remove.

    Attributes
    ----------
    path
        Below the table.
    taken
        Rows of documents that are taken down; -1 for a file that cannot be read, such as a killed
        run's.
    touched
        Rows of these documents and of the others in their clusters.
    """

    table: str
    path: str
    taken: int
    touched: int


def named(manifests: Mapping[str, Manifest]) -> set[tuple[str, str]]:
    """Return table and path of the files that belong to the current versions."""
    return {(name, file.path) for name, version in manifests.items() for file in version.files}


def matches(
    root: str, entries: tuple[str, ...], requested: tuple[str, ...], near_in: str | None
) -> Callable[[StoredFile], Iterator[dict[str, Any]]]:
    """Return the work of a scan: the documents that takedown entries name, and those that are similar.

    Parameters
    ----------
    entries
        Parquet files of all entries, as `jobs.tables.taken_down.load` reads them.
    requested
        Those whose similar addresses are looked for.
    near_in
        Table whose current files are searched for similar addresses.
    """

    def work(file: StoredFile) -> Iterator[dict[str, Any]]:
        taken = taken_down.load(entries)
        is_near = file.is_current and file.table == near_in
        near = _near_forms(requested) if is_near else NearForms(())
        uri, left = storage.join(root, file.table, file.path), _NEAR_IN_A_FILE
        with contextlib.suppress(DamagedFileError):  # which `hits` reports
            for batch in file_scan.batches(uri, taken_down.COLUMNS):
                if "id" not in batch.schema.names:
                    return  # which `hits` reports too
                rows = _matches(batch.to_pydict(), taken, near)
                yield from (row for row in rows if row["keys"])
                similar = [row for row in rows if not row["keys"]][:left]
                left -= len(similar)
                yield from similar

    return work


def _matches(columns: dict[str, list[Any]], taken: Named, near: NearForms) -> list[dict[str, Any]]:
    ids = columns["id"]
    values = [columns.get(name) or [None] * len(ids) for name in taken_down.KEYS]
    keys = taken.matches(*values)
    _, urls, _, source_domains, _ = values
    forms = near.of(urls, source_domains) if len(near) else [None] * len(ids)
    return [
        {"id": id_, "url": url, "keys": keys_of_row or [], "near": form}
        for id_, url, keys_of_row, form in zip(ids, urls, keys, forms, strict=True)
        if keys_of_row or form
    ]


@functools.lru_cache(maxsize=4)
def _near_forms(requested: tuple[str, ...]) -> NearForms:
    rows = taken_down.rows_of(requested, "kind", "value")
    return NearForms((row["kind"], row["value"]) for row in rows)


def hits(
    root: str, taken: tuple[str, ...], touched: tuple[str, ...]
) -> Callable[[StoredFile], Iterator[dict[str, Any]]]:
    """Return the work of a scan: the files that hold one of these documents, found by id.

    A file of rows without ids is a hit without rows of either kind.

    Parameters
    ----------
    taken, touched
        Parquet files of entries, in the form that `jobs.tables.taken_down.load` reads.
    """

    def work(file: StoredFile) -> Iterator[dict[str, Any]]:
        sets = taken_down.load(taken), taken_down.load(touched)
        counts, has_ids = np.zeros(2, np.int64), True
        try:
            for batch in file_scan.batches(storage.join(root, file.table, file.path), ("id",)):
                if not batch.schema.names:
                    has_ids = False
                    break
                ids = batch.column("id").to_pylist()
                counts += [int(mask_of(ids, entries).sum()) for entries in sets]
        except DamagedFileError:
            counts[:] = -1
        if counts.any() or not has_ids:
            yield dict(zip(HITS.names, (file.table, file.path, *map(int, counts)), strict=True))

    return work


def mask_of(ids: list[str | None], entries: Named) -> npt.NDArray[np.bool_]:
    """Return a mask of the ids that a set of entries holds."""
    return entries.holds([key("id", id_ or "") for id_ in ids])
