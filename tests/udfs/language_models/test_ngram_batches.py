"""What a task counts: the same sums however the sentences are cut into batches."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from udfs.language_models.ngram_batches import arpa_lines, count_batches, words_of

corpora = st.lists(st.lists(st.sampled_from(["a", "b", "ü"]), max_size=6), max_size=8)


@given(corpora, st.integers(2, 4), st.integers(1, 30))
def test_counts_the_longest_n_grams_and_those_that_begin(
    sentences: list[list[str]], order: int, tokens_at_once: int
) -> None:
    expected: Counter[str] = Counter()
    for sentence in sentences:
        words = ["<s>", *sentence, "</s>"]
        for start in range(len(words)):
            for length in range(1, order + 1):
                if start + length <= len(words) and (start == 0 or length == order):
                    expected[" ".join(words[start : start + length])] += 1
    found: Counter[str] = Counter()
    for batch in count_batches(sentences, order, tokens_at_once):
        for row in batch.to_pylist():
            assert row["length"] == len(row["ngram"].split(" "))
            found[row["ngram"]] += row["count"]
    assert found == expected


def test_special_words_are_left_out() -> None:
    assert words_of("a <s> b </s>") == ["a", "b"]
    assert words_of(" a  <S> ") == ["a", "<S>"]
    assert words_of("") == []


def test_lines_as_arpa_has_them() -> None:
    rows = pa.RecordBatch.from_pydict({"ngram": ["a b"], "log_prob": [-1.5], "backoff": [-0.0]})
    assert arpa_lines(rows) == ["-1.5\ta b\t0"]
    assert arpa_lines(rows.select(["ngram", "log_prob"])) == ["-1.5\ta b"]
