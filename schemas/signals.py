"""Names and types of the quality signals of RedPajama-V2, in the order of V2.

`schemas.tables.quality_signals` is the struct of them, and `udfs.quality_signals` measures them: a
function there declares its signal by name (`udfs.quality_signals.declaration.signal`).
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class SignalType(NamedTuple):
    """The kind and type of a signal's numbers.

    Attributes
    ----------
    kind
        Whether a number belongs to a document or to a line.
    integer
        V2 writes the number without a decimal point.
    """

    kind: Literal["doc", "lines"] = "doc"
    integer: bool = False


_DOCUMENT = SignalType()
_DOCUMENT_INTEGER = SignalType(integer=True)
_LINES = SignalType("lines")
_LINES_INTEGER = SignalType("lines", integer=True)

V2_SIGNALS: dict[str, SignalType] = {
    "ccnet_length": _DOCUMENT,
    "ccnet_original_length": _DOCUMENT,
    "ccnet_nlines": _DOCUMENT,
    "ccnet_original_nlines": _DOCUMENT,
    "ccnet_language_score": _DOCUMENT,
    "ccnet_perplexity": _DOCUMENT,
    "ccnet_bucket": _DOCUMENT,  # head 0, middle 1, tail 2
    "rps_doc_curly_bracket": _DOCUMENT,
    "rps_doc_ldnoobw_words": _DOCUMENT,
    "rps_doc_lorem_ipsum": _DOCUMENT,
    "rps_doc_stop_word_fraction": _DOCUMENT,
    "rps_doc_ut1_blacklist": _DOCUMENT_INTEGER,
    "rps_doc_frac_chars_dupe_10grams": _DOCUMENT,
    "rps_doc_frac_chars_dupe_5grams": _DOCUMENT,
    "rps_doc_frac_chars_dupe_6grams": _DOCUMENT,
    "rps_doc_frac_chars_dupe_7grams": _DOCUMENT,
    "rps_doc_frac_chars_dupe_8grams": _DOCUMENT,
    "rps_doc_frac_chars_dupe_9grams": _DOCUMENT,
    "rps_doc_frac_chars_top_2gram": _DOCUMENT,
    "rps_doc_frac_chars_top_3gram": _DOCUMENT,
    "rps_doc_frac_chars_top_4gram": _DOCUMENT,
    "rps_doc_frac_all_caps_words": _DOCUMENT,
    "rps_doc_frac_lines_end_with_ellipsis": _DOCUMENT,
    "rps_doc_frac_no_alph_words": _DOCUMENT,
    "rps_doc_frac_unique_words": _DOCUMENT,
    "rps_doc_mean_word_length": _DOCUMENT,
    "rps_doc_num_sentences": _DOCUMENT,
    "rps_doc_symbol_to_word_ratio": _DOCUMENT,
    "rps_doc_unigram_entropy": _DOCUMENT,
    "rps_doc_word_count": _DOCUMENT_INTEGER,
    "rps_lines_ending_with_terminal_punctution_mark": _LINES,  # V2's own spelling
    "rps_lines_javascript_counts": _LINES,
    "rps_lines_num_words": _LINES_INTEGER,
    "rps_lines_numerical_chars_fraction": _LINES,
    "rps_lines_start_with_bulletpoint": _LINES,
    "rps_lines_uppercase_letter_fraction": _LINES,
    "rps_doc_ml_palm_score": _DOCUMENT,
    "rps_doc_ml_wikipedia_score": _DOCUMENT,
    "rps_doc_ml_wikiref_score": _DOCUMENT,
    "rps_doc_books_importance": _DOCUMENT,
    "rps_doc_books_importance_length_correction": _DOCUMENT,
    "rps_doc_openwebtext_importance": _DOCUMENT,
    "rps_doc_openwebtext_importance_length_correction": _DOCUMENT,
    "rps_doc_wikipedia_importance": _DOCUMENT,
    "rps_doc_wikipedia_importance_length_correction": _DOCUMENT,
}
