"""MosaicML Streaming's shards (MDS): a folder for each of ours, one `index.json` of all in order."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.export import shards
from jobs.steps.export.files import Written, put
from jobs.steps.export.packed import pack
from jobs.steps.export.selection import Selection, inputs, select
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.formats import mosaic_mds
from udfs.tokens.packing import Packing

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["FOLDERS", "OPTIONS", "inputs", "plan"]

INDEX = "index.json"
FOLDERS: tuple[str, ...] = ("data", INDEX)
OPTIONS: tuple[str, ...] = ("table", "slices", "sample", "shards", "tokenizer", "eod", "compress")

_COLUMNS = {"id": "str", "slice": "str", "text": "str"}


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Write the samples of each shard, with token ids where a tokenizer is named, then the index."""
    packing = pack(config, record, wide="uint32") if config.tokenizer else None
    return partial(_write, select(context, config, record), config, packing, record)


def _write(
    selection: Selection, config: ExportConfig, packing: Packing | None, record: Record
) -> list[Written]:
    open_ = partial(Samples, packing=packing, compressed=config.compress)
    written = shards.write(selection, config.output, open_, record)
    said = _settings(packing, config.compress)
    entries = [
        mosaic_mds.entry(
            said,
            each.path,
            each.rows,
            (each.raw_bytes or 0, each.raw_sha256 or ""),
            (each.bytes, each.sha256),
        )
        for each in written
    ]
    return [*written, put(config.output, INDEX, mosaic_mds.index(entries), 0)]


def _settings(packing: Packing | None, compressed: bool) -> dict[str, Any]:
    tokens = {"tokens": f"ndarray:{packing.dtype}"} if packing else {}
    return mosaic_mds.settings(_COLUMNS | tokens, compressed=compressed)


class Samples(shards.ShardFiles):
    """The MDS shards of one shard; each is put in place when it is full."""

    def __init__(
        self, output: str, stem: str, *, packing: Packing | None, compressed: bool
    ) -> None:
        super().__init__(output, stem)
        self._pack = packing.packer() if packing else None
        self._compressed = compressed
        self._settings = _settings(packing, compressed)
        self._held: list[bytes] = []
        self._bytes = 0
        self._written: list[Written] = []

    def add(self, row: dict[str, Any]) -> int:
        """Add a sample; its tokens with its end, or as curate counted them."""
        columns = {name: (row[name] or "").encode() for name in _COLUMNS}
        n: int = row["token_count"] or 0
        if self._pack:
            ids = self._pack(row["text"] or "")
            columns["tokens"], n = mosaic_mds.array(ids), len(ids)
        made = mosaic_mds.sample(columns)
        if self._held and self._bytes + len(made) > mosaic_mds.SIZE_LIMIT:
            self._put()
        self._held.append(made)
        self._bytes += len(made)
        return n

    def put(self) -> list[Written]:
        """Put the last one in place."""
        self._put()
        return self._written

    def _put(self) -> None:
        content = raw = mosaic_mds.shard(self._held, self._settings)
        path = f"{self.stem}/shard.{len(self._written):05}.mds"
        if self._compressed:
            content, path = zstd.compress(raw), f"{path}.zstd"
        about = {"raw_bytes": len(raw), "raw_sha256": hashlib.sha256(raw).hexdigest()}
        counts = {"tokens": self.tokens, "mended": self.mended}
        rows = len(self._held)
        self._written.append(put(self.output, path, content, rows, **counts, **about))
        self._held, self._bytes, self.tokens, self.mended = [], 0, 0, 0
