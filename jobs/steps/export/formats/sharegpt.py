"""Conversations in ShareGPT's form: `conversations`, lists of from and value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.export import chat_lines
from jobs.steps.export.chat_lines import FOLDERS, KEEPS_SHARDS, OPTIONS
from jobs.steps.export.files import Written
from jobs.steps.export.selection import inputs
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.chat.templates import ChatTemplate
from udfs.formats import chat_records

__all__ = ["FOLDERS", "KEEPS_SHARDS", "OPTIONS", "inputs", "plan"]


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Count the conversations; return a function that writes the records of each shard."""
    return chat_lines.plan(context, config, record, _records)


def _records(row: Mapping[str, Any], template: ChatTemplate | None) -> list[dict[str, Any]]:
    return [chat_records.sharegpt(row)]
