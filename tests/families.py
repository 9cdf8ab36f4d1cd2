"""Rows of annotated/ with planted near-duplicates."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from rows import document

from udfs.near_duplicates import minhash_fast

WORDS = [f"word{i}" for i in range(3000)]


def prose(choose: random.Random, n: int = 150) -> list[str]:
    """Return `n` words drawn uniformly."""
    return [choose.choice(WORDS) for _ in range(n)]


def edited(choose: random.Random, words: list[str], edits: int) -> list[str]:
    """Return the words with `edits` of them replaced."""
    words = list(words)
    for index in choose.sample(range(len(words)), edits):
        words[index] = choose.choice(WORDS)
    return words


def chain(choose: random.Random, steps: int, edits: int, n: int = 150) -> Iterator[str]:
    """Yield texts, each a copy of the previous one with `edits` words replaced."""
    words = prose(choose, n)
    for _ in range(steps):
        yield " ".join(words)
        words = edited(choose, words, edits)


def signed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the fast scheme's signatures."""
    signatures = minhash_fast.signatures([row["text"] for row in rows])
    return [{**row, "signature": value} for row, value in zip(rows, signatures, strict=True)]


def annotated(id_: str, text: str, **others: Any) -> dict[str, Any]:
    """Return a row of annotated/ without signatures, with exactly the given id."""
    return document(id_, text, bucket="head", language="en") | {"id": id_} | others
