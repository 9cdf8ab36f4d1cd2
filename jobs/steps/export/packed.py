"""Settings of token ids, for the formats that store them."""

from __future__ import annotations

from jobs.steps.export.selection import Messages
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from udfs.chat.templates import load
from udfs.tokens.packing import Packing, packing
from udfs.tokens.tokenizer import load_tokenizer

MISTRAL = "mistral"


def require_tokenizer(config: ExportConfig) -> None:
    """Check that the settings name a tokenizer.

    Raises
    ------
    UserError
        They do not.
    """
    if config.tokenizer is None:
        raise UserError(
            f"--format {config.format} needs the tokenizer of the model that is trained: "
            "--tokenizer FILE, a SentencePiece model or a tokenizer.json, or 'mistral'"
        )


def check_template(config: ExportConfig, record: Record) -> Messages:
    """Return whether rows need their messages, for a chat template, whose digest the record gets.

    Raises
    ------
    UserError
        There is no such template.
    """
    if config.chat_template is None:
        return "without"
    record.details["template"] = load(config.chat_template).digest
    return "with"


def pack(config: ExportConfig, record: Record, *, wide: str) -> Packing:
    """Return how documents become token ids, and add it to the run's record and the manifest."""
    file = None if config.tokenizer == MISTRAL else config.tokenizer
    token_packing = packing(file, config.eod, wide)
    record.details["packing"] = {
        "tokenizer": load_tokenizer(file).name,
        "vocabulary": load_tokenizer(file).size,
        "eod": token_packing.end,
        "dtype": token_packing.dtype,
    }
    return token_packing
