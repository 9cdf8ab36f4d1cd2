"""A traced document as lines for a person, as JSON for a machine, and its raw record as bytes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from jobs.runtime.context import Context
from jobs.slices.raw.record import RawRecord
from jobs.steps.trace import archive
from jobs.steps.trace.document_trace import Traced, to_dict
from jobs.storage.store import redacted
from schemas.errors import UserError
from udfs.text_diff.terminal import visible

_LINES, _WIDTH = 12, 110  # of the beginning
_COLUMN = 14


def as_json(traced: Traced) -> str:
    """All of it, in one line."""
    return json.dumps(to_dict(traced), ensure_ascii=False, default=str)


def write_raw(context: Context, traced: Traced) -> None:
    """Write the raw record's bytes, and nothing else, to where the command's output goes.

    Raises
    ------
    UserError
        It is not there.
    """
    if isinstance(traced.raw, str):
        raise UserError(visible(f"--raw: {traced.raw}"))
    if traced.archive[1]:
        print(f"trace: {visible(traced.archive[1])}", file=sys.stderr)
    target = getattr(context.out or sys.stdout, "buffer", None)
    if target is None:
        raise UserError("--raw: the output takes no bytes: run it in a shell")
    for part in traced.raw.content():
        target.write(part)
    target.flush()


def say(context: Context, traced: Traced) -> None:
    """Tell a person."""
    for line in lines(traced):
        context.print(visible(line))
    context.print("")


def lines(traced: Traced) -> Iterator[str]:
    """What is told, a line each."""
    yield traced.id
    if traced.source is not None:
        uri, offset = traced.source["uri"], traced.source["offset"]
        yield _line("archive", redacted(uri))
        yield _line("offset", f"{offset:,}" if offset is not None else "unknown")
    state, said = traced.archive
    if said and state != archive.GONE:
        yield _line("", said)
    if isinstance(traced.raw, str):
        yield _line("raw record", traced.raw)
    else:
        yield from _raw(traced.raw)
    for stage in traced.stages:
        yield _line(f"{stage.table}/", stage.said if stage.said == stage.outcome else _said(stage))
        yield from (_line("", more) for more in stage.more)
    for entry in traced.taken_down:
        named = f"{entry['kind']} {entry['value']}"
        yield _line("takedowns/", f"taken down on {entry['date']} by {named}: {entry['reason']}")
    for row in traced.quarantined:
        where = f"{redacted(row['uri'])}, offset {row['offset']}"
        yield _line("quarantine/", f"{row['error']} ({row['stage']}): {row['message']}; {where}")


def _said(stage: Any) -> str:
    return f"{stage.outcome}: {stage.said}"


def _raw(record: RawRecord) -> Iterator[str]:
    yield _line("raw record", f"{record.what}, {record.size:,} bytes")
    yield from (_line("", note) for note in record.notes)
    for section, pairs in record.headers.items():
        for name, value in pairs:
            shown_ = " ".join(map(str, value)) if isinstance(value, list) else value
            yield _line(section, f"{name}: {shown_}" if name else str(shown_))
            section = ""
    beginning = [line for line in record.beginning.expandtabs(4).splitlines() if line.strip()]
    label = "beginning"
    for line in beginning[:_LINES]:
        yield _line(label, line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…")
        label = ""


def _line(label: str, text: str) -> str:
    return f"{label:{_COLUMN}}{text}".rstrip()
