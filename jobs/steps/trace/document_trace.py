"""All that is known of a document: its raw record, its stages, what else tables say."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jobs import slices
from jobs.runtime.context import Context
from jobs.slices.raw.record import Place, RawRecord, RecordNotFound
from jobs.steps.trace import archive, stages
from jobs.steps.trace.rows import Row, Rows
from jobs.steps.trace.runs_of_tables import MadeBy
from jobs.steps.trace.stage import Stage
from jobs.storage.store import redacted
from schemas.errors import UserError
from schemas.names import unknown
from schemas.settings.ingest import IngestConfig
from schemas.settings.slices import SLICES

_MOST_BYTES = 33_554_432  # of a record, where the run of ingest is not known


@dataclass(frozen=True)
class Traced:
    """A document.

    Attributes
    ----------
    source
        `uri` and `offset`; null where no table has the document.
    archive
        What became of its archive since, and a line that says so.
    raw
        The record, or why there is none.
    """

    id: str
    source: Row | None
    archive: tuple[str, str]
    raw: RawRecord | str
    stages: list[Stage]
    taken_down: list[Row]
    quarantined: list[Row]

    @classmethod
    def of(
        cls, context: Context, ids: Sequence[str], *, record_only: bool
    ) -> tuple[list[Traced], str]:
        """What is known of some ids, and one line on those that nothing is known of.

        Parameters
        ----------
        record_only
            Where the record is all that is wanted, only the tables are read that lead to it.
        """
        context.table("documents").required()
        rows = Rows(context, tuple(dict.fromkeys(ids)))
        by = MadeBy(rows)
        nowhere = rows.unknown
        found = [_traced(rows, by, id_, record_only) for id_ in rows.ids if id_ not in nowhere]
        return found, _unknown(rows, nowhere) if nowhere else ""


def _traced(rows: Rows, by: MadeBy, id_: str, record_only: bool) -> Traced:
    document = rows.document(id_)
    told = document is None or not record_only
    taken_down = rows.taken_down.get(id_, []) if told else []
    quarantined = rows.quarantined.get(id_, []) if told else []
    source: Row | None = document["source"] if document else None
    if source is None and quarantined:
        source = {name: quarantined[0][name] for name in ("uri", "offset")}
    if source is None:
        found = "no archive and offset are known"
        return Traced(id_, None, (archive.UNKNOWN, ""), found, [], taken_down, quarantined)
    state = archive.state(source["uri"], by.input(source["uri"]))
    return Traced(
        id_,
        source,
        state,
        _raw(rows, by, id_, source) if state[0] != archive.GONE else state[1],
        stages.of(id_, rows, by) if document and told else [],
        taken_down,
        quarantined,
    )


def _raw(rows: Rows, by: MadeBy, id_: str, source: Row) -> RawRecord | str:
    """The raw record; or why it cannot be had."""
    document = rows.document(id_) or {}
    known = by.input(source["uri"])
    run = by.record(known["run"]) if known else None
    place = Place(
        id=id_,
        slice=document.get("slice") or id_.partition("/")[0],
        uri=source["uri"],
        offset=source["offset"] or 0,
        metadata=document.get("metadata") or {},
        digest=document.get("digest"),
        inputs=by.inputs,
        max_bytes=run.settings(IngestConfig).max_record_bytes if run else _MOST_BYTES,
        # the output is the record's, or a machine's
        say=lambda line: print(f"trace: {line}", file=sys.stderr, flush=True),
    )
    try:
        return slices.load(place.slice).raw_record(place)
    except RecordNotFound as error:
        return f"the record is not at byte {place.offset:,} of {redacted(place.uri)}: {error}"
    except (OSError, UserError) as error:
        return f"{redacted(place.uri)} cannot be read: {error}"


def _unknown(rows: Rows, ids: Sequence[str]) -> str:
    said = f"no document {' '.join(ids)} in {rows.context.root}"
    near = rows.meant(ids)
    if near:
        return f"{said} (did you mean {' '.join(near)}?)"
    said += f": {hint(ids[0])}"
    if "takedowns" in rows.tables:
        said += "; of what was taken down by URL, domain or digest no id is left"
    return said


def hint(id_: str) -> str:
    """Say what may be wrong with an id that is nowhere."""
    first, slash, _ = id_.partition("/")
    if "://" in id_:
        return "an id is SLICE/NAME, not an address"
    if not slash:
        return f"no slice prefix: an id is SLICE/NAME, with one of {', '.join(SLICES)}"
    if first not in SLICES:
        return unknown("slice", first, SLICES)
    return f"{first} has no document of this name, or it was counted under a reason by ingest"


def to_dict(traced: Traced) -> dict[str, Any]:
    """As JSON has it."""
    record = traced.raw
    state, said = traced.archive
    return {
        "id": traced.id,
        "source": traced.source,
        "archive": {"state": state, "said": said},
        "raw": {"missing": record}
        if isinstance(record, str)
        else {
            "what": record.what,
            "size": record.size,
            "headers": record.headers,
            "beginning": record.beginning,
            "notes": record.notes,
        },
        "stages": [each.to_dict() for each in traced.stages],
        "takedowns": traced.taken_down,
        "quarantine": traced.quarantined,
    }
