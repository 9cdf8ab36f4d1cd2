"""RedPajama-V1's JSON lines: one document per line, with `text`, `meta` and `red_pajama_subset`.

Conversations have `messages` too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

from jobs import slices
from jobs.runtime.context import Context
from jobs.slices.traits import Traits
from jobs.steps.export import shards
from jobs.steps.export.files import Written, ZstdLines
from jobs.steps.export.selection import inputs, select
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.formats import chat_records, redpajama_v1

__all__ = ["FOLDERS", "KEEPS_SHARDS", "OPTIONS", "inputs", "plan"]

FOLDERS: tuple[str, ...] = ("data",)
OPTIONS: tuple[str, ...] = ("table", "slices", "sample", "shards")
KEEPS_SHARDS = True

# Unicode's line ends, at which Python's splitlines would split a record
_LINE_ENDS = {"\u2028": b"\\u2028", "\u2029": b"\\u2029", "\x85": b"\\u0085"}
_ESCAPED = {end.encode(): escape for end, escape in _LINE_ENDS.items()}


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Count the documents; return a function that writes the records of each shard."""
    selection = select(context, config, record, "with")
    traits = slices.traits_of(kind.slice for kind in selection.kinds)
    return partial(
        shards.write, selection, config.output, partial(JsonLines, traits=traits), record
    )


class JsonLines(shards.ShardFiles):
    """A file of records."""

    def __init__(self, output: str, stem: str, *, traits: Mapping[str, Traits]) -> None:
        super().__init__(output, stem)
        self._traits = traits
        self._lines = ZstdLines()

    def add(self, row: dict[str, Any]) -> int:
        """Add a record; return its tokens as curate counted them."""
        self._lines.add(line(row, self._traits[row["slice"]]))
        tokens: int = row["token_count"] or 0
        return tokens

    def put(self) -> list[Written]:
        """Write the file."""
        path = f"{self.stem}.jsonl.zst"
        return [self._lines.put(self.output, path, tokens=self.tokens, mended=self.mended)]


def line(row: dict[str, Any], traits: Traits) -> bytes:
    """Return the record of a row as JSON, without line ends of any kind."""
    values = redpajama_v1.record(row, traits.v1_meta, traits.v1_subset)
    if row.get("messages"):
        values["messages"] = chat_records.messages(row)["messages"]
    record = orjson.dumps(values)
    for end, escape in _ESCAPED.items():
        if end in record:  # in a string: the rest of JSON is ASCII
            record = record.replace(end, escape)
    return record
