"""Texts by a chat template, with the spans that the loss counts; other documents as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.export import chat_lines
from jobs.steps.export.files import Written
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig
from udfs.chat.templates import ChatTemplate
from udfs.formats import chat_records


def plan(
    context: Context, config: ExportConfig, record: Record, template: str
) -> Callable[[], list[Written]]:
    """Count the documents; return a function that writes the texts of each shard.

    Raises
    ------
    UserError
        There is no such template.
    """
    return chat_lines.plan(context, config, record, _records, template=template, messages="with")


def _records(row: Mapping[str, Any], template: ChatTemplate | None) -> list[dict[str, Any]]:
    assert template is not None
    return [chat_records.chat_text(row, template)]
