"""Rows of a small root with planted duplicates and contamination, for the tests of the report."""

from __future__ import annotations

import random
from typing import Any

from rows import document

from udfs.near_duplicates import minhash_fast
from udfs.near_duplicates.minhash_v2 import similarity

HOSTILE = "common_crawl/<script>alert(1)</script>' \"&"
WORDS = [f"word{i}" for i in range(4000)]


def prose(choose: random.Random, n: int = 300) -> list[str]:
    """Return `n` words drawn uniformly."""
    return [choose.choice(WORDS) for _ in range(n)]


def changed(words: list[str], positions: range) -> str:
    """Return a text with other words at some positions."""
    return " ".join("new" if i in positions else word for i, word in enumerate(words))


def sign(text: str) -> bytes | None:
    """Return the fast scheme's signature of a text."""
    (signature,) = minhash_fast.signatures([text])
    return signature


def annotated(id_: str, text: str, **others: Any) -> dict[str, Any]:
    """Return a row of annotated/."""
    slice_ = id_.partition("/")[0]
    row = {"id": id_, "slice": slice_, "signature": sign(text), "bucket": "all", "digest": id_}
    return document("", text) | row | others


def near_pair() -> tuple[str, str]:
    """Return a text, and the same with two of 300 words changed."""
    words = prose(random.Random(9))
    return " ".join(words), changed(words, range(10, 12))


def documents() -> list[dict[str, Any]]:
    """Return forty single pages; five equal files; near-duplicates, one with a hostile id; a book twice."""
    choose = random.Random(4)
    rows = [annotated(f"c4/{i:02}", " ".join(prose(choose))) for i in range(40)]
    same, book = " ".join(prose(choose)), " ".join(prose(choose))
    rows += [annotated(f"github/{i}", same) for i in range(5)]
    first, second = near_pair()
    rows += [annotated("wikipedia/en/1", first), annotated(HOSTILE, second)]
    rows += [annotated("books/a", book), annotated("c4/book", book)]
    return [*rows, annotated("c4/short", "two words"), annotated("c4/empty", "")]


def duplicate(id_: str, survivor: str, kind: str, **others: Any) -> dict[str, Any]:
    """Return a row of duplicates/."""
    row = {"id": id_, "survivor_id": survivor, "cluster_id": min(id_, survivor), "kind": kind}
    return {**row, "similarity": 1.0, **others}


def duplicates(old: str) -> list[dict[str, Any]]:
    """Return duplicates; two have survivors in earlier roots, one of them lost, and one is in `old`."""
    first, second = near_pair()
    signatures = sign(first), sign(second)
    assert signatures[0]
    assert signatures[1]
    estimate = similarity(signatures[0], signatures[1])
    return [
        *(
            duplicate(f"github/{i}", "github/0", "exact", cluster_id="github/0")
            for i in range(1, 5)
        ),
        duplicate(HOSTILE, "wikipedia/en/1", "near", similarity=estimate),
        duplicate("c4/book", "books/a", "exact"),
        duplicate("c4/00", "c4/older", "near", similarity=0.9, survivor_root=old),
        duplicate("c4/01", "c4/lost", "near", similarity=0.8, survivor_root=old + "-lost"),
        duplicate("c4/late", "c4/02", "near", root=old),
    ]


QUIZ = {"items": 9, "found": 2, "documents": 11, "too_short": 1, "bad": 0}
CONTAMINATED = [
    {"id": id_, "evaluation": "quiz", "item": item, "ngram": "<b>words</b>"}
    for item in ("1", "2")
    for id_ in [HOSTILE, *(f"c4/{i:02}" for i in range(9)), f"github/{item}"]
]
