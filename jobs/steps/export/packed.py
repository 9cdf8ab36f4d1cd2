"""The settings of tokens, for the formats that have them."""

from __future__ import annotations

from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from udfs.tokens.packing import Packing, packing
from udfs.tokens.tokenizer import load_tokenizer

MISTRAL = "mistral"


def require_tokenizer(config: ExportConfig) -> None:
    """Refuse settings that name no tokenizer."""
    if config.tokenizer is None:
        raise UserError(
            f"--format {config.format} needs the tokenizer of the model that is trained: "
            "--tokenizer FILE, a SentencePiece model or a tokenizer.json, or 'mistral'"
        )


def pack(config: ExportConfig, record: Record, *, wide: str) -> Packing:
    """How documents become tokens, which the run's record and the manifest say too."""
    file = None if config.tokenizer == MISTRAL else config.tokenizer
    made = packing(file, config.eod, wide)
    record.details["packing"] = {
        "tokenizer": load_tokenizer(file).name,
        "vocabulary": load_tokenizer(file).size,
        "eod": made.end,
        "dtype": made.dtype,
    }
    return made
