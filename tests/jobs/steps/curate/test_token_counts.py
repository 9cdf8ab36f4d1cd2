"""curate takes the token counts of annotate, and counts again where they are of another text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from jobs.steps.curate.corpus_rows import token_counts


class Characters:
    """A tokenizer whose tokens are characters, which notes the texts that it counts."""

    name, version, size = "characters", "characters:1", 1
    end: str | None = None

    def __init__(self) -> None:
        self.counted: list[str | None] = []

    def special(self, token: str) -> int | None:
        return None

    def encode(self, text: str) -> list[int]:
        return [0] * len(text)

    encode_text = encode

    def count(self, texts: Sequence[str | None]) -> list[int]:
        self.counted += texts
        return [len(text or "") for text in texts]


def rows(*values: tuple[str, int | None, str | None]) -> pa.RecordBatch:
    """Return rows of annotated/: text, stored count, and the tokenizer that counted."""
    texts, counts, tokenizers = (list(column) for column in zip(*values, strict=True))
    return pa.RecordBatch.from_arrays(
        [pa.array(texts), pa.array(counts, pa.int32()), pa.array(tokenizers, pa.string())],
        ["text", "token_count", "tokenizer"],
    )


STORED = rows(("one", 7, "characters:1"), ("three", 9, "characters:1"))
OTHERS = rows(
    *(("one", 7, "characters:1"), ("two", 7, "characters:2"), ("three", None, None)),
    ("four", None, "characters:1"),
)


@pytest.mark.parametrize(
    ("batch", "texts", "expected", "counted"),
    [
        pytest.param(STORED, None, [7, 9], [], id="counted before"),
        pytest.param(STORED, ["one", "3"], [7, 1], ["3"], id="a part was replaced"),
        pytest.param(STORED, ["one", "three"], [7, 9], [], id="nothing was replaced"),
        pytest.param(OTHERS, None, [7, 3, 5, 4], ["two", "three", "four"], id="another tokenizer"),
        pytest.param(OTHERS, ["1", *OTHERS[0].to_pylist()[1:]], [1, 3, 5, 4], None, id="both"),
        pytest.param(OTHERS.slice(0, 0), None, [], [], id="no rows"),
    ],
)
def test_tokens_are_counted_once(
    batch: pa.RecordBatch, texts: Any, expected: list[int], counted: list[str] | None
) -> None:
    tokenizer = Characters()
    own = batch.column("text") if texts is None else texts
    assert token_counts(batch, own, tokenizer).to_pylist() == expected
    assert counted is None or tokenizer.counted == counted
