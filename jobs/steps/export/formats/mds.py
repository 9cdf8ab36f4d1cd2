"""MosaicML Streaming's MDS: a folder of MDS shards for each shard, and one `index.json` of all."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.export import shards
from jobs.steps.export.files import Written, put
from jobs.steps.export.packed import check_template, pack
from jobs.steps.export.selection import Selection, inputs, select
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from udfs.formats import mosaic_mds
from udfs.tokens.chat_packing import ChatPacker
from udfs.tokens.packing import Packing

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["FOLDERS", "KEEPS_SHARDS", "OPTIONS", "inputs", "plan"]

INDEX = "index.json"
FOLDERS: tuple[str, ...] = ("data", INDEX)
OPTIONS: tuple[str, ...] = (
    "table",
    "slices",
    "sample",
    "shards",
    "tokenizer",
    "eod",
    "compress",
    "chat_template",
)
KEEPS_SHARDS = True

_COLUMNS = {"id": "str", "slice": "str", "text": "str"}


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Return a function that writes samples, with token ids if a tokenizer is given, then the index."""
    packing = pack(config, record, wide="uint32") if config.tokenizer else None
    if config.chat_template and packing is None:
        raise UserError("--chat-template is for token ids: give --tokenizer too")
    messages = check_template(config, record)
    return partial(_write, select(context, config, record, messages), config, packing, record)


def _write(
    selection: Selection, config: ExportConfig, packing: Packing | None, record: Record
) -> list[Written]:
    template = config.chat_template
    open_ = partial(Samples, packing=packing, compressed=config.compress, template=template)
    written = shards.write(selection, config.output, open_, record)
    settings = _settings(packing, config.compress, masked=template is not None)
    entries = [
        mosaic_mds.entry(
            settings,
            file.path,
            file.rows,
            (file.raw_bytes or 0, file.raw_sha256 or ""),
            (file.bytes, file.sha256),
        )
        for file in written
    ]
    return [*written, put(config.output, INDEX, mosaic_mds.index(entries), 0)]


def _settings(packing: Packing | None, compressed: bool, *, masked: bool) -> dict[str, Any]:
    tokens = {"tokens": f"ndarray:{packing.dtype}"} if packing else {}
    if masked:
        tokens["mask"] = "ndarray:uint8"
    return mosaic_mds.settings(_COLUMNS | tokens, compressed=compressed)


class Samples(shards.ShardFiles):
    """The MDS shards of one shard; each is written when it is full."""

    def __init__(
        self,
        output: str,
        stem: str,
        *,
        packing: Packing | None,
        compressed: bool,
        template: str | None = None,
    ) -> None:
        super().__init__(output, stem)
        self._pack = packing.packer() if packing else None
        self._pack_chat = ChatPacker(packing, template) if packing and template else None
        self._compressed = compressed
        self._settings = _settings(packing, compressed, masked=template is not None)
        self._samples: list[bytes] = []
        self._bytes = 0
        self._written: list[Written] = []

    def add(self, row: dict[str, Any]) -> int:
        """Add a sample; return the number of its token ids with the end, or of tokens as curate counted."""
        columns = {name: (row[name] or "").encode() for name in _COLUMNS}
        n: int = row["token_count"] or 0
        if self._pack_chat:
            ids, mask = self._pack_chat(row)
            columns |= {"tokens": mosaic_mds.array(ids), "mask": mosaic_mds.array(mask)}
            n = len(ids)
        elif self._pack:
            ids = self._pack(row["text"] or "")
            columns["tokens"], n = mosaic_mds.array(ids), len(ids)
        sample = mosaic_mds.sample(columns)
        if self._samples and self._bytes + len(sample) > mosaic_mds.SIZE_LIMIT:
            self._put()
        self._samples.append(sample)
        self._bytes += len(sample)
        return n

    def put(self) -> list[Written]:
        """Write the last MDS shard; return all files."""
        self._put()
        return self._written

    def _put(self) -> None:
        content = raw = mosaic_mds.shard(self._samples, self._settings)
        path = f"{self.stem}/shard.{len(self._written):05}.mds"
        if self._compressed:
            content, path = zstd.compress(raw), f"{path}.zstd"
        raw_fields = {"raw_bytes": len(raw), "raw_sha256": hashlib.sha256(raw).hexdigest()}
        counts = {"tokens": self.tokens, "mended": self.mended}
        rows = len(self._samples)
        self._written.append(put(self.output, path, content, rows, **counts, **raw_fields))
        self._samples, self._bytes, self.tokens, self.mended = [], 0, 0, 0
