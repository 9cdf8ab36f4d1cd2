"""The first page: filters, charts, and the documents that pass."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from markupsafe import Markup

from jobs.steps.explore import queries
from jobs.steps.explore.dataset import ATTRIBUTES, Dataset
from jobs.steps.explore.filters import Filter, Params
from jobs.steps.explore.pages import charts, filter_form
from jobs.steps.explore.pages.layout import choice, document_link, link, page
from jobs.steps.explore.pages.words import marked
from jobs.steps.explore.queries import PAGE, Bin, Counts, Row
from jobs.steps.explore.state import State, Version
from jobs.steps.explore.word_search import Word
from jobs.steps.report.markup import joined, tag

_DEFAULT_SIGNALS = ("token_count", "rps_doc_word_count", "characters", "length")


def whole_counts(version: Version, data: Dataset) -> Counts:
    """Return the counts of all documents of a table."""
    return version.answer(
        ("counts", data.name, ""),
        lambda: queries.counts(version.database, data, Filter(data.name)),
    )


def documents_page(state: State, params: Params) -> str:
    """Return the page of the documents that pass the filters of an address.

    Raises
    ------
    UserError
        The address names a table or a column that does not exist, or a range that has no number.
    """
    version = state.version()
    chosen = Filter.read(params, state.default_table)
    data = version.dataset(chosen.table)
    sort = params.get("sort", [""])[0]
    show = params.get("show", [""])[0] or _default_signal(data)
    number = page_number(params)
    rows = queries.listed(version.database, data, chosen, number, sort)
    more = {"sort": sort, "show": params.get("show", [""])[0]}
    more = {name: value for name, value in more.items() if value}
    whole = whole_counts(version, data)
    form = tag(
        "form",
        filter_form.fields(data, chosen, version.tables, whole),
        choice("Chart of", "show", [(name, name) for name in data.signals], show)
        if data.signals
        else None,
        choice("Order", "sort", _orders(data), sort),
        tag("button", "Show", type="submit"),
        method="get",
        action="/",
        class_="filters",
        aria_label="Filters",
    )
    # counting words reads all texts: the documents are shown before that
    later = bool(chosen.words) and not version.knows(("summary", data.name, chosen.query(), show))
    query = urlencode([*chosen.pairs(), *more.items(), ("show", show)])
    summary = (
        tag(
            "p",
            "Counting…",
            class_="soft",
            id="later",
            data_from=f"/summary?{query}",
            role="status",
        )
        if later
        else summary_of(version, data, chosen, show, more)
    )
    body = [
        tag("h1", f"Documents of {data.name}/" if version.place.is_root else "Documents"),
        tag("aside", tag("details", tag("summary", "Filters"), form, open=""), class_="side"),
        tag(
            "div",
            filter_form.active(chosen, **more),
            tag("div", summary, class_="summary"),
            results(data, chosen, rows[:PAGE]),
            _pages(chosen, number, len(rows) > PAGE, more),
            class_="content",
        ),
    ]
    script = "explore.js"
    return page("Documents", state.name, body, current="/", script=script)


def summary_of(
    version: Version, data: Dataset, chosen: Filter, show: str, more: dict[str, str]
) -> Markup:
    """Return the number of documents that pass, and the charts of them."""
    key = chosen.query()
    counts, bins = version.answer(
        ("summary", data.name, key, show), lambda: _summary(version, data, chosen, show)
    )
    whole = whole_counts(version, data).total
    parts: list[object] = [
        tag(
            "p",
            tag("strong", f"{counts.total:,}"),
            f" of {whole:,} documents" if counts.total != whole else " documents",
            " · ",
            link("compare with another set", "/compare", _as_compared(chosen)),
            " · ",
            link("map", "/map", key),
            class_="total",
            role="status",
        )
    ]
    if counts.total:
        parts.append(tag("div", charts.charts(counts, chosen, more), class_="charts"))
        if show:
            parts.append(
                tag(
                    "section",
                    tag("h3", show),
                    charts.histogram(show, bins, chosen, more),
                    class_="wide",
                )
            )
    return joined(parts)


def _summary(
    version: Version, data: Dataset, chosen: Filter, show: str
) -> tuple[Counts, list[Bin]]:
    """Return the counts, and the histogram of a signal."""
    database = version.database
    if not chosen.words:
        bins = queries.histogram(database, data, chosen, show) if show else []
        return queries.counts(database, data, chosen), bins
    with queries.matches(database, data, chosen, [show] if show else []) as matches:
        everything = Filter(data.name)
        bins = queries.histogram(database, matches, everything, show) if show else []
        return queries.counts(database, matches, everything), bins


def summary_page(state: State, params: Params) -> str:
    """Return the summary alone, for a page that shows its documents before they are counted."""
    version = state.version()
    chosen = Filter.read(params, state.default_table)
    data = version.dataset(chosen.table)
    more = {name: params[name][0] for name in ("sort", "show") if name in params}
    return summary_of(version, data, chosen, more.get("show") or _default_signal(data), more)


def results(data: Dataset, chosen: Filter, rows: Sequence[Row]) -> Markup:
    """Return the list of documents."""
    if not rows:
        return tag("p", "No document passes these filters.", class_="note")
    words = {"q": chosen.texts["words"]} if chosen.words else {}
    return tag(
        "ol",
        *(tag("li", *_result(data, row, chosen.words, words)) for row in rows),
        class_="results",
    )


def _result(data: Dataset, row: Row, marks: Sequence[Word], words: dict[str, str]) -> list[object]:
    snippet = row["snippet"] or ""
    title = row["title"] or " ".join(snippet.split())[:80] or "(no text)"
    facts = [row[name] for name in ATTRIBUTES if row.get(name)]
    size = next((name for name in ("token_count", "characters", "length") if name in row), None)
    if size and row[size] is not None:
        facts.append(f"{row[size]:,} {'tokens' if size == 'token_count' else 'characters'}")
    if row.get("date"):
        facts.append(str(row["date"])[:10])
    if "sorted" in row and row["sorted"] is not None:
        facts.append(f"{row['sorted']:,.6g}")
    return [
        tag("h3", document_link(title, data.name, row["id"], **words)),
        tag("p", " · ".join(map(str, facts)), class_="facts soft"),
        tag(
            "p",
            tag("code", tag("bdi", row["id"])),
            " ",
            tag("bdi", row["url"] or ""),
            class_="soft",
        ),
        tag(
            "p",
            "…" if row["start"] > 1 else None,
            marked(snippet, marks),
            class_="snippet",
            dir="auto",
        ),
    ]


def _pages(chosen: Filter, number: int, has_next: bool, more: dict[str, str]) -> Markup | None:
    links = []
    if number:
        links.append(link("← Previous", "/", chosen.query(**more, page=number - 1), rel="prev"))
    if has_next:
        links.append(link("Next →", "/", chosen.query(**more, page=number + 1), rel="next"))
    return tag("nav", *links, class_="pages", aria_label="Pages of documents") if links else None


def _orders(data: Dataset) -> list[tuple[str, str]]:
    orders = [("", "as stored")]
    for name in data.signals:
        orders += [(f"-{name}", f"{name}, largest first"), (name, f"{name}, smallest first")]
    return orders


def _as_compared(chosen: Filter) -> str:
    other = Filter(chosen.table)
    return f"{chosen.query('a.')}&{other.query('b.')}"


def _default_signal(data: Dataset) -> str:
    return next((name for name in (*_DEFAULT_SIGNALS, *data.signals) if name in data.signals), "")


def page_number(params: Params) -> int:
    """Return the number of the page that an address asks for, from 0."""
    text = params.get("page", ["0"])[0]
    return min(int(text), 100_000) if text.isascii() and text.isdigit() else 0
