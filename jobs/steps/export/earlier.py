"""Shards of an earlier export to the same folder, which are kept where they hold the same documents.

Only takedowns may have changed the table since: then equal ids in equal order are equal rows, and equal
rows give equal bytes. So the export after a takedown writes the shards that held a removed document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import storage
from jobs.runtime import package_versions
from jobs.runtime.context import Context
from jobs.steps.export.documents import documents
from jobs.steps.export.files import MANIFEST, Written
from jobs.storage.public_names import published
from jobs.tables import lineage
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from schemas.settings.stored import to_dict

_DESTINATION = ("root", "output", "overwrite")
"""Settings that say where an export goes, and not what it holds."""

DATA = "data"
"""Folder of the shards below the output folder."""

_CHUNK = 1 << 20

SHARD_COLUMNS = ("folder", "shard", "shards")
"""A row's shard and the number of shards; the folder is the slice for corpus/, "" for mixture/."""

_REPORT = T.StructType(
    [
        T.StructField("folder", T.StringType()),
        T.StructField("shard", T.IntegerType()),
        T.StructField("shards", T.IntegerType()),
        T.StructField("is_same", T.BooleanType()),
    ]
)


@dataclass(frozen=True)
class Shard:
    """The files of a shard, and the digest of the ids of its documents (`digest_of_ids`)."""

    ids: str
    files: tuple[Written, ...]


def stem(folder: str, shard: int, shards: int) -> str:
    """Return the path of a shard below the output folder, without an extension.

    >>> stem("wikipedia", 2, 12)
    'data/wikipedia/train-00002-of-00012'
    """
    parts = (DATA, folder) if folder else (DATA,)
    return "/".join((*parts, f"train-{shard:05}-of-{shards:05}"))


def of(context: Context, config: ExportConfig, record: Record) -> Mapping[str, Shard]:
    """Return the shards of the export that is in the output folder by stem; none if they may differ.

    They may where another version of this program, other settings or another tokenizer made them, or
    where the table has been made again.
    """
    stored = storage.read_versioned(storage.join(config.output, MANIFEST))
    content = json.loads(stored[0]) if stored else {}
    decisive = settings(config, record)
    if {name: content.get(name) for name in decisive} != decisive:
        return {}
    version = content["inputs"][config.table]
    now = context.table(config.table).required().version
    before = lineage.origin(context.root, config.table, version)
    if before != lineage.origin(context.root, config.table, now):
        return {}
    shards: dict[str, list[dict[str, Any]]] = {}
    for entry in content["files"]:
        if "ids" in entry:
            shards.setdefault(_stem_of(entry["path"]), []).append(entry)
    return {
        name: Shard(entries[0]["ids"], tuple(Written(**entry) for entry in entries))
        for name, entries in shards.items()
    }


def settings(config: ExportConfig, record: Record) -> dict[str, Any]:
    """Return what decides the bytes of an export beside the table, as its manifest has it."""
    decisive = {
        "program": package_versions.versions()["redpajama-spark"],
        **published(to_dict(config, without=_DESTINATION)),
    }
    for name in ("packing", "template"):
        if name in record.details:
            decisive[name] = record.details[name]
    return cast("dict[str, Any]", json.loads(json.dumps(decisive)))


def _stem_of(path: str) -> str:
    """Return the stem of a file: `data/train-00000-of-00003` of `.../shard.00000.mds` or `_mask.bin`."""
    before, train, rest = path.partition("train-")
    name = rest.partition("/")[0].partition(".")[0]
    return before + train + name.removesuffix("_mask")


def digest_of_ids() -> hashlib._Hash:
    """Return a digest to be updated by `line_of(id)` of each document of a shard in order."""
    return hashlib.sha256()


def line_of(id_: str) -> bytes:
    """Return what the digest of a shard reads for a document."""
    return f"{id_}\n".encode("utf-8", "surrogatepass")


def present(output: str, shards: Mapping[str, Shard]) -> Mapping[str, Shard]:
    """Return the shards whose files are all there with their sizes."""
    sizes = {info.uri: info.size for info in storage.list_names(output)} if shards else {}
    return {
        name: shard
        for name, shard in shards.items()
        if all(sizes.get(storage.join(output, file.path)) == file.bytes for file in shard.files)
    }


def remove_others(output: str, kept: Sequence[Written]) -> None:
    """Remove the files of an earlier export that are not kept."""
    folder = storage.join(output, DATA)
    if not kept:
        storage.remove_tree(folder)
        return
    uris = {storage.join(output, file.path) for file in kept}
    for info in storage.list_names(folder):
        if info.uri not in uris:
            storage.remove_tree(info.uri)


def split(
    rows: DataFrame, output: str, earlier: Mapping[str, Shard]
) -> tuple[DataFrame, list[Written]]:
    """Return the rows of the shards to write, and the files of those that stay as they are.

    Parameters
    ----------
    rows
        `id` and the columns of a shard, those of a shard in one partition and in order.
    earlier
        Shards in the output folder, which stay if they have the same documents and their files the
        SHA-256 of the manifest.
    """
    if not earlier:
        return rows, []
    kept: list[Written] = []
    changed: dict[str, list[int]] = {}
    compared = rows.select(*SHARD_COLUMNS, "id").mapInArrow(comparison(output, earlier), _REPORT)
    for folder, number, shards, is_same in compared.collect():
        if is_same:
            kept += earlier[stem(folder, number, shards)].files
        else:
            changed.setdefault(folder, []).append(number)
    is_changed = F.lit(False)
    for folder, numbers in changed.items():
        is_changed |= (F.col("folder") == folder) & F.col("shard").isin(*numbers)
    return rows.where(is_changed), kept


def comparison(
    output: str, earlier: Mapping[str, Shard]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return a function that yields for each shard of consecutive rows whether it can be kept."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = (row for batch in batches for row, _ in documents(batch))
        for shard, members in groupby(
            rows, key=lambda row: tuple(row[name] for name in SHARD_COLUMNS)
        ):
            digest = digest_of_ids()
            for row in members:
                digest.update(line_of(row["id"]))
            known = earlier.get(stem(*shard))
            is_same = known is not None and known.ids == digest.hexdigest()
            report = dict(zip(SHARD_COLUMNS, shard, strict=True)) | {
                "is_same": known is not None and is_same and _are_whole(output, known.files)
            }
            yield pa.RecordBatch.from_pylist([report], schema=to_arrow_schema(_REPORT))

    return work


def _are_whole(output: str, files: Sequence[Written]) -> bool:
    """Return whether files have the SHA-256 that they were written with."""
    for file in files:
        digest = hashlib.sha256()
        try:
            with storage.open_stream(storage.join(output, file.path)) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            return False
        if digest.hexdigest() != file.sha256:
            return False
    return True
