"""Measures that rules of filter sets need beyond RedPajama-V2's signals.

Gopher counts `#` and ellipses apart, C4 counts sentences in the lines that stay, and rules about lines
are judged on the page as it was before paragraph dedup took out what repeats. Stop words are those of the
language, and languages without blanks between words have words of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from udfs.rule_measures.lines import line_measures
from udfs.rule_measures.scripts import UNSPACED
from udfs.rule_measures.stop_words import count_stop_words
from udfs.rule_measures.unspaced import NAMES as UNSPACED_NAMES
from udfs.rule_measures.unspaced import unspaced_measures
from udfs.rule_measures.words import word_measures

NAMES = (
    "language_probability",
    "stop_words",
    "alphabetic_words",
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
    "no_text_words",
    *UNSPACED_NAMES,
)
"""The fields of the column `rule_measures`; all are numbers, null where the text has no word or line."""

ARROW_TYPE = pa.struct([(name, pa.float64()) for name in NAMES])


def measures(
    texts: Sequence[str],
    pages: Sequence[str],
    languages: Sequence[str | None],
    probabilities: Sequence[float | None],
) -> pa.Array:
    """Return the measures of documents, one struct each.

    Parameters
    ----------
    texts
        Texts after paragraph dedup, of which words and symbols are counted.
    pages
        The same texts before, of which the lines are judged.
    languages, probabilities
        Codes of the languages, and their unrounded scores.
    """
    rows = [
        {
            "language_probability": probability,
            "stop_words": count_stop_words(text, language),
            **word_measures(text),
            **line_measures(page, language),
        }
        for text, page, language, probability in zip(
            texts, pages, languages, probabilities, strict=True
        )
    ]
    for language in sorted(UNSPACED & {*languages}):
        chosen = [row for row, other in enumerate(languages) if other == language]
        found = unspaced_measures([texts[row] for row in chosen], language)
        for row, values in zip(chosen, found, strict=True):
            rows[row].update(values)
    return pa.array(rows, ARROW_TYPE)
