"""The settings of `decontaminate`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.errors import UserError
from schemas.settings.common import JobConfig
from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class DecontaminateConfig(JobConfig):
    """Find documents that contain evaluation items and write contamination/.

    A document contains an item if it has 0.8 of the words of its question, each weighted by how few
    documents have the words around it; or, with --match ngram, if they share --ngram words in a row, as in
    GPT-3's appendix C. Case and punctuation are ignored; a character of Chinese, Japanese, Thai, Lao,
    Khmer, Burmese or Tibetan is a word. An evaluation set is named by its file, an item by its `id`,
    `task_id`, `question_id`, `uid`, `idx` or `key`, or else by its line.
    """

    evaluations: tuple[str, ...] = option(
        REQUIRED,
        "files of evaluation sets: JSON lines, JSON, CSV, TSV, Parquet, or text with an item a line; "
        "also compressed, as .gz or .zst",
        metavar="FILE",
    )
    fields: tuple[str, ...] = option(
        (), "fields that hold an item's text (default: all text fields but its id)", metavar="FIELD"
    )
    match: Literal["auto", "score", "ngram"] = option(
        "auto",
        "how an item is found: by the score of its question, or by --ngram words in a row; auto: by these "
        "if --ngram or --max-documents is given, else by score",
        unrecorded="ngram",
    )
    ngram: int = option(
        13, "number of words in a row that a document and an item share", metavar="N", at_least=1
    )
    shortest: int = option(
        8,
        "minimum number of words of an item; one of fewer than --ngram words is searched as a whole, one "
        "of fewer than this is skipped",
        metavar="N",
        at_least=1,
    )
    max_documents: int = option(
        0,
        "maximum number of documents that an n-gram may be in (GPT-3: 10); one in more is common text, "
        "not evidence. The texts are then read twice, and an item with many copies counts as common too "
        "(0: no limit)",
        metavar="N",
        at_least=0,
    )

    def __post_init__(self) -> None:
        if not self.evaluations:
            raise UserError("--evaluations: give at least one file")

    @property
    def by_score(self) -> bool:
        """Return whether questions are scored, rather than words in a row looked for."""
        if self.match == "auto":
            return self.ngram == 13 and not self.max_documents
        return self.match == "score"
