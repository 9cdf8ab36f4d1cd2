"""N-grams as rows: counts of a task's sentences, and lines of an ARPA file.

An n-gram is its words with blanks between; the rows have no order. A task emits the n-grams of the highest
order and, of each lower order, those that begin a sentence. The others can be derived: each has a word
before it wherever it occurs, so it is the suffix of a longer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from udfs.language_models.arpa import number
from udfs.language_models.ngram_counts import FORBIDDEN, count_ngrams

TOKENS_AT_ONCE = 500_000
"""Words that are counted in memory at a time, some 200 bytes each."""

COUNTED = pa.schema([("ngram", pa.string()), ("length", pa.int32()), ("count", pa.int64())])


def words_of(line: str) -> list[str]:
    """Split a sentence at blanks and remove words that ARPA reserves, such as `<s>`.

    `lmplz` stops at such a word, or removes it with `--skip_symbols`.
    """
    words = line.split()
    return words if FORBIDDEN.isdisjoint(words) else [w for w in words if w not in FORBIDDEN]


def count_batches(
    sentences: Iterable[Sequence[str]], order: int, tokens_at_once: int = TOKENS_AT_ONCE
) -> Iterator[pa.RecordBatch]:
    """Yield counts of n-grams as batches of `COUNTED`, in bounded memory; an n-gram can be in several."""
    held: list[Sequence[str]] = []
    tokens = 0
    for sentence in sentences:
        held.append(sentence)
        tokens += len(sentence) + 2
        if tokens >= tokens_at_once:
            yield from _count(held, order)
            held, tokens = [], 0
    if held:
        yield from _count(held, order)


def _count(sentences: list[Sequence[str]], order: int) -> Iterator[pa.RecordBatch]:
    counts = count_ngrams(sentences, order)
    words = pa.array(counts.words, pa.string())
    names = pa.array([""])
    for length, table in enumerate(counts.orders, start=1):
        last = words.take(pa.array(table.word))
        before = names.take(pa.array(table.prefix))
        names = last if length == 1 else pc.binary_join_element_wise(before, last, " ")
        wanted = np.flatnonzero((table.count > 0) & (table.begins | (length == order)))
        columns = [
            names.take(pa.array(wanted)),
            pa.array(np.full(len(wanted), length, np.int32)),
            pa.array(table.count[wanted]),
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=COUNTED)


def arpa_lines(rows: pa.RecordBatch) -> list[str]:
    """Return rows of `ngram`, `log_prob` and `backoff` as lines of an ARPA file.

    Rows of the highest order have no column `backoff`.
    """
    columns = [rows.column("log_prob").to_pylist(), rows.column("ngram").to_pylist()]
    if "backoff" not in rows.schema.names:
        return [f"{number(p)}\t{ngram}" for p, ngram in zip(*columns, strict=True)]
    columns.append(rows.column("backoff").to_pylist())
    return [f"{number(p)}\t{ngram}\t{number(b)}" for p, ngram, b in zip(*columns, strict=True)]
