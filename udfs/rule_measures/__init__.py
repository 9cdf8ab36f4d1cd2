"""Measures that rules of filter sets need beyond RedPajama-V2's signals.

Gopher counts `#` and ellipses apart, C4 counts sentences in the lines that stay, and rules about lines
are judged on the page as it was before paragraph dedup took out what repeats.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from udfs.rule_measures.lines import line_measures
from udfs.rule_measures.symbols import symbol_measures

NAMES = (
    "language_probability",
    "hash_word_ratio",
    "ellipsis_word_ratio",
    "bullet_lines",
    "ellipsis_lines",
    "duplicate_lines",
    "duplicate_line_characters",
    "punctuated_lines",
    "short_lines",
    "c4_lines",
    "c4_sentences",
    "fineweb_sentences",
)
"""The fields of the column `rule_measures`; all are numbers, null where the text has no word or line."""

ARROW_TYPE = pa.struct([(name, pa.float64()) for name in NAMES])


def measures(
    texts: Sequence[str], pages: Sequence[str], probabilities: Sequence[float | None]
) -> pa.Array:
    """Return the measures of documents, one struct each.

    Parameters
    ----------
    texts
        Texts after paragraph dedup, of which the symbols are counted.
    pages
        The same texts before, of which the lines are judged.
    probabilities
        Unrounded scores of the languages.
    """
    rows = [
        {"language_probability": probability, **symbol_measures(text), **line_measures(page)}
        for text, page, probability in zip(texts, pages, probabilities, strict=True)
    ]
    return pa.array(rows, ARROW_TYPE)
