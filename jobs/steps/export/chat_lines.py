"""JSON lines of conversations, for the formats that store them so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson

from jobs.runtime.context import Context
from jobs.steps.export import shards
from jobs.steps.export.files import Written, ZstdLines
from jobs.steps.export.selection import Messages, select
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.chat.templates import ChatTemplate, load

FOLDERS = ("data",)
KEEPS_SHARDS = True
OPTIONS = ("table", "slices", "sample", "shards")

RecordsOf = Callable[[Mapping[str, Any], ChatTemplate | None], Sequence[Mapping[str, Any]]]
"""Returns the records of a row; raises NotRepresentable for one that the format has no form for."""


def plan(
    context: Context,
    config: ExportConfig,
    record: Record,
    records_of: RecordsOf,
    *,
    template: str | None = None,
    messages: Messages = "only",
) -> Callable[[], list[Written]]:
    """Count the documents; return a function that writes the records of each shard.

    Parameters
    ----------
    template
        Name or file of a chat template, which each task loads.

    Raises
    ------
    UserError
        There is no such template, or no conversation.
    """
    if template is not None:
        record.details["template"] = load(template).digest
    selection = select(context, config, record, messages)
    open_ = partial(ChatLines, records_of=records_of, template=template)
    return partial(shards.write, selection, config.output, open_, record)


class ChatLines(shards.ShardFiles):
    """A file of records; one document may make several."""

    def __init__(
        self, output: str, stem: str, *, records_of: RecordsOf, template: str | None
    ) -> None:
        super().__init__(output, stem)
        self._records_of = records_of
        self._template = None if template is None else load(template)
        self._lines = ZstdLines()

    def add(self, row: dict[str, Any]) -> int:
        """Add the records of a document; return its tokens as curate counted them."""
        records = self._records_of(row, self._template)
        self._lines.add(b"\n".join(map(orjson.dumps, records)))
        tokens: int = row["token_count"] or 0
        return tokens

    def put(self) -> list[Written]:
        """Write the file."""
        path = f"{self.stem}.jsonl.zst"
        return [self._lines.put(self.output, path, tokens=self.tokens, mended=self.mended)]
