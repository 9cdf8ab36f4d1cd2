"""Text in ChatML, and the spans of it that the loss counts."""

from __future__ import annotations

from collections.abc import Callable

from jobs.runtime.context import Context
from jobs.steps.export import chat_texts
from jobs.steps.export.chat_lines import FOLDERS, KEEPS_SHARDS, OPTIONS
from jobs.steps.export.files import Written
from jobs.steps.export.selection import inputs
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig

__all__ = ["FOLDERS", "KEEPS_SHARDS", "OPTIONS", "inputs", "plan"]


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Count the documents; return a function that writes the texts of each shard."""
    return chat_texts.plan(context, config, record, "chatml")
