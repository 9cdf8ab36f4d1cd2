"""The page of a document's trace, with its raw record."""

from __future__ import annotations

from urllib.parse import urlencode

from markupsafe import Markup

from jobs.slices.raw.record import RawRecord
from jobs.steps.explore.filters import Params
from jobs.steps.explore.pages.document import view_of
from jobs.steps.explore.pages.layout import document_link, link, page
from jobs.steps.explore.state import State
from jobs.steps.explore.trace import trace_of
from jobs.steps.report.markup import code, joined, table, tag
from jobs.steps.trace.document_trace import DocumentTrace
from jobs.storage.store import redacted


def trace_page(state: State, params: Params) -> str:
    """Return the page of a trace.

    Raises
    ------
    UserError
        There is no such document, or the place is no root.
    """
    version = state.version()
    id_ = params.get("id", [""])[0]
    trace = trace_of(version, id_)
    table_name = view_of(state, params).table
    body = [
        tag("h1", "Trace of ", code(id_)),
        tag("p", document_link("the document", table_name, id_)),
        stages(trace),
        _source(trace, urlencode({"id": id_})),
    ]
    return page("Trace", state.name, body)


def stages(trace: DocumentTrace) -> Markup:
    """Return what each job decided."""
    rows = [
        [
            code(f"{stage.table}/"),
            stage.outcome,
            joined(
                [
                    "" if stage.summary == stage.outcome else stage.summary,
                    *(tag("div", detail, class_="soft") for detail in stage.details),
                ]
            ),
        ]
        for stage in trace.stages
    ]
    rows += [
        [code("takedowns/"), "taken down", f"{entry['date']} by {entry['kind']}: {entry['reason']}"]
        for entry in trace.taken_down
    ]
    rows += [
        [code("quarantine/"), row["error"], f"{row['stage']}: {row['message']}"]
        for row in trace.quarantined
    ]
    head = ("table", "outcome", "why")
    return tag("section", table("What each job decided", head, rows, text=(0, 1, 2)))


def _source(trace: DocumentTrace, query: str) -> Markup:
    parts: list[object] = [tag("h2", "Raw record")]
    if trace.source is not None:
        offset = trace.source["offset"]
        at = "" if offset is None else f", offset {offset:,}"
        parts.append(tag("p", code(redacted(trace.source["uri"])), at))
    if trace.archive[1]:
        parts.append(tag("p", trace.archive[1], class_="note"))
    if isinstance(trace.raw, RawRecord):
        parts += _record(trace.raw, query)
    else:
        parts.append(tag("p", trace.raw, class_="note"))
    return tag("section", *parts)


def _record(record: RawRecord, query: str) -> list[object]:
    rows = [
        [section, name or "", " ".join(map(str, value)) if isinstance(value, list) else str(value)]
        for section, pairs in record.headers.items()
        for name, value in pairs
    ]
    beginning = record.beginning[:20_000]
    return [
        tag(
            "p",
            f"{record.what}, {record.size:,} bytes: ",
            link("its bytes as a file", "/raw", query, download=""),
        ),
        *(tag("p", note, class_="soft") for note in record.notes),
        table("Its headers", ("header", "field", "value"), rows, text=(0, 1, 2)) if rows else None,
        tag("pre", beginning, tabindex="0", aria_label="Beginning of the record", dir="auto"),
    ]
