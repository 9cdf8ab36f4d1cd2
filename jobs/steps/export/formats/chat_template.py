"""Text by a chat template of a file, and the spans of it that the loss counts."""

from __future__ import annotations

from collections.abc import Callable

from jobs.runtime.context import Context
from jobs.steps.export import chat_lines, chat_texts
from jobs.steps.export.chat_lines import FOLDERS, KEEPS_SHARDS
from jobs.steps.export.files import Written
from jobs.steps.export.selection import inputs as table_inputs
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig

__all__ = ["FOLDERS", "KEEPS_SHARDS", "OPTIONS", "inputs", "plan"]

OPTIONS = (*chat_lines.OPTIONS, "chat_template")


def inputs(context: Context, config: ExportConfig) -> dict[str, str]:
    """Return the version of the table to read.

    Raises
    ------
    UserError
        There is no template, no table, or no document.
    """
    if config.chat_template is None:
        raise UserError(
            f"--format {config.format} needs the template of the model that is trained: "
            "--chat-template FILE, a tokenizer_config.json or its Jinja"
        )
    return table_inputs(context, config)


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Count the documents; return a function that writes the texts of each shard."""
    return chat_texts.plan(context, config, record, config.chat_template or "")
