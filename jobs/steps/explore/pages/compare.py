"""The page of two sets of filters."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from jobs.steps.explore import comparison
from jobs.steps.explore.comparison import LISTED, SIDES, Comparison, Side
from jobs.steps.explore.filters import Filter, Params
from jobs.steps.explore.pages import filter_form
from jobs.steps.explore.pages.documents import page_number, results, whole_counts
from jobs.steps.explore.pages.layout import link, page
from jobs.steps.explore.state import State, Version
from jobs.steps.report.markup import joined, table, tag

_TITLES = {"slice": "slice", "bucket": "bucket", "language": "language", "license": "licence"}


def compare_page(state: State, params: Params) -> str:
    """Return the page of the two sets that an address has, with the prefixes `a.` and `b.`.

    Raises
    ------
    UserError
        As for the page of documents.
    """
    version = state.version()
    filters = [Filter.read(params, state.default_table, f"{name}.") for name in SIDES]
    sides = [Side(version.dataset(chosen.table), chosen) for chosen in filters]
    shown = {"a": 0, "b": 1}.get(params.get("only", ["a"])[0], 0)
    key = "&".join(chosen.query() for chosen in filters)
    counts = version.answer(("compare", key), lambda: comparison.compare(version.database, sides))
    number = page_number(params)
    rows = comparison.only(version.database, sides, shown, number)
    body = [
        tag("h1", "Two sets of filters compared"),
        _form(version, sides),
        _counts(counts, filters, shown),
        tag(
            "section",
            tag("h2", f"Documents that only {SIDES[shown].upper()} has", id="documents"),
            results(sides[shown].data, sides[shown].chosen, rows[:LISTED])
            if rows
            else tag("p", "There is none.", class_="note"),
            _pages(filters, shown, number, len(rows) > LISTED),
        ),
        _groups(counts, filters),
    ]
    return page("Compare", state.name, body, current="/compare")


def _form(version: Version, sides: Sequence[Side]) -> Markup:
    sets = [
        tag(
            "fieldset",
            tag("legend", f"Set {name.upper()}"),
            filter_form.fields(
                side.data, side.chosen, version.tables, whole_counts(version, side.data), f"{name}."
            ),
            class_="set",
        )
        for name, side in zip(SIDES, sides, strict=True)
    ]
    button = tag("button", "Compare", type="submit")
    return tag("form", *sets, button, method="get", action="/compare", class_="sets")


def _counts(counts: Comparison, filters: Sequence[Filter], shown: int) -> Markup:
    lines = [
        tag(
            "li",
            " and ".join(text for _, text in chosen.described) or "all documents",
            f" of {chosen.table}/",
        )
        for chosen in filters
    ]
    total = tag(
        "p",
        _only(counts.only_a, "a", filters, shown == 0),
        " · ",
        tag("strong", f"{counts.both:,}"),
        " in both · ",
        _only(counts.only_b, "b", filters, shown == 1),
        class_="total",
        role="status",
    )
    return joined([tag("ol", *lines, type="A", class_="described"), total])


def _only(n: int, name: str, filters: Sequence[Filter], current: bool) -> Markup:
    return link(
        f"{n:,} only in {name.upper()}",
        "/compare",
        _query(filters, only=name),
        aria_current="true" if current else None,
    )


def _query(filters: Sequence[Filter], **more: object) -> str:
    return "&".join([filters[0].query("a."), filters[1].query("b.", **more)])


def _pages(filters: Sequence[Filter], shown: int, number: int, has_next: bool) -> Markup | None:
    links = [
        link(text, "/compare", _query(filters, only=SIDES[shown], page=to))
        for text, to, exists in (
            ("← Previous", number - 1, number > 0),
            ("Next →", number + 1, has_next),
        )
        if exists
    ]
    return tag("nav", *links, class_="pages", aria_label="Pages of documents") if links else None


def _groups(counts: Comparison, filters: Sequence[Filter]) -> Markup:
    """Return the counts by attribute; each count leads to the comparison within that value."""
    tables = []
    for name, groups in counts.groups.items():
        if not any(value is not None for value, *_ in groups):
            continue
        rows = []
        for value, only_a, both, only_b in groups:
            narrowed = [_narrowed(chosen, name, value or "") for chosen in filters]
            rows.append(
                [
                    tag("bdi", value or "none"),
                    link(f"{only_a:,}", "/compare", _query(narrowed, only="a")),
                    both,
                    link(f"{only_b:,}", "/compare", _query(narrowed, only="b")),
                ]
            )
        tables.append(
            table(f"By {_TITLES[name]}", (_TITLES[name], "only in A", "in both", "only in B"), rows)
        )
    return tag("section", tag("h2", "Where they differ"), *tables)


def _narrowed(chosen: Filter, attribute: str, value: str) -> Filter:
    return Filter(chosen.table, chosen.texts, {**chosen.values, attribute: (value,)}, chosen.ranges)
