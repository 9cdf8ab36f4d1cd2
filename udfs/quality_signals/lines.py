"""Signals of single lines (C4, Gopher, RefinedWeb): one score a line of the raw text."""

from __future__ import annotations

import numpy as np

from udfs.quality_signals.arrays import Floats, ratio, segment_sum
from udfs.quality_signals.declaration import signal
from udfs.quality_signals.documents import Documents


@signal("rps_lines_ending_with_terminal_punctution_mark")
def ending_with_terminal_punctuation_mark(documents: Documents) -> Floats:
    """1.0 where the line ends with one of `. ! ? ”`, ignoring whitespace after it (C4)."""
    return documents.at_line_ends(documents.vocabulary.ends_with_terminal_mark).astype(np.float64)


@signal("rps_lines_javascript_counts")
def javascript_counts(documents: Documents) -> Floats:
    """Normalised words that are "javascript" (C4)."""
    number = documents.vocabulary.word_numbers.get("javascript", -1)
    counts: Floats = segment_sum(documents.words == number, documents.line_words).astype(np.float64)
    return counts


@signal("rps_lines_num_words")
def num_words(documents: Documents) -> Floats:
    """Normalised words (C4, RefinedWeb)."""
    return np.diff(documents.line_words).astype(np.float64)


@signal("rps_lines_numerical_chars_fraction")
def numerical_chars_fraction(documents: Documents) -> Floats:
    """Numeric characters (`str.isnumeric`) per character of the normalised line (RefinedWeb)."""
    numeric = documents.vocabulary.numeric_counts[documents.words]
    counts = segment_sum(numeric, documents.line_words)
    return ratio(counts, documents.normalized_line_lengths, empty=0.0)


@signal("rps_lines_start_with_bulletpoint")
def start_with_bulletpoint(documents: Documents) -> Floats:
    """1.0 where the line starts with a bullet point, ignoring whitespace before it (Gopher)."""
    return documents.at_line_starts(documents.vocabulary.starts_with_bullet).astype(np.float64)


@signal("rps_lines_uppercase_letter_fraction")
def uppercase_letter_fraction(documents: Documents) -> Floats:
    """Upper-case characters (`str.isupper`) per character of the raw line with its newline."""
    upper = documents.sum_by_line(documents.vocabulary.upper_counts)
    return ratio(upper, documents.line_lengths, empty=0.0)
