"""The trace of a document: its raw record, its stages, its takedowns and quarantine rows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jobs import slices
from jobs.runtime.context import Context
from jobs.slices.raw.record import Place, RawRecord, RecordNotFound
from jobs.steps.trace import archive, stages
from jobs.steps.trace.message_holders import message_holders
from jobs.steps.trace.removals import removals
from jobs.steps.trace.rows import Row, Rows
from jobs.steps.trace.runs_of_tables import RunsOfTables
from jobs.steps.trace.stage import Stage
from jobs.storage.store import redacted
from schemas.errors import UserError
from schemas.names import unknown
from schemas.settings.ingest import IngestConfig
from schemas.settings.slices import SLICES

_MAX_BYTES = 33_554_432  # of a record whose run of ingest is unknown


@dataclass(frozen=True)
class DocumentTrace:
    """The trace of a document.

    Attributes
    ----------
    source
        `uri` and `offset`; None where no table has them.
    archive
        The state of the archive, and a line that explains it (`jobs.steps.trace.archive.state`).
    raw
        The raw record, or a line that says why it cannot be read.
    """

    id: str
    source: Row | None
    archive: tuple[str, str]
    raw: RawRecord | str
    stages: list[Stage]
    taken_down: list[Row]
    quarantined: list[Row]


def trace_documents(
    context: Context, ids: Sequence[str], *, record_only: bool
) -> tuple[list[DocumentTrace], str]:
    """Trace documents; return their traces, and one line about the unknown ids, empty if none.

    Parameters
    ----------
    record_only
        Read only the tables that lead to the raw record.

    Raises
    ------
    UserError
        The root has no table documents/.
    """
    context.table("documents").required()
    rows = Rows(context, tuple(dict.fromkeys(ids)))
    return traces_of(rows, RunsOfTables(rows), record_only=record_only)


def traces_of(
    rows: Rows, runs: RunsOfTables, *, record_only: bool
) -> tuple[list[DocumentTrace], str]:
    """Return what `trace_documents` does, from rows that are read in another way."""
    unknown_ids = rows.unknown_ids
    traces = [_trace(rows, runs, id_, record_only) for id_ in rows.ids if id_ not in unknown_ids]
    return traces, _unknown_ids_line(rows, unknown_ids) if unknown_ids else ""


def _trace(rows: Rows, runs: RunsOfTables, id_: str, record_only: bool) -> DocumentTrace:
    document = rows.document(id_)
    complete = document is None or not record_only
    taken_down = rows.taken_down.get(id_, []) if complete else []
    quarantined = rows.quarantined.get(id_, []) if complete else []
    source: Row | None = document["source"] if document else None
    if source is None and quarantined:
        source = {name: quarantined[0][name] for name in ("uri", "offset")}
    if source is None:
        no_record = "its archive and offset are unknown"
        unknown_archive = (archive.UNKNOWN, "")
        return DocumentTrace(id_, None, unknown_archive, no_record, [], taken_down, quarantined)
    state = archive.state(source["uri"], runs.input(source["uri"]))
    return DocumentTrace(
        id_,
        source,
        state,
        _raw(rows, runs, id_, source) if state[0] != archive.GONE else state[1],
        stages.of(id_, rows, runs) if document and complete else [],
        taken_down,
        quarantined,
    )


def _raw(rows: Rows, runs: RunsOfTables, id_: str, source: Row) -> RawRecord | str:
    """Return the raw record, or why it cannot be read."""
    document = rows.document(id_) or {}
    entry = runs.input(source["uri"])
    run = runs.record(entry["run"]) if entry else None
    place = Place(
        id=id_,
        slice=document.get("slice") or id_.partition("/")[0],
        uri=source["uri"],
        offset=source["offset"] or 0,
        metadata=document.get("metadata") or {},
        digest=document.get("digest"),
        inputs=runs.inputs,
        max_bytes=run.settings(IngestConfig).max_record_bytes if run else _MAX_BYTES,
        # not to standard output, which may hold the record or JSON
        report=lambda line: print(f"trace: {line}", file=sys.stderr, flush=True),
    )
    try:
        return slices.load(place.slice).raw_record(place)
    except RecordNotFound as error:
        return f"the record is not at byte {place.offset:,} of {redacted(place.uri)}: {error}"
    except (OSError, UserError) as error:
        return f"{redacted(place.uri)} cannot be read: {error}"


def _unknown_ids_line(rows: Rows, ids: Sequence[str]) -> str:
    removed = removals(rows.context, ids)
    lines = [f"{id_} is {removal}" for id_, removal in removed.items()]
    others = [id_ for id_ in ids if id_ not in removed]
    return "; ".join([*lines, *([_line_of_others(rows, others)] if others else [])])


def _line_of_others(rows: Rows, ids: Sequence[str]) -> str:
    line = f"no document {' '.join(ids)} in {rows.context.root}"
    suggestions = rows.suggestions(ids)
    if suggestions:
        return f"{line} (did you mean {' '.join(suggestions)}?)"
    conversations = message_holders(rows.context, ids)
    if conversations:
        return f"{line}: it is a message of {' '.join(conversations)}"
    line += f": {hint(ids[0])}"
    if "takedowns" in rows.tables:
        line += "; a takedown by an earlier release kept no ids"
    return line


def hint(id_: str) -> str:
    """Return what may be wrong with an id that no table has."""
    first, slash, _ = id_.partition("/")
    if "://" in id_:
        return "an id is SLICE/NAME, not an address"
    if not slash:
        return f"no slice prefix: an id is SLICE/NAME, with one of {', '.join(SLICES)}"
    if first not in SLICES:
        return unknown("slice", first, SLICES)
    return f"{first} has no document of this name, or ingest dropped and counted it"


def to_dict(trace: DocumentTrace) -> dict[str, Any]:
    """Return the trace as an object of `trace --json`."""
    record = trace.raw
    state, explanation = trace.archive
    return {
        "id": trace.id,
        "source": trace.source,
        "archive": {"state": state, "said": explanation},
        "raw": {"missing": record}
        if isinstance(record, str)
        else {
            "what": record.what,
            "size": record.size,
            "headers": record.headers,
            "beginning": record.beginning,
            "notes": record.notes,
        },
        "stages": [stage.to_dict() for stage in trace.stages],
        "takedowns": trace.taken_down,
        "quarantine": trace.quarantined,
    }
