"""Examples of clusters: a duplicate beside the survivor, with the words marked that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import pyarrow as pa
from markupsafe import Markup
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.report.markup import code, details, joined, tag
from jobs.tables import rows_by_id

_SHOWN = 3
_CHARACTERS = 6000  # of a text: the comparison of words grows with their square
_AROUND = 12  # words shown on each side of a difference

# a word with what follows it; where no blanks stand between words, runs are cut so that marks stay small
_WORD = re.compile(r"\S{1,20}\s*|\s+")


def examples(context: Context, largest: Sequence[dict[str, Any]]) -> Markup:
    """Show one near-duplicate of each of the largest clusters that have one in this root."""
    clusters = [row["cluster_id"] for row in largest if row["near"] and not row["survivor_root"]]
    if not clusters:
        return Markup("")
    duplicates = context.table("duplicates").read()
    near = duplicates.where(
        F.col("cluster_id").isin(*clusters[:_SHOWN]) & (F.col("kind") == "near") & F.isnull("root")
    )
    first = F.min(F.struct("id", "survivor_id")).alias("pair")
    pairs = [row["pair"] for row in near.groupBy("cluster_id").agg(first).collect()]
    ids = sorted({id_ for pair in pairs for id_ in pair})
    wanted = pa.table({"id": pa.array(ids, pa.string())})
    documents = rows_by_id.joined(context.table("annotated"), wanted, ["text"])
    cut = F.substring("text", 1, _CHARACTERS).alias("text")
    texts = {row["id"]: row["text"] or "" for row in documents.select("id", cut).collect()}
    return joined(
        [
            tag("h3", "Examples") if pairs else None,
            *(
                details(f"{id_} and its survivor", _pair(id_, kept, texts[id_], texts[kept]))
                for id_, kept in sorted(pairs)
                if id_ in texts and kept in texts
            ),
        ]
    )


def _pair(id_: str, kept: str, text: str, survivor: str) -> Markup:
    about = tag(
        "p",
        tag("del", "Struck out"),
        " words are of ",
        code(id_),
        " alone, ",
        tag("ins", "underlined"),
        " ones of ",
        code(kept),
        ", which is kept.",
    )
    return joined([about, tag("p", *marked(text, survivor), class_="text", dir="auto")])


def marked(text: str, survivor: str) -> Iterator[object]:
    """Yield two texts as one, their differences marked, and what they share shortened.

    >>> print(*marked("one two three", "one 2 three"))
    one  <del>two </del> <ins>2 </ins> three
    """
    words, others = _WORD.findall(text), _WORD.findall(survivor)
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    for kind, i, j, k, end in matcher.get_opcodes():
        if kind == "equal":
            yield _shortened(words[i:j])
            continue
        if i < j:
            yield tag("del", "".join(words[i:j]))
        if k < end:
            yield tag("ins", "".join(others[k:end]))


def _shortened(words: Sequence[str]) -> str:
    if len(words) <= 2 * _AROUND + 1:
        return "".join(words)
    skipped = len(words) - 2 * _AROUND
    return f"{''.join(words[:_AROUND])} [… {skipped:,} words …] {''.join(words[-_AROUND:])}"
