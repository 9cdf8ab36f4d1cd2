"""Explain why one document of a cluster survives and another does not."""

from __future__ import annotations

from typing import NamedTuple

from jobs.steps.dedup.ranking import Document, criteria
from schemas.settings.dedup import DedupConfig


class Reason(NamedTuple):
    """The first criterion by which two documents differ.

    Attributes
    ----------
    first
        Whether the first of the two documents ranks before the other.
    text
        The criterion and the two values, for people.
    """

    first: bool
    text: str


def reason(one: Document, other: Document, config: DedupConfig) -> Reason:
    """Return which of two documents ranks first, and by what criterion."""
    snapshots = {row["snapshot"] for row in (one, other) if row["snapshot"] is not None}
    for criterion in criteria(config, snapshots):
        keys = criterion.key(one), criterion.key(other)
        if keys[0] != keys[1]:
            first = keys[0] < keys[1]
            better, worse = (one, other) if first else (other, one)
            return Reason(first, _text(criterion.column, better, worse))
    return Reason(True, "no difference: the documents rank equally by every criterion")


def _text(column: str, better: Document, worse: Document) -> str:
    values = [_value(column, document) for document in (better, worse)]
    relation = "is preferred to"
    if worse[column] is not None:
        relation = _RELATIONS.get(column, relation)
    return f"{column}: {values[0]} {relation} {values[1]}"


_RELATIONS = {
    "perplexity": "is lower than",
    "length": "is greater than",
    "id": "sorts before",
}


def _value(column: str, document: Document) -> str:
    value = document[column]
    if column == "root" and value is None:
        return "this root"
    if value is None:
        return "none"
    return f"{value:,}" if column == "length" else str(value)
