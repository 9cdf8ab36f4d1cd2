"""The trace and the raw record of a document, where its archive is on this machine."""

from __future__ import annotations

import re

from jobs.slices.raw.record import RawRecord
from jobs.steps.explore.state import Version
from jobs.steps.explore.trace_tables import ParquetRows, RunsWithoutSpark, WithoutSpark
from jobs.steps.trace import archive, stages
from jobs.steps.trace.document_trace import DocumentTrace, traces_of
from jobs.storage.store import redacted
from schemas.errors import UserError

_ELSEWHERE = re.compile(r"(?!file:|dbfs:)[A-Za-z][A-Za-z0-9+.-]*:/")


def trace_of(version: Version, id_: str, *, record_only: bool = False) -> DocumentTrace:
    """Return the trace of a document.

    A raw record is read only from an archive that the manifest of documents/ lists, which ingest wrote,
    and only from a disk: a row of a table cannot name another file, and nothing uses a network.

    Raises
    ------
    UserError
        No table has the id.
    """
    if not version.place.is_root or "documents" not in version.place.tables:
        raise UserError("only a root with documents/ has traces")
    rows = ParquetRows(WithoutSpark(str(version.place.path)), (id_,), version)
    runs = RunsWithoutSpark(rows)
    document = rows.document(id_)
    source = (document or {}).get("source") or {}
    uri = source.get("uri")
    if document is not None and (not uri or _ELSEWHERE.match(uri) or runs.input(uri) is None):
        reason = (
            f"its archive is not on this machine: `redpajama trace {id_} --raw` reads "
            f"{redacted(uri)}"
            if uri and _ELSEWHERE.match(uri)
            else "documents/ does not list its archive"
        )
        return _without_record(rows, runs, id_, reason)
    traces, unknown = traces_of(rows, runs, record_only=record_only)
    if not traces:
        raise UserError(unknown)
    return traces[0]


def _without_record(
    rows: ParquetRows, runs: RunsWithoutSpark, id_: str, reason: str
) -> DocumentTrace:
    document = rows.document(id_) or {}
    return DocumentTrace(
        id_,
        document.get("source"),
        (archive.UNKNOWN, ""),
        reason,
        stages.of(id_, rows, runs),
        rows.taken_down.get(id_, []),
        rows.quarantined.get(id_, []),
    )


def record_of(version: Version, id_: str) -> RawRecord:
    """Return the raw record of a document.

    Raises
    ------
    UserError
        It cannot be read.
    """
    raw = trace_of(version, id_, record_only=True).raw
    if isinstance(raw, str):
        raise UserError(raw)
    return raw
