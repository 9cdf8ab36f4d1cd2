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
from jobs.steps.export.packed import check_template, pack, require_tokenizer
from jobs.steps.export.selection import Selection, select
from jobs.steps.export.selection import inputs as table_inputs
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.formats.megatron_index import index
from udfs.tokens.chat_packing import ChatPacker
from udfs.tokens.packing import Packing

LIST = "data_args.txt"
MASK = "_mask"
"""What the name of a shard's mask ends with: a byte for each token, 1 where the loss counts it."""

FOLDERS: tuple[str, ...] = ("data", LIST)
OPTIONS: tuple[str, ...] = (
    "table",
    "slices",
    "sample",
    "shards",
    "tokenizer",
    "eod",
    "chat_template",
)
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
    messages = check_template(config, record)
    return partial(_write, select(context, config, record, messages), config, packing, record)


def _write(
    selection: Selection, config: ExportConfig, packing: Packing, record: Record
) -> list[Written]:
    open_ = partial(TokenFiles, packing=packing, template=config.chat_template)
    written = shards.write(selection, config.output, open_, record)
    shard_list = "".join(
        f"{file.tokens} {file.path.removesuffix('.bin')}\n"
        for file in written
        if file.path.endswith(".bin") and not file.path.endswith(f"{MASK}.bin")
    )
    return [*written, put(config.output, LIST, shard_list.encode(), 0)]


class TokenFiles(shards.ShardFiles):
    """The token ids of a shard, their index, and with a chat template the mask of those that are learnt."""

    def __init__(
        self, output: str, stem: str, *, packing: Packing, template: str | None = None
    ) -> None:
        super().__init__(output, stem)
        self._dtype = packing.dtype
        self._pack = packing.packer()
        self._pack_chat = None if template is None else ChatPacker(packing, template)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._mask = None if template is None else tempfile.TemporaryFile()  # noqa: SIM115
        self._lengths = array("i")

    def add(self, row: dict[str, Any]) -> int:
        """Add a document's token ids and its end; return their number."""
        if self._pack_chat and self._mask:
            ids, mask = self._pack_chat(row)
            self._mask.write(mask.tobytes())
        else:
            ids = self._pack(row["text"] or "")
        self._file.write(ids.tobytes())
        self._lengths.append(len(ids))
        return len(ids)

    def put(self) -> list[Written]:
        """Write all files, an index after its content: it never exists without it."""
        counts = {"tokens": self.tokens, "mended": self.mended}
        ids = put_local(self.output, f"{self.stem}.bin", self._file, len(self._lengths), **counts)
        content = index(self._lengths, self._dtype)
        written = [ids, put(self.output, f"{self.stem}.idx", content, 0)]
        if self._mask:
            masked = f"{self.stem}{MASK}"
            written.append(put_local(self.output, f"{masked}.bin", self._mask, 0))
            of_mask = index(self._lengths, "uint8")
            written.append(put(self.output, f"{masked}.idx", of_mask, 0))
        return written
