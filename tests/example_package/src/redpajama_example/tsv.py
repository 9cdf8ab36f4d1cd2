"""An export format: a line per document, its id and its text as JSON, with a tab between them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.export import shards
from jobs.steps.export.files import Written, put
from jobs.steps.export.selection import inputs, select
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig

__all__ = ["FOLDERS", "OPTIONS", "inputs", "plan"]

FOLDERS = ("data",)
OPTIONS = ("table", "slices", "sample", "shards")


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Write the lines of each shard."""
    selection = select(context, config, record)
    return partial(shards.write, selection, config.output, TabSeparated, record)


class TabSeparated(shards.ShardFiles):
    """A file of one shard."""

    def __init__(self, output: str, stem: str) -> None:
        super().__init__(output, stem)
        self._lines: list[str] = []

    def add(self, row: dict[str, Any]) -> int:
        """Add a document; return its tokens as curate counted them."""
        self._lines.append(f"{row['id']}\t{json.dumps(row['text'])}\n")
        return row["token_count"] or 0

    def put(self) -> list[Written]:
        """Put the file in place."""
        content = "".join(self._lines).encode()
        counts = {"tokens": self.tokens, "mended": self.mended}
        return [put(self.output, f"{self.stem}.tsv", content, len(self._lines), **counts)]
