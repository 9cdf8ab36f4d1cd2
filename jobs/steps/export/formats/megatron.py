"""Token ids for Megatron-LM: `.bin` and `.idx` of each shard, one document after another.

`data_args.txt` lists the shards with their numbers of tokens as weights. Megatron-LM's `--data-args-path`
reads it from the output folder.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable
from functools import partial
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.export import shards
from jobs.steps.export.files import Written, put, put_local
from jobs.steps.export.packed import pack, require_tokenizer
from jobs.steps.export.selection import Selection, select
from jobs.steps.export.selection import inputs as table_inputs
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.formats.megatron_index import index
from udfs.tokens.packing import Packing

LIST = "data_args.txt"
FOLDERS: tuple[str, ...] = ("data", LIST)
OPTIONS: tuple[str, ...] = ("table", "slices", "sample", "shards", "tokenizer", "eod")
KEEPS_SHARDS = True


def inputs(context: Context, config: ExportConfig) -> dict[str, str]:
    """Return the version of the table to read.

    Raises
    ------
    UserError
        There is no tokenizer, no table, or no document.
    """
    require_tokenizer(config)
    return table_inputs(context, config)


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Return a function that writes the token ids of each shard, then the list of shards."""
    packing = pack(config, record, wide="int32")
    return partial(_write, select(context, config, record), config, packing, record)


def _write(
    selection: Selection, config: ExportConfig, packing: Packing, record: Record
) -> list[Written]:
    open_ = partial(TokenFiles, packing=packing)
    written = shards.write(selection, config.output, open_, record)
    shard_list = "".join(
        f"{file.tokens} {file.path.removesuffix('.bin')}\n"
        for file in written
        if file.path.endswith(".bin")
    )
    return [*written, put(config.output, LIST, shard_list.encode(), 0)]


class TokenFiles(shards.ShardFiles):
    """The token ids of a shard, and their index."""

    def __init__(self, output: str, stem: str, *, packing: Packing) -> None:
        super().__init__(output, stem)
        self._dtype = packing.dtype
        self._pack = packing.packer()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._lengths = array("i")

    def add(self, row: dict[str, Any]) -> int:
        """Add a document's token ids and its end; return their number."""
        ids = self._pack(row["text"] or "")
        self._file.write(ids.tobytes())
        self._lengths.append(len(ids))
        return len(ids)

    def put(self) -> list[Written]:
        """Write both files, the index last: it never exists without its token ids."""
        counts = {"tokens": self.tokens, "mended": self.mended}
        path = f"{self.stem}.bin"
        ids = put_local(self.output, path, self._file, len(self._lengths), **counts)
        content = index(self._lengths, self._dtype)
        return [ids, put(self.output, f"{self.stem}.idx", content, 0)]
