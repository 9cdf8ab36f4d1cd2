"""Why one document of a cluster stays and another goes, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from jobs.steps.dedup.survivors import BUCKET_PREFERENCE
from schemas.settings.dedup import DedupConfig

Document = Mapping[str, Any]
"""The columns of annotated/, and `root`, null for the root that was deduplicated."""


class Reason(NamedTuple):
    """The first thing that tells two documents apart, as `jobs.steps.dedup.survivors.Rules.rank` has it.

    Attributes
    ----------
    first
        Whether the first of the two goes before the other.
    said
        Why the one that does, does.
    """

    first: bool
    said: str


def reason(one: Document, other: Document, config: DedupConfig) -> Reason:
    """Tell which of two documents goes before the other, and why."""
    for key, words in _RULES:
        ranks = key(one, config), key(other, config)
        if ranks[0] != ranks[1]:
            first = ranks[0] < ranks[1]
            return Reason(first, words(one, other) if first else words(other, one))
    return Reason(True, "they are the same in all that is compared")


def _place(document: Document, config: DedupConfig) -> int:
    root = document["root"]
    return len(config.against) if root is None else config.against.index(root)


def _listed(value: str | None, order: Sequence[str]) -> int:
    """The place in an order of preference; what is not named comes after."""
    return order.index(value) if value is not None and value in order else len(order)


def _snapshot(document: Document, config: DedupConfig) -> tuple[bool, list[int]]:
    """Newest or oldest by name, those without one last."""
    name = document["snapshot"]
    if config.prefer_snapshot == "none":
        return False, []
    letters = [ord(letter) for letter in name or ""]
    if config.prefer_snapshot == "newest":
        # a name goes before its own beginning too
        letters = [-letter for letter in letters] + [1]
    return name is None, letters


def _perplexity(document: Document, config: DedupConfig) -> float:
    found = document["perplexity"]
    return float("inf") if found is None else found


def _of_root(document: Document) -> str:
    return "this root" if document["root"] is None else f"the older root {document['root']}"


def _before(column: str) -> Callable[[Document, Document], str]:
    def words(one: Document, other: Document) -> str:
        rest = "none" if other[column] is None else other[column]
        return f"{column} {one[column]} goes before {rest}"

    return words


def _of_perplexity(one: Document, other: Document) -> str:
    if other["perplexity"] is None:
        return f"perplexity {one['perplexity']} goes before none"
    return f"perplexity {one['perplexity']} is below {other['perplexity']}"


_RULES: Sequence[
    tuple[Callable[[Document, DedupConfig], Any], Callable[[Document, Document], str]]
] = (
    (_place, lambda one, other: f"{_of_root(one)} goes before {_of_root(other)}"),
    (lambda document, config: _listed(document["slice"], config.slice_priority), _before("slice")),
    (_snapshot, _before("snapshot")),
    (lambda document, config: _listed(document["bucket"], BUCKET_PREFERENCE), _before("bucket")),
    (_perplexity, _of_perplexity),
    (
        lambda document, config: -document["length"],
        lambda one, other: f"length {one['length']:,} is above {other['length']:,}",
    ),
    (
        lambda document, config: document["id"],
        lambda one, other: f"by all else equal, the id {one['id']} sorts before {other['id']}",
    ),
)
