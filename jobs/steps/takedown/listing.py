"""Name the documents of a takedown, each with its reasons: in the output, in the record and in a file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown.sweep import Matched
from jobs.tables import runs
from jobs.tables.runs import Record
from udfs.text_diff.terminal import visible

_PRINTED = 20
_RECORDED = 1000


def report(
    context: Context, record: Record, matched: Matched, copies: Collection[str], *, dry_run: bool
) -> None:
    """Print the first documents, record the first thousand, and write all to a file beside the record.

    Parameters
    ----------
    copies
        The ids that are removed as copies of named documents.
    """
    removed, similar = len(matched.keys), len(matched.similar)
    if not removed and not similar:
        return
    uri = storage.join(context.root, runs.FOLDER, f"{record.run}.documents.jsonl")
    with tempfile.TemporaryFile() as local:
        for row in (*_removed(matched, copies), *_similar(matched)):
            local.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        storage.write_file(uri, local)
    record.details["named"] = list(islice(_removed(matched, copies), _RECORDED))
    record.details["similar"] = list(islice(_similar(matched), _RECORDED))
    record.details["similar_documents"] = similar
    record.details["documents_file"] = f"{runs.FOLDER}/{record.run}.documents.jsonl"
    for row in islice(_removed(matched, copies), _PRINTED):
        verb = "would remove" if dry_run else "removes"
        context.print(f"takedown: {verb} {_named(row)}: {visible(', '.join(row['why']))}")
    for row in islice(_similar(matched), _PRINTED):
        context.print(f"takedown: leaves {_named(row)}: similar to {visible(row['similar'])}")
    if removed > _PRINTED or similar > _PRINTED:
        context.print(
            f"takedown: all {removed:,} documents, and {similar:,} similar ones, are named in {uri}"
        )


def _removed(matched: Matched, copies: Collection[str]) -> Iterator[dict[str, Any]]:
    added = {f"id\t{id_}" for id_ in copies}
    for id_ in sorted(matched.keys):
        keys = matched.keys[id_]
        why = [key.replace("\t", " ", 1) for key in sorted(keys - added)]
        yield {
            "id": id_,
            "url": matched.urls.get(id_),
            "why": why or ["copy of a named document"],
        }


def _similar(matched: Matched) -> Iterator[dict[str, Any]]:
    for id_, (url, form) in sorted(matched.similar.items()):
        yield {"id": id_, "url": url, "similar": form}


def _named(row: dict[str, Any]) -> str:
    return visible(f"{row['id']} {row['url']}" if row["url"] else row["id"])
