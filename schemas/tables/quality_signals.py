"""quality_signals: the 45 signals of RedPajama-V2 as one struct, in the order and by the names of V2.

`udfs.quality_signals` documents each signal. A signal of the document is one number; a signal of its lines
is an array with one entry a line. All are null where the text is null.
"""

from __future__ import annotations

from pyspark.sql import types as T

# start and end: code points into the text, end exclusive and with the line's newline
LINE_SCORES = T.ArrayType(
    T.StructType(
        [
            T.StructField("start", T.IntegerType()),
            T.StructField("end", T.IntegerType()),
            T.StructField("score", T.DoubleType()),
        ]
    )
)

_CCNET = (
    "ccnet_length",
    "ccnet_original_length",
    "ccnet_nlines",
    "ccnet_original_nlines",
    "ccnet_language_score",
    "ccnet_perplexity",
    "ccnet_bucket",  # head 0, middle 1, tail 2
)
_CONTENT = (
    "rps_doc_curly_bracket",
    "rps_doc_ldnoobw_words",
    "rps_doc_lorem_ipsum",
    "rps_doc_stop_word_fraction",
    "rps_doc_ut1_blacklist",
)
_REPETITION = (
    "rps_doc_frac_chars_dupe_10grams",
    "rps_doc_frac_chars_dupe_5grams",
    "rps_doc_frac_chars_dupe_6grams",
    "rps_doc_frac_chars_dupe_7grams",
    "rps_doc_frac_chars_dupe_8grams",
    "rps_doc_frac_chars_dupe_9grams",
    "rps_doc_frac_chars_top_2gram",
    "rps_doc_frac_chars_top_3gram",
    "rps_doc_frac_chars_top_4gram",
)
_NATURAL_LANGUAGE = (
    "rps_doc_frac_all_caps_words",
    "rps_doc_frac_lines_end_with_ellipsis",
    "rps_doc_frac_no_alph_words",
    "rps_doc_frac_unique_words",
    "rps_doc_mean_word_length",
    "rps_doc_num_sentences",
    "rps_doc_symbol_to_word_ratio",
    "rps_doc_unigram_entropy",
    "rps_doc_word_count",
)
_LINES = (
    "rps_lines_ending_with_terminal_punctution_mark",  # V2's own spelling
    "rps_lines_javascript_counts",
    "rps_lines_num_words",
    "rps_lines_numerical_chars_fraction",
    "rps_lines_start_with_bulletpoint",
    "rps_lines_uppercase_letter_fraction",
)
_MODELS = (
    "rps_doc_ml_palm_score",
    "rps_doc_ml_wikipedia_score",
    "rps_doc_ml_wikiref_score",
    "rps_doc_books_importance",
    "rps_doc_books_importance_length_correction",
    "rps_doc_openwebtext_importance",
    "rps_doc_openwebtext_importance_length_correction",
    "rps_doc_wikipedia_importance",
    "rps_doc_wikipedia_importance_length_correction",
)
_INTEGERS = ("rps_doc_ut1_blacklist", "rps_doc_word_count")


def _type(name: str) -> T.DataType:
    if name in _LINES:
        return LINE_SCORES
    return T.IntegerType() if name in _INTEGERS else T.DoubleType()


QUALITY_SIGNALS = T.StructType(
    [
        T.StructField(name, _type(name))
        for name in (*_CCNET, *_CONTENT, *_REPETITION, *_NATURAL_LANGUAGE, *_LINES, *_MODELS)
    ]
)
