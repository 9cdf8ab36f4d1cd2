"""Conversations as a prompt and its completion, as TRL reads them: messages, or text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.export import chat_lines
from jobs.steps.export.chat_lines import FOLDERS, KEEPS_SHARDS
from jobs.steps.export.files import Written
from jobs.steps.export.selection import inputs
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.chat.templates import ChatTemplate
from udfs.formats import chat_records

__all__ = ["FOLDERS", "KEEPS_SHARDS", "OPTIONS", "inputs", "plan"]

OPTIONS = (*chat_lines.OPTIONS, "chat_template", "turns")


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Count the conversations; return a function that writes the records of each shard."""
    records = partial(_records, as_text=config.turns == "text")
    return chat_lines.plan(context, config, record, records, template=config.chat_template)


def _records(
    row: Mapping[str, Any], template: ChatTemplate | None, *, as_text: bool
) -> list[dict[str, Any]]:
    return [chat_records.prompt_completion(row, template, as_text=as_text)]
