"""`dedup --explain`: what a person needs to judge whether a document is a duplicate. Nothing is changed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.dedup import evidence
from jobs.steps.dedup.explain_data import TOLD, LookedUp, Row
from jobs.steps.dedup.survivor_reason import reason
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from udfs.text_diff.side_by_side import columns, side_by_side
from udfs.text_diff.terminal import visible

LISTED = 20
"""Documents that are named of those that another one stands for."""

_WIDTH = 120  # where the output is no terminal
_NUMBERS = ("length", "offset")
_KINDS = {
    "exact": "copy (exact)",
    "near": "near-duplicate",
    "simhash": "near-duplicate (by SimHash)",
}


def explain(context: Context, config: DedupConfig) -> list[str]:
    """Say of each document of `config.explain` what it is a duplicate of, or what it stands for.

    Returns
    -------
    list of str
        The lines that were said.

    Raises
    ------
    UserError
        No table has a document of one of the ids.
    """
    looked = LookedUp(context, config, tuple(dict.fromkeys(config.explain)))
    if looked.unknown:
        near = looked.meant()
        hint = f" (did you mean {' '.join(near)}?)" if near else ""
        raise UserError(
            visible(
                f"--explain: no document {' '.join(looked.unknown)} in annotated/ or duplicates/ of "
                f"{context.root}{hint}"
            )
        )
    said: list[str] = []
    for line in _Words(looked).lines():
        said.append(line)
        context.print(line)
    return said


@dataclass(frozen=True)
class _Words:
    """What is said of what was looked up."""

    looked: LookedUp

    def lines(self) -> Iterable[str]:
        """What is said."""
        annotated = self.looked.context.table("annotated").manifest
        made_from = {each["annotated"] for each in self.looked.table.inputs if "annotated" in each}
        if annotated and made_from and annotated.version not in made_from:
            yield "annotated/ has been made anew since dedup ran: texts and scores may be others"
            yield ""
        for id_ in self.looked.ids:
            of_id = [row for row in self.looked.gone if row["id"] == id_]
            for row in of_id:
                yield from self._duplicate(row)
            if id_ in self.looked.stands_for:
                yield from self._survivor(id_)
            elif not of_id:
                yield visible(self._in_no_cluster(id_))
            yield ""

    def _duplicate(self, row: Row) -> Iterable[str]:
        """What makes a document a duplicate, and both texts."""
        left = self.looked.documents.get((row["root"], row["id"]))
        right = self.looked.documents.get((row["survivor_root"], row["survivor_id"]))
        yield visible(
            f"{row['id']}{_of_root(row['root'])} is a {_KINDS[row['kind']]} of "
            f"{row['survivor_id']}{_of_root(row['survivor_root'])}"
        )
        yield visible(f"cluster       {row['cluster_id']}, {self.looked.size(row):,} documents")
        copies = self.looked.copies.get(row["id"])
        if copies and row["root"] is None:
            yield visible(f"copies        {_copies(copies)}")
        similarity = "unknown" if row["similarity"] is None else f"{row['similarity']:.4f}"
        threshold = self.looked.config.threshold
        yield f"similarity    {similarity}, as dedup found it; the threshold was {threshold}"
        for document, name, root in (
            (left, row["id"], row["root"]),
            (right, row["survivor_id"], row["survivor_root"]),
        ):
            if document is None:
                yield visible(self._missing(name, root))
        if left and right:
            yield from map(
                visible,
                evidence.lines(left, right, row["kind"], self.looked.config, self.looked.ngram),
            )
            yield visible(f"why it stays  {self._why(right, left)}")
        width, colour = self._terminal
        yield "-" * width
        told = [_told(each, row[name]) for each, name in ((left, "id"), (right, "survivor_id"))]
        for one, other in zip(*told, strict=True):
            yield from columns(one, other, width)
        yield "-" * width
        texts = ["" if each is None else each["text"] or "" for each in (left, right)]
        yield from side_by_side(texts[0], texts[1], width, colour=colour)

    def _why(self, survivor: Row, other: Row) -> str:
        found = reason(survivor, other, self.looked.config)
        if found.first:
            return found.said
        return f"by annotated/ as it is now it would not, as {found.said}"

    def _survivor(self, id_: str) -> Iterable[str]:
        """The documents that one stands for."""
        counts = self.looked.stands_for[id_]
        total = sum(counts.values())
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in counts.items())
        yield visible(f"{id_} stays, and stands for {total:,} others ({kinds})")
        rows = (
            self.looked.rows.where(F.col("survivor_id") == id_).orderBy("id", "root").limit(LISTED)
        )
        for row in rows.collect():
            similarity = "" if row["similarity"] is None else f"{row['similarity']:.4f}"
            yield visible(f"  {row['kind']:7}  {similarity:6}  {row['id']}{_of_root(row['root'])}")
        if total > LISTED:
            yield f"  and {total - LISTED:,} more"

    def _in_no_cluster(self, id_: str) -> str:
        document = next(
            (row for (_, each), row in self.looked.documents.items() if each == id_), None
        )
        if document is None:
            entry = self.looked.taken_down[id_]
            return f"{id_} was taken down on {entry['date']}: {entry['reason']}"
        if document["bucket"] not in self.looked.config.buckets:
            return (
                f"{id_} took no part: its bucket is {document['bucket']}, and dedup ran with "
                f"--buckets {' '.join(self.looked.config.buckets)}"
            )
        return f"{id_}{_of_root(document['root'])} is in no cluster: nothing like it was found"

    def _missing(self, id_: str, root: str | None) -> str:
        entry = self.looked.taken_down.get(id_)
        if entry:
            return f"no text       {id_} was taken down on {entry['date']}: {entry['reason']}"
        where = root or self.looked.context.root
        return (
            f"no text       {id_} is not in annotated/ of {where} any more: dropped or taken down"
        )

    @cached_property
    def _terminal(self) -> tuple[int, bool]:
        """Its width, and whether it has colours."""
        if not (self.looked.context.out or sys.stdout).isatty():
            return _WIDTH, False
        width = shutil.get_terminal_size((_WIDTH, 24)).columns
        return width, not os.environ.get("NO_COLOR")


def _of_root(root: str | None) -> str:
    return f" (of {root})" if root else ""


def _copies(row: Row) -> str:
    dates = " to ".join(dict.fromkeys(filter(None, (row["first_date"], row["last_date"]))))
    dated = f", dated {dates}" if dates else ""
    return f"{row['exact']:,} exact and {row['near']:,} near, in {', '.join(row['slices'])}{dated}"


def _told(row: Row | None, id_: str) -> list[str]:
    """What is known of a document, a line for each thing."""
    row = row or {}
    source = row.get("source") or {}
    said = {name: row.get(name) for name in TOLD}
    said |= {"source": source.get("uri"), "offset": source.get("offset")}
    shown = {
        name: f"{value:,}" if name in _NUMBERS and value else value for name, value in said.items()
    }
    return [
        f"{'id':11} {id_}",
        *(f"{name:11} {'' if value is None else value}".rstrip() for name, value in shown.items()),
    ]
