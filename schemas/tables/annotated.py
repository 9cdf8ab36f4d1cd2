"""annotated/: a document after paragraph dedup, with its scores. No document is filtered here."""

from __future__ import annotations

from pyspark.sql import types as T

from schemas.tables.documents import DOCUMENTS
from schemas.tables.quality_signals import QUALITY_SIGNALS, USER_SIGNALS
from schemas.tables.rule_measures import RULE_MEASURES

PART_SIGNATURES = T.ArrayType(
    T.StructType(
        [
            T.StructField("part", T.StringType()),  # prompt or answer
            T.StructField("signature", T.BinaryType()),
        ]
    )
)

_SCORES = [
    T.StructField("original_length", T.IntegerType()),  # before paragraph dedup
    T.StructField("original_nlines", T.IntegerType()),
    # 0-based numbers of the kept lines of documents.text; null without paragraph dedup
    T.StructField("line_ids", T.ArrayType(T.IntegerType())),
    T.StructField("language", T.StringType()),  # lid.176's code: en, de, zh, ...
    T.StructField(
        "language_score", T.DoubleType()
    ),  # of 2 decimals, as CCNet, but with --language-id robust
    T.StructField("perplexity", T.DoubleType()),  # rounded to 1 decimal; null: no model
    T.StructField("bucket", T.StringType()),  # head, middle, tail; all: no model
    T.StructField("quality_signals", QUALITY_SIGNALS),
    # V2's MinHash: 128 unsigned 32-bit minima, big-endian, 512 bytes: band b of r rows is the
    # substring of 4 r bytes at 4 b r; null below 13 words, or with --no-v2-minhash
    T.StructField("minhash", T.BinaryType()),
    # the fast MinHash (`minhash_fast`) in the same form; null only for a text without words
    T.StructField("signature", T.BinaryType()),
    # RedPajama-V1's 64 bits, the highest as the sign; null except for books
    T.StructField("simhash", T.LongType()),
    # numbers of the signals of installed packages; null where no package has any
    T.StructField("user_signals", USER_SIGNALS),
    # as `signature`, of parts of the text: `prompt` and `answer` of a conversation, each `answer` to a
    # question of Stack Exchange; null for other documents
    T.StructField("part_signatures", PART_SIGNATURES),
    # what rules need beyond the signals; null in tables of 0.1.0
    T.StructField("rule_measures", RULE_MEASURES),
    # tokens of the text, without begin and end of document; null in tables of 0.1.0
    T.StructField("token_count", T.IntegerType()),
    # the tokenizer that counted them: its file's name, a colon, and its SHA-256
    T.StructField("tokenizer", T.StringType()),
]

ANNOTATED = T.StructType([*DOCUMENTS.fields[:-1], *_SCORES, DOCUMENTS["slice"]])
