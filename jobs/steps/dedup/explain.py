"""`dedup --explain`: show why a document is a duplicate or a survivor. No table is changed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.dedup import evidence, page_versions
from jobs.steps.dedup.explain_data import FIELDS, ExplainData, Row
from jobs.steps.dedup.survivor_reason import reason
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from udfs.text_diff.side_by_side import columns, side_by_side
from udfs.text_diff.terminal import visible

LISTED = 20
"""Maximum number of duplicates listed for a survivor."""

_WIDTH = 120  # characters, if the output is not a terminal
_NUMBERS = ("length", "offset")
_KINDS = {
    "exact": "copy (exact)",
    "near": "near-duplicate",
    "simhash": "near-duplicate (by SimHash)",
    "answer": "near-duplicate (by an answer)",
    "prompt": "near-duplicate (by the prompt)",
    page_versions.KIND: "version of the page",
}


def explain(context: Context, config: DedupConfig) -> list[str]:
    """Print for each document of `config.explain` its survivor and the evidence, or its duplicates.

    Returns
    -------
    list of str
        The printed lines.

    Raises
    ------
    UserError
        One of the ids is in no table.
    """
    data = ExplainData(context, config, tuple(dict.fromkeys(config.explain)))
    if data.unknown:
        suggestions = data.suggestions()
        hint = f" (did you mean {' '.join(suggestions)}?)" if suggestions else ""
        raise UserError(
            visible(
                f"--explain: no document {' '.join(data.unknown)} in annotated/ or duplicates/ of "
                f"{context.root}{hint}"
            )
        )
    printed: list[str] = []
    for line in _Explanation(data).lines():
        printed.append(line)
        context.print(line)
    return printed


@dataclass(frozen=True)
class _Explanation:
    """The lines about some documents."""

    data: ExplainData

    def lines(self) -> Iterable[str]:
        """Yield the lines about all documents."""
        annotated = self.data.context.table("annotated").manifest
        versions = {
            table["annotated"] for table in self.data.manifest.inputs if "annotated" in table
        }
        if annotated and versions and annotated.version not in versions:
            yield "annotated/ has changed since dedup ran: texts and scores may differ"
            yield ""
        for id_ in self.data.ids:
            rows = [row for row in self.data.duplicates if row["id"] == id_]
            for row in rows:
                yield from self._duplicate(row)
            if id_ in self.data.duplicates_of:
                yield from self._survivor(id_)
            elif not rows:
                yield visible(self._in_no_cluster(id_))
            yield ""

    def _duplicate(self, row: Row) -> Iterable[str]:
        """Yield the evidence for a duplicate, and both documents in columns."""
        if (row["id"], row["root"]) == (row["survivor_id"], row["survivor_root"]):
            yield visible(f"{row['id']} has duplicates, and goes as they do (--keep none)")
            return
        left = self.data.documents.get((row["root"], row["id"]))
        right = self.data.documents.get((row["survivor_root"], row["survivor_id"]))
        yield visible(
            f"{row['id']}{_of_root(row['root'])} is a {_KINDS[row['kind']]} of "
            f"{row['survivor_id']}{_of_root(row['survivor_root'])}"
        )
        yield visible(
            f"cluster       {row['cluster_id']}, {self.data.cluster_size(row):,} documents"
        )
        copies = self.data.copies.get(row["id"])
        if copies and row["root"] is None:
            yield visible(f"copies        {_copies(copies)}")
        similarity = "unknown" if row["similarity"] is None else f"{row['similarity']:.4f}"
        threshold = self.data.config.threshold
        yield f"similarity    {similarity}, as stored by dedup; the threshold was {threshold}"
        sides = (
            (left, row["id"], row["root"]),
            (right, row["survivor_id"], row["survivor_root"]),
        )
        for document, id_, root in sides:
            if document is None:
                yield visible(self._missing(id_, root))
        if left and right:
            config, shingling = self.data.config, self.data.shingling
            yield from map(visible, evidence.lines(left, right, row["kind"], config, shingling))
            yield visible(f"chosen by     {self._reason(right, left, row['kind'])}")
        width, colour = self._terminal
        yield "-" * width
        facts = [_facts(document, id_) for document, id_, _ in sides]
        for one, other in zip(*facts, strict=True):
            yield from columns(one, other, width)
        yield "-" * width
        texts = ["" if document is None else document["text"] or "" for document in (left, right)]
        yield from side_by_side(texts[0], texts[1], width, colour=colour)

    def _reason(self, survivor: Row, duplicate: Row, kind: str) -> str:
        if kind == page_versions.KIND:
            return page_versions.reason(survivor, duplicate, self.data.config)
        chosen = reason(survivor, duplicate, self.data.config)
        if chosen.first:
            return chosen.text
        return f"earlier values; those in annotated/ now favour the other: {chosen.text}"

    def _survivor(self, id_: str) -> Iterable[str]:
        """Yield the duplicates of a survivor."""
        counts = self.data.duplicates_of[id_]
        total = sum(counts.values())
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in counts.items())
        yield visible(f"{id_} is the survivor of {total:,} duplicates ({kinds})")
        duplicates = self.data.rows.where(F.col("survivor_id") == id_)
        for row in duplicates.orderBy("id", "root").limit(LISTED).collect():
            similarity = "" if row["similarity"] is None else f"{row['similarity']:.4f}"
            yield visible(f"  {row['kind']:7}  {similarity:6}  {row['id']}{_of_root(row['root'])}")
        if total > LISTED:
            yield f"  and {total - LISTED:,} more"

    def _in_no_cluster(self, id_: str) -> str:
        document = next(
            (row for (_, name), row in self.data.documents.items() if name == id_), None
        )
        if document is None:
            return self._taken_down(id_)
        if document["bucket"] not in self.data.config.buckets:
            return (
                f"{id_} was not compared: its bucket is {document['bucket']}, and dedup ran with "
                f"--buckets {' '.join(self.data.config.buckets)}"
            )
        return f"{id_}{_of_root(document['root'])} is in no cluster: it has no duplicates"

    def _missing(self, id_: str, root: str | None) -> str:
        if id_ in self.data.taken_down:
            return f"no text       {self._taken_down(id_)}"
        where = root or self.data.context.root
        return f"no text       {id_} is no longer in annotated/ of {where}: dropped or taken down"

    def _taken_down(self, id_: str) -> str:
        entry = self.data.taken_down[id_]
        return f"{id_} was taken down on {entry['date']}: {entry['reason']}"

    @cached_property
    def _terminal(self) -> tuple[int, bool]:
        """The width of the output, and whether it shows colours."""
        if not (self.data.context.out or sys.stdout).isatty():
            return _WIDTH, False
        width = shutil.get_terminal_size((_WIDTH, 24)).columns
        return width, not os.environ.get("NO_COLOR")


def _of_root(root: str | None) -> str:
    return f" (of {root})" if root else ""


def _copies(row: Row) -> str:
    dates = " to ".join(dict.fromkeys(filter(None, (row["first_date"], row["last_date"]))))
    dated = f", dated {dates}" if dates else ""
    return f"{row['exact']:,} exact and {row['near']:,} near, in {', '.join(row['slices'])}{dated}"


def _facts(row: Row | None, id_: str) -> list[str]:
    """Return the fields of a document, one a line."""
    row = row or {}
    source = row.get("source") or {}
    values = {name: row.get(name) for name in FIELDS}
    values |= {"source": source.get("uri"), "offset": source.get("offset")}
    shown = {
        name: f"{value:,}" if name in _NUMBERS and value else value
        for name, value in values.items()
    }
    return [
        f"{'id':11} {id_}",
        *(f"{name:11} {'' if value is None else value}".rstrip() for name, value in shown.items()),
    ]
