"""The page of a document."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from markupsafe import Markup

from jobs.steps.explore.document import DocumentView
from jobs.steps.explore.filters import Filter, Params
from jobs.steps.explore.pages.layout import document_link, link, page
from jobs.steps.explore.pages.text_view import compared, text_lines
from jobs.steps.explore.state import State
from jobs.steps.report.markup import code, details, joined, table, tag

_FACTS = ("url", "date", "slice", "bucket", "language", "license")
_VIEWS = {
    "text": "Text",
    "removed": "Lines that paragraph dedup removed",
    "changes": "What curate changed",
}


def view_of(state: State, params: Params) -> DocumentView:
    """Return the document that an address names.

    Raises
    ------
    UserError
        There is no such document.
    """
    version = state.version()
    table = params.get("table", [""])[0]
    if table not in version.tables:
        table = state.default_table
    return DocumentView(version, table, params.get("id", [""])[0])


def document_page(state: State, params: Params) -> str:
    """Return the page of a document.

    Raises
    ------
    UserError
        There is no such document.
    """
    view = view_of(state, params)
    title = view.row["title"] or view.id
    body = [tag("h1", tag("bdi", title)), *document_parts(view, params)]
    return page(title, state.name, body)


def document_parts(view: DocumentView, params: Params) -> list[Markup]:
    """Return the parts of a document's page below its title.

    Raises
    ------
    UserError
        There is no such document.
    """
    parts = [_text(view, params), signals(view), _cluster(view, params)]
    if params.get("against"):  # what the reader asked to see side by side comes first
        parts.reverse()
    return [facts(view), _actions(view), *parts]


def facts(view: DocumentView) -> Markup:
    """Return the document's id, address, date and attributes."""
    row = view.row
    pairs: list[tuple[str, object]] = [("id", code(view.id)), ("table", f"{view.data.name}")]
    # an address is shown, and never a link: it may be javascript:, and its site may be hostile
    pairs += [(name, tag("bdi", row[name])) for name in _FACTS if row[name]]
    items = (joined([tag("dt", _label(name)), tag("dd", value)]) for name, value in pairs)
    return tag("dl", *items, class_="facts")


def _label(name: str) -> str:
    return {"license": "licence", "url": "URL"}.get(name, name)


def _actions(view: DocumentView) -> Markup:
    query = urlencode({"table": view.data.name, "id": view.id})
    links = [link("Text as a file", "/text", query)]
    if view.version.place.is_root:
        links += [link("Trace and raw record", "/trace", query)]
    others = [name for name in view.version.tables if name != view.data.name and view.text_in(name)]
    links += [document_link(f"In {name}/", name, view.id) for name in others]
    return tag("ul", *(tag("li", action) for action in links), class_="actions")


def _text(view: DocumentView, params: Params) -> Markup:
    """Return the text in the view that the address asks for, under links to the others."""
    views: dict[str, Callable[[], Markup]] = {"text": lambda: _plain(view, params)}
    extracted, annotated = view.text_in("documents"), view.text_in("annotated")
    curated = view.text_in("corpus")
    if extracted is not None and view.kept_lines is not None:
        text, kept = extracted, view.kept_lines
        views["removed"] = lambda: text_lines(text, kept=kept)
    if annotated is not None and curated is not None:
        before, after = annotated, curated
        views["changes"] = lambda: compared(before, after, ("annotated/", "corpus/"))
    shown = params.get("view", ["text"])[0]
    shown = shown if shown in views else "text"
    links = [
        tag(
            "li",
            document_link(_VIEWS[name], view.data.name, view.id, view=name),
            aria_current="true" if name == shown else None,
        )
        for name in views
    ]
    return tag(
        "section",
        tag("h2", _VIEWS[shown], id="text"),
        tag("ul", *links, class_="actions") if len(links) > 1 else None,
        views[shown](),
        aria_labelledby="text",
    )


def _plain(view: DocumentView, params: Params) -> Markup:
    """Return the text with words marked, and the lines of the chosen signal."""
    words = Filter.read({"words": params.get("q", [""])}, view.data.name).words
    signal = params.get("lines", [""])[0]
    scores = view.line_signals.get(signal, [])
    text = view.row["text"] or ""
    note = None
    if scores:
        # the places of lines are those of annotated/; curate may have changed the text since
        annotated = view.text_in("annotated")
        if annotated is not None and annotated != text:
            note, text = (
                "Shown is the text of annotated/, which the signal was measured on.",
                annotated,
            )
    return joined(
        [
            _line_signals(view, signal),
            tag("p", note, class_="soft") if note else None,
            text_lines(text, words, scores),
        ]
    )


def _line_signals(view: DocumentView, chosen: str) -> Markup | None:
    if not view.line_signals:
        return None
    items = []
    for name, lines in view.line_signals.items():
        n = sum(bool(entry["score"]) for entry in lines)
        target = document_link(
            f"{name}: {n:,} of {len(lines):,} lines",
            view.data.name,
            view.id,
            **({} if name == chosen else {"lines": name}),
        )
        items.append(tag("li", target, aria_current="true" if name == chosen else None))
    summary = f"Lines that {chosen} points to" if chosen else "Signals of lines"
    content = tag("ul", *items, class_="signals")
    return tag("details", tag("summary", summary), content, open="" if chosen else None)


def signals(view: DocumentView) -> Markup:
    """Return the document's numbers; each name leads to the chart of the signal."""
    rows = [
        [
            link(code(name), "/", f"{urlencode({'table': view.data.name, 'show': name})}")
            if name in view.data.signals
            else code(name),
            f"{value:,.6g}",
        ]
        for name, value in view.signals.items()
    ]
    if not rows:
        return Markup()
    content = table(f"Numbers of the document, {len(rows)}", ("signal", "value"), rows)
    return tag("section", tag("h2", "Signals"), details("All signals", content))


def _cluster(view: DocumentView, params: Params) -> Markup:
    if not view.cluster:
        return Markup()
    rows = []
    for member in view.cluster:
        similarity = "" if member.similarity is None else f"{member.similarity:.4f}"
        own = member.elsewhere is None
        beside = document_link("side by side", view.data.name, view.id, against=member.id)
        name = document_link(member.id, view.data.name, member.id) if own else code(member.id)
        rows.append([name, member.kind, similarity, beside if own else f"in {member.elsewhere}"])
    listed = table(
        "Its cluster, with similarities to the survivor",
        ("document", "kind", "similarity", ""),
        rows,
        text=(0, 1, 3),
    )
    against = params.get("against", [""])[0]
    return tag("section", tag("h2", "Duplicates", id="duplicates"), listed, _beside(view, against))


def _beside(view: DocumentView, other: str) -> Markup | None:
    """Return this document beside another one, of the first table that has both."""
    if not other:
        return None
    against = DocumentView(view.version, view.data.name, other)
    tables = [view.data.name, *(name for name in view.version.tables if name != view.data.name)]
    for name in tables:
        texts = view.text_in(name), against.text_in(name)
        if texts[0] is not None and texts[1] is not None:
            return joined(
                [
                    tag("h3", f"Side by side, in {name}/", id="beside"),
                    compared(texts[0], texts[1], (code(view.id), code(other))),
                ]
            )
    return tag("p", f"No table has both texts: {other} is not here.", class_="note")
