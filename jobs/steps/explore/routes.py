"""Which function answers which address; there are no others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from jobs.steps.explore.filters import Params
from jobs.steps.explore.pages.compare import compare_page
from jobs.steps.explore.pages.document import document_page, view_of
from jobs.steps.explore.pages.documents import documents_page, summary_page
from jobs.steps.explore.pages.layout import message
from jobs.steps.explore.pages.map import map_data, map_page
from jobs.steps.explore.state import State
from jobs.steps.report.style import STYLE

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
STATIC = {
    "explore.css": "text/css; charset=utf-8",
    "explore.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "map.js": "text/javascript; charset=utf-8",
}


@dataclass(frozen=True)
class Answer:
    """An answer: its body as a whole, or in parts as they are read."""

    status: int
    body: bytes | Iterable[bytes]
    type: str = TEXT
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(state: State, path: str, params: Params) -> Answer:
    """Return the answer to a request.

    Raises
    ------
    UserError
        A parameter names what does not exist.
    """
    if path in _PAGES:
        return Answer(200, _encoded(_PAGES[path](state, params)), HTML)
    if path in _FILES:
        return _FILES[path](state, params)
    name = path.removeprefix("/static/")
    if path.startswith("/static/") and name in STATIC:
        return Answer(200, static(name), STATIC[name])
    return error_page(state, 404, "there is no such page")


def error_page(state: State, status: int, text: str) -> Answer:
    """Return a page that says what was wrong."""
    return Answer(status, _encoded(message("Not shown", text, state.name)), HTML)


@cache
def static(name: str) -> bytes:
    """Return a file of this package; the style sheet begins with that of the report."""
    content = resources.files(__package__).joinpath("static").joinpath(name).read_bytes()
    return STYLE.encode() + content if name.endswith(".css") else content


def _encoded(text: str) -> bytes:
    # a text may hold surrogates, which UTF-8 does not have
    return text.encode("utf-8", "replace")


def _map(state: State, params: Params) -> Answer:
    return Answer(200, map_data(state, params), "application/json")


def _text(state: State, params: Params) -> Answer:
    text = view_of(state, params).row["text"] or ""
    return Answer(200, _encoded(text))


def _raw(state: State, params: Params) -> Answer:
    # imports what the jobs that it explains need, which takes a second
    from jobs.steps.explore.trace import record_of

    record = record_of(state.version(), params.get("id", [""])[0])
    # never shown by the browser: a record may be a page with scripts
    disposition = {"Content-Disposition": 'attachment; filename="record.bin"'}
    return Answer(200, record.content(), "application/octet-stream", disposition)


def _trace(state: State, params: Params) -> str:
    from jobs.steps.explore.pages.trace import trace_page

    return trace_page(state, params)


_PAGES: dict[str, Callable[[State, Params], str]] = {
    "/": documents_page,
    "/summary": summary_page,
    "/compare": compare_page,
    "/map": map_page,
    "/document": document_page,
    "/trace": _trace,
}
_FILES: dict[str, Callable[[State, Params], Answer]] = {
    "/map/data": _map,
    "/text": _text,
    "/raw": _raw,
}
