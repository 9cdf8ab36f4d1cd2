"""All signals of V2 by name, in the order of V2. To add one: a small function, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pyspark.sql import types as T

from schemas.tables.quality_signals import LINE_SCORES
from udfs.quality_signals import ccnet, content, lines, natural_language, repetition
from udfs.quality_signals.arrays import Floats
from udfs.quality_signals.classifiers import classifier
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.importance import importance


@dataclass(frozen=True)
class Signal:
    """How one signal is measured.

    Attributes
    ----------
    function
        Gives one number a document of the batch, or one number a line of all documents; NaN stands
        for null.
    kind
        Whether a number belongs to a document or to a line.
    integer
        V2 writes the number without a decimal point.
    """

    function: Callable[[Documents], Floats]
    kind: Literal["doc", "lines"] = "doc"
    integer: bool = False

    @property
    def spark_type(self) -> T.DataType:
        """The type of the signal's column."""
        if self.kind == "lines":
            return LINE_SCORES
        return T.IntegerType() if self.integer else T.DoubleType()


SIGNALS: dict[str, Signal] = {
    "ccnet_length": Signal(ccnet.number("length")),
    "ccnet_original_length": Signal(ccnet.number("original_length")),
    "ccnet_nlines": Signal(ccnet.number("nlines")),
    "ccnet_original_nlines": Signal(ccnet.number("original_nlines")),
    "ccnet_language_score": Signal(ccnet.number("language_score")),
    "ccnet_perplexity": Signal(ccnet.number("perplexity")),
    "ccnet_bucket": Signal(ccnet.bucket),
    "rps_doc_curly_bracket": Signal(content.curly_bracket),
    "rps_doc_ldnoobw_words": Signal(content.ldnoobw_words),
    "rps_doc_lorem_ipsum": Signal(content.lorem_ipsum),
    "rps_doc_stop_word_fraction": Signal(content.stop_word_fraction),
    "rps_doc_ut1_blacklist": Signal(content.ut1_blacklist, integer=True),
    "rps_doc_frac_chars_dupe_10grams": Signal(repetition.dupe_ngrams(10)),
    "rps_doc_frac_chars_dupe_5grams": Signal(repetition.dupe_ngrams(5)),
    "rps_doc_frac_chars_dupe_6grams": Signal(repetition.dupe_ngrams(6)),
    "rps_doc_frac_chars_dupe_7grams": Signal(repetition.dupe_ngrams(7)),
    "rps_doc_frac_chars_dupe_8grams": Signal(repetition.dupe_ngrams(8)),
    "rps_doc_frac_chars_dupe_9grams": Signal(repetition.dupe_ngrams(9)),
    "rps_doc_frac_chars_top_2gram": Signal(repetition.top_ngram(2)),
    "rps_doc_frac_chars_top_3gram": Signal(repetition.top_ngram(3)),
    "rps_doc_frac_chars_top_4gram": Signal(repetition.top_ngram(4)),
    "rps_doc_frac_all_caps_words": Signal(natural_language.frac_all_caps_words),
    "rps_doc_frac_lines_end_with_ellipsis": Signal(natural_language.frac_lines_end_with_ellipsis),
    "rps_doc_frac_no_alph_words": Signal(natural_language.frac_no_alph_words),
    "rps_doc_frac_unique_words": Signal(natural_language.frac_unique_words),
    "rps_doc_mean_word_length": Signal(natural_language.mean_word_length),
    "rps_doc_num_sentences": Signal(natural_language.num_sentences),
    "rps_doc_symbol_to_word_ratio": Signal(natural_language.symbol_to_word_ratio),
    "rps_doc_unigram_entropy": Signal(natural_language.unigram_entropy),
    "rps_doc_word_count": Signal(natural_language.word_count, integer=True),
    "rps_lines_ending_with_terminal_punctution_mark": Signal(
        lines.ending_with_terminal_punctuation_mark, "lines"
    ),
    "rps_lines_javascript_counts": Signal(lines.javascript_counts, "lines"),
    "rps_lines_num_words": Signal(lines.num_words, "lines", integer=True),
    "rps_lines_numerical_chars_fraction": Signal(lines.numerical_chars_fraction, "lines"),
    "rps_lines_start_with_bulletpoint": Signal(lines.start_with_bulletpoint, "lines"),
    "rps_lines_uppercase_letter_fraction": Signal(lines.uppercase_letter_fraction, "lines"),
    "rps_doc_ml_palm_score": Signal(classifier("palm")),
    "rps_doc_ml_wikipedia_score": Signal(classifier("wikipedia")),
    "rps_doc_ml_wikiref_score": Signal(classifier("wikiref")),
    "rps_doc_books_importance": Signal(importance("books")),
    "rps_doc_books_importance_length_correction": Signal(
        importance("books", length_correction=True)
    ),
    "rps_doc_openwebtext_importance": Signal(importance("openwebtext")),
    "rps_doc_openwebtext_importance_length_correction": Signal(
        importance("openwebtext", length_correction=True)
    ),
    "rps_doc_wikipedia_importance": Signal(importance("wikipedia")),
    "rps_doc_wikipedia_importance_length_correction": Signal(
        importance("wikipedia", length_correction=True)
    ),
}
# an empty text has no lines: V2 then writes nothing for the other line signals, but a null for this
NULL_WITHOUT_LINES = "rps_lines_start_with_bulletpoint"
