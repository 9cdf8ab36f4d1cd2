"""Documents with planted near-duplicates, as rows of annotated/."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from rows import document

from udfs.near_duplicates import minhash_fast

WORDS = [f"word{i}" for i in range(3000)]


def prose(choose: random.Random, n: int = 150) -> list[str]:
    """Words drawn evenly."""
    return [choose.choice(WORDS) for _ in range(n)]


def edited(choose: random.Random, words: list[str], edits: int) -> list[str]:
    """The words with some of them replaced."""
    words = list(words)
    for place in choose.sample(range(len(words)), edits):
        words[place] = choose.choice(WORDS)
    return words


def chain(choose: random.Random, steps: int, edits: int, n: int = 150) -> Iterator[str]:
    """Texts each of which is the one before it with some words replaced."""
    words = prose(choose, n)
    for _ in range(steps):
        yield " ".join(words)
        words = edited(choose, words, edits)


def signed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the fast scheme's signatures."""
    signatures = minhash_fast.signatures([row["text"] for row in rows])
    return [{**row, "signature": made} for row, made in zip(rows, signatures, strict=True)]


def annotated(id_: str, text: str, **others: Any) -> dict[str, Any]:
    """A row of annotated/ but for the signatures; the id as it is given."""
    return document(id_, text, bucket="head", language="en") | {"id": id_} | others
