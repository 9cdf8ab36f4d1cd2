"""The settings of `decontaminate`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.errors import UserError
from schemas.settings.common import JobConfig
from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class DecontaminateConfig(JobConfig):
    """Which documents hold items of evaluation sets: annotated/ become contamination/.

    A document and an item that share --ngram words in a row, as in GPT-3's appendix C; case and
    punctuation are no matter, and a Chinese or Japanese character is a word. An evaluation set is
    called as its file, an item by its `id`, `task_id`, `question_id`, `uid`, `idx` or `key`, or else
    the number of its line.
    """

    evaluations: tuple[str, ...] = option(
        REQUIRED,
        "files of evaluation sets: JSON lines, JSON, CSV, TSV, Parquet, or text of an item a line; "
        "also packed, as .gz or .zst",
        metavar="FILE",
    )
    fields: tuple[str, ...] = option(
        (), "fields that are an item's text (default: all text but its id)", metavar="FIELD"
    )
    ngram: int = option(13, "words in a row that must be shared", metavar="N", at_least=1)
    shortest: int = option(
        8,
        "words of the shortest item; one of fewer than --ngram is looked for as a whole, one of fewer "
        "than this is not",
        metavar="N",
        at_least=1,
    )
    max_documents: int = option(
        0,
        "n-grams in more documents than this are common text and no evidence, as GPT-3 has it with 10; "
        "the texts are read twice for it, and an item that is copied often counts as common too (0: no "
        "such limit)",
        metavar="N",
        at_least=0,
    )

    def __post_init__(self) -> None:
        if not self.evaluations:
            raise UserError("--evaluations: name at least one file")
