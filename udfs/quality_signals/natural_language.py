"""Signals of natural language (C4, Gopher, the Pretrainer's Guide)."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import numpy as np

from udfs.quality_signals.arrays import Floats, Ints, ratio, round_half_even, segment_sum
from udfs.quality_signals.declaration import signal
from udfs.quality_signals.documents import Documents

# V2 counts the matches of \b[^.!?]+[.!?]*. Each begins at the first word character of a run without
# marks and takes the rest of it: this counts the same, and never looks at a character twice.
_SENTENCE = re.compile(r"\w[^.!?]*")
_SYMBOLS = ("#", "...", "…")


@signal("rps_doc_num_sentences")
def num_sentences(documents: Documents) -> Floats:
    """Sentences, ended by any of `. ! ?` (C4)."""
    return np.array([len(_SENTENCE.findall(text)) for text in documents.texts], np.float64)


@signal("rps_doc_word_count")
def word_count(documents: Documents) -> Floats:
    """Normalised words (Gopher)."""
    return documents.word_counts.astype(np.float64)


@signal("rps_doc_mean_word_length")
def mean_word_length(documents: Documents) -> Floats:
    """Code points per normalised word (Gopher); null without words."""
    return ratio(documents.word_chars, documents.word_counts, empty=np.nan)


@signal("rps_doc_symbol_to_word_ratio")
def symbol_to_word_ratio(documents: Documents) -> Floats:
    """`#`, `...` and `…` per raw word (Gopher); null without words."""
    symbols = [sum(map(text.count, _SYMBOLS)) for text in documents.texts]
    return ratio(np.array(symbols, np.int64), documents.raw_word_counts, empty=np.nan)


@signal("rps_doc_frac_lines_end_with_ellipsis")
def frac_lines_end_with_ellipsis(documents: Documents) -> Floats:
    """Share of lines that end with `...` or `…` (Gopher); null without lines."""
    ending = documents.at_line_ends(documents.vocabulary.ends_with_ellipsis)
    lines = segment_sum(ending, documents.document_lines)
    return ratio(lines, documents.line_counts, empty=np.nan)


@signal("rps_doc_frac_no_alph_words")
def frac_no_alph_words(documents: Documents) -> Floats:
    """Share of raw words without an ASCII letter (Gopher), so 1.0 for Greek; null without words."""
    alphabetic = documents.sum_by_document(documents.vocabulary.alphabetic_counts)
    total = documents.raw_word_counts
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 1.0 - alphabetic / total
    return np.where(total == 0, np.nan, round_half_even(share))


@signal("rps_doc_frac_unique_words")
def frac_unique_words(documents: Documents) -> Floats:
    """Distinct normalised words per normalised word (Pretrainer's Guide); null without words."""
    repeats = documents.repeats
    distinct = np.bincount(repeats.document[repeats.first_words], minlength=len(documents))
    return ratio(distinct, documents.word_counts, empty=np.nan)


@signal("rps_doc_unigram_entropy")
def unigram_entropy(documents: Documents) -> Floats:
    """Entropy of the normalised words in nats; null without words.

    V2 adds the terms one by one in the order in which the words are first met, and takes each
    logarithm from the C library. So does this, since the last digit depends on both.
    """
    repeats = documents.repeats
    count_at = np.zeros(len(documents.words), np.int64)
    count_at[repeats.first_words] = repeats.unigrams.counts
    entropy = np.full(len(documents), np.nan)
    for row, (start, end) in enumerate(pairwise(documents.document_words.tolist())):
        if start < end:
            counts = count_at[start:end]
            entropy[row] = _entropy(counts[counts > 0], end - start)
    return round_half_even(entropy)


def _entropy(counts: Ints, total: int) -> float:
    # few counts are distinct: almost all words are there once or twice
    distinct = np.flatnonzero(np.bincount(counts))
    shares = [count / total for count in distinct.tolist()]
    terms = np.array([-share * math.log(share) for share in shares])
    # cumsum adds strictly from left to right, which sum does not; 0.0 turns -0.0 to 0.0
    return float(0.0 + np.cumsum(terms[np.searchsorted(distinct, counts)])[-1])


@signal("rps_doc_frac_all_caps_words")
def frac_all_caps_words(documents: Documents) -> Floats:
    """Share of raw words for which `str.isupper` holds: `U`, `B2B`; null without words."""
    capitals = documents.sum_by_document(documents.vocabulary.all_caps_counts)
    return ratio(capitals, documents.raw_word_counts, empty=np.nan)
