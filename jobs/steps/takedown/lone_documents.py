"""Documents that are the last of their clusters: they have no duplicates and copies any more.

Such a document need not be deduplicated again. If it is in corpus/, its row stays, with no `copies`.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Collection, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.curate.corpus_rows import no_copies
from jobs.steps.takedown.files import mask_of
from jobs.steps.takedown.new_versions import NewVersions
from jobs.steps.takedown.sweep import SearchResult
from jobs.tables.manifest import Folder, Manifest
from schemas.tables import TABLES
from udfs.addresses.takedown_keys import Named, key


def carry(
    context: Context,
    corpus: Manifest,
    versions: NewVersions,
    result: SearchResult,
    ids: Collection[str],
    run: str,
) -> None:
    """Add the rows of corpus/ of lone documents to its new version.

    Parameters
    ----------
    result
        Its files that hold a document of a touched cluster are rewritten without all documents of these.
    ids
        The lone documents.
    """
    table, path = context.table("corpus"), f"{run}/carried"
    named = Named(key("id", id_) for id_ in ids)
    touched = {hit.path for hit in result.hits if hit.table == "corpus" and hit.touched}
    for number, file in enumerate(file for file in corpus.files if file.path in touched):
        partitions = [part for part in file.path.split("/") if "=" in part]
        slice_ = next(part[6:] for part in partitions if part.startswith("slice="))
        target = table.uri(path, *partitions, f"part-{number}.parquet")
        with tempfile.TemporaryFile() as local:
            writer = None
            for rows in _rows(table.uri(file.path), named, slice_):
                if writer is None:
                    writer = pq.ParquetWriter(
                        local, rows.schema, compression="zstd", store_schema=False
                    )
                writer.write_table(rows)
            if writer is not None:
                writer.close()
                storage.write_file(target, local)
    folder = table.with_files(Folder(path, corpus.made_by, TABLES["corpus"].job))
    if folder.files:
        labels = next((old.labels for old in corpus.folders if old.run == folder.run), {})
        versions.folders["corpus"].append(dataclasses.replace(folder, labels=labels))


def _rows(uri: str, named: Named, slice_: str) -> Iterator[pa.Table]:
    """Yield the rows of some documents of a slice, a row group at a time, with no copies."""
    with storage.open_seekable(uri) as stream:
        file = pq.ParquetFile(stream)
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group, use_threads=False)
            mask = mask_of(rows.column("id").to_pylist(), named)
            if mask.any():
                kept = rows.filter(pa.array(mask))
                column = kept.schema.get_field_index("copies")
                if column >= 0:
                    field = kept.schema.field(column)
                    none = [no_copies(slice_, date) for date in kept.column("date").to_pylist()]
                    kept = kept.set_column(column, field, pa.array(none, field.type))
                yield kept
