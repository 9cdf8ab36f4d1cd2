"""rule_measures: what rules of filter sets need beyond RedPajama-V2's signals, one number each.

`udfs.rule_measures` measures them. Shares of lines are of the page before paragraph dedup, without its
blank lines; all are null where the text has no word or line. Those that begin with `unspaced` are null but
in languages without blanks between words.
"""

from __future__ import annotations

from pyspark.sql import types as T

RULE_MEASURES = T.StructType(
    [
        T.StructField("language_probability", T.DoubleType()),  # the language's score, unrounded
        T.StructField("stop_words", T.DoubleType()),  # different ones, up to 2; null without a list
        T.StructField("alphabetic_words", T.DoubleType()),  # share of the words with a letter
        T.StructField("hash_word_ratio", T.DoubleType()),  # `#` for each word
        T.StructField("ellipsis_word_ratio", T.DoubleType()),  # `...` and `…` for each word
        # shares of the lines: that begin with a bullet, end with an ellipsis, were there before
        T.StructField("bullet_lines", T.DoubleType()),
        T.StructField("ellipsis_lines", T.DoubleType()),
        T.StructField("duplicate_lines", T.DoubleType()),
        T.StructField("duplicate_line_characters", T.DoubleType()),  # share of the characters
        T.StructField("punctuated_lines", T.DoubleType()),  # share that ends with a terminal mark
        T.StructField("short_lines", T.DoubleType()),  # share below 30 characters
        T.StructField("c4_lines", T.DoubleType()),  # lines that C4 leaves
        T.StructField("c4_sentences", T.DoubleType()),  # sentences of those
        T.StructField("fineweb_sentences", T.DoubleType()),  # sentences of the lines FineWeb leaves
        T.StructField("no_text_words", T.DoubleType()),  # share of the words in lines of no text
        # words of two characters, and shares of the characters in the n-grams of such words
        T.StructField("unspaced_words", T.DoubleType()),
        *(T.StructField(f"unspaced_top_{n}gram", T.DoubleType()) for n in range(2, 5)),
        *(T.StructField(f"unspaced_duplicate_{n}grams", T.DoubleType()) for n in range(5, 11)),
    ]
)
