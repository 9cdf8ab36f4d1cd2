"""Print a trace as lines or JSON, and write the bytes of its raw record."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from jobs.runtime.context import Context
from jobs.slices.raw.record import RawRecord
from jobs.steps.trace import archive
from jobs.steps.trace.document_trace import DocumentTrace, to_dict
from jobs.steps.trace.stage import Stage
from jobs.storage.store import redacted
from schemas.errors import UserError
from udfs.text_diff.terminal import visible

_LINES, _WIDTH = 12, 110  # of the beginning of a record
_COLUMN = 14


def as_json(trace: DocumentTrace) -> str:
    """Return the trace as one line of JSON."""
    return json.dumps(to_dict(trace), ensure_ascii=False, default=str)


def write_raw(context: Context, trace: DocumentTrace) -> None:
    """Write the raw record's bytes, and nothing else, to the output of the command.

    Raises
    ------
    UserError
        The record cannot be read, or the output takes text only.
    """
    if isinstance(trace.raw, str):
        raise UserError(visible(f"--raw: {trace.raw}"))
    if trace.archive[1]:
        print(f"trace: {visible(trace.archive[1])}", file=sys.stderr)
    target = getattr(context.out or sys.stdout, "buffer", None)
    if target is None:
        raise UserError("--raw: the output takes text only: run the command in a shell")
    for part in trace.raw.content():
        target.write(part)
    target.flush()


def print_trace(context: Context, trace: DocumentTrace) -> None:
    """Print a trace for people."""
    for line in lines(trace):
        context.print(visible(line))
    context.print("")


def lines(trace: DocumentTrace) -> Iterator[str]:
    """Yield the lines of a trace."""
    yield trace.id
    if trace.source is not None:
        uri, offset = trace.source["uri"], trace.source["offset"]
        yield _line("archive", redacted(uri))
        yield _line("offset", f"{offset:,}" if offset is not None else "unknown")
    state, explanation = trace.archive
    if explanation and state != archive.GONE:
        yield _line("", explanation)
    if isinstance(trace.raw, str):
        yield _line("raw record", trace.raw)
    else:
        yield from _raw(trace.raw)
    for stage in trace.stages:
        yield _line(f"{stage.table}/", _decision(stage))
        yield from (_line("", detail) for detail in stage.details)
    for entry in trace.taken_down:
        key = f"{entry['kind']} {entry['value']}"
        yield _line("takedowns/", f"taken down on {entry['date']} by {key}: {entry['reason']}")
    for row in trace.quarantined:
        source = f"{redacted(row['uri'])}, offset {row['offset']}"
        yield _line("quarantine/", f"{row['error']} ({row['stage']}): {row['message']}; {source}")


def _decision(stage: Stage) -> str:
    return stage.outcome if stage.summary == stage.outcome else f"{stage.outcome}: {stage.summary}"


def _raw(record: RawRecord) -> Iterator[str]:
    yield _line("raw record", f"{record.what}, {record.size:,} bytes")
    yield from (_line("", note) for note in record.notes)
    for section, pairs in record.headers.items():
        for name, value in pairs:
            text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield _line(section, f"{name}: {text}" if name else text)
            section = ""
    beginning = [line for line in record.beginning.expandtabs(4).splitlines() if line.strip()]
    label = "beginning"
    for line in beginning[:_LINES]:
        yield _line(label, line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…")
        label = ""


def _line(label: str, text: str) -> str:
    return f"{label:{_COLUMN}}{text}".rstrip()
