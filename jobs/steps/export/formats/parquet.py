"""A data set for Hugging Face's `datasets`: `data/` in Parquet, and a dataset card.

The mixture is one configuration, in the order of training. The corpus has one for each slice, and
`default` for all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa

from jobs.runtime.context import Context
from jobs.steps.export import card, shards
from jobs.steps.export.files import ParquetRows, Written, put
from jobs.steps.export.selection import Selection, inputs, select
from jobs.storage.public_names import public_name
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.formats import chat_records

__all__ = ["FOLDERS", "KEEPS_SHARDS", "OPTIONS", "inputs", "plan"]

CARD = "README.md"
FOLDERS: tuple[str, ...] = ("data", CARD)
OPTIONS: tuple[str, ...] = ("table", "slices", "sample", "shards")
KEEPS_SHARDS = True

_TEXT = ("id", "text", "slice", "bucket", "url", "title", "date", "language", "license")
_MESSAGES = pa.list_(
    pa.struct([("role", pa.string()), ("content", pa.string()), ("extra", pa.string())])
)
_SCHEMAS = {
    table: pa.schema(
        [
            *((name, pa.string()) for name in _TEXT),
            ("source_uri", pa.string()),
            ("source_offset", pa.int64()),
            ("metadata", pa.string()),  # JSON: `datasets` has no maps
            ("token_count", pa.int32()),
            *own,
            ("messages", _MESSAGES),
        ]
    )
    for table, own in {
        "mixture": [("stratum", pa.string()), ("epoch", pa.int32())],
        "corpus": [("snapshot", pa.string()), ("perplexity", pa.float64())],
    }.items()
}
_FEW_VALUES = ("slice", "bucket", "language", "license", "source_uri", "stratum", "snapshot")
_ROW_GROUP = 1000  # rows that the viewer of a hub reads at once


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Count the rows; return a function that writes the rows of each shard, then the card."""
    selection = select(context, config, record, "with")
    source_runs = card.runs_behind(context, config.table)
    return partial(_write, selection, config, record, source_runs)


def _write(
    selection: Selection, config: ExportConfig, record: Record, source_runs: list[Record]
) -> list[Written]:
    open_ = partial(Rows, table=config.table)
    written = shards.write(selection, config.output, open_, record)
    content = card.card(config, _SCHEMAS[config.table], selection.kinds, written, source_runs)
    return [*written, put(config.output, CARD, content.encode(), 0)]


class Rows(shards.ShardFiles):
    """A Parquet file."""

    def __init__(self, output: str, stem: str, *, table: str) -> None:
        super().__init__(output, stem)
        self._schema = _SCHEMAS[table]
        few = [name for name in _FEW_VALUES if name in self._schema.names]
        self._rows = ParquetRows(self._schema, few, _ROW_GROUP)

    def add(self, row: dict[str, Any]) -> int:
        """Add a row; return its tokens as curate counted them."""
        source, metadata = row["source"] or {}, dict(row["metadata"] or ())
        values = row | {
            "source_uri": public_name(source.get("uri") or "") or None,
            "source_offset": source.get("offset"),
            "metadata": json.dumps(metadata, ensure_ascii=False, sort_keys=True),
            "messages": chat_records.stored_messages(row),
        }
        self._rows.add([values[name] for name in self._schema.names], len(row["text"] or ""))
        tokens: int = row["token_count"] or 0
        return tokens

    def put(self) -> list[Written]:
        """Write the file."""
        path = f"{self.stem}.parquet"
        return [self._rows.put(self.output, path, tokens=self.tokens, mended=self.mended)]
