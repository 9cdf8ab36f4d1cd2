"""What all pages of `explore` share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from markupsafe import Markup

from jobs.steps.report.markup import joined, tag

LINKS = (("/", "Documents"), ("/compare", "Compare"), ("/map", "Map"))


def page(
    title: str, place: str, body: Iterable[object], *, current: str = "", script: str = ""
) -> str:
    """Return a page.

    Parameters
    ----------
    place
        Name of what is explored.
    current
        The link of the navigation that the page belongs to.
    script
        Name of the script that it needs.
    """
    links = [
        tag(
            "li",
            tag("a", name, href=address, aria_current="page" if address == current else None),
        )
        for address, name in LINKS
    ]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title} – {place}"),
        tag("link", rel="stylesheet", href="/static/explore.css"),
        tag("link", rel="icon", href="/static/icon.svg"),
        tag("script", src=f"/static/{script}", defer="") if script else None,
    )
    content = tag(
        "body",
        tag("a", "Skip to the content", href="#content", class_="skip"),
        tag(
            "header",
            tag("p", tag("bdi", place), class_="place"),
            tag("nav", tag("ul", *links), aria_label="Pages"),
        ),
        tag("main", joined(body, "\n"), id="content", tabindex="-1"),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, content, lang='en')}\n"


def message(title: str, text: str, place: str) -> str:
    """Return a page that says one thing, as an error."""
    return page(title, place, [tag("h1", title), tag("p", text, class_="note", role="alert")])


def link(text: object, path: str, query: str = "", **attributes: object) -> Markup:
    """Return a link within the pages."""
    return tag("a", text, href=f"{path}?{query}" if query else path, **attributes)


def document_link(text: object, table: str, id_: str, **more: object) -> Markup:
    """Return a link to the page of a document."""
    query = urlencode({"table": table, "id": id_, **more})
    return link(tag("bdi", text), "/document", query)


def field(label: str, name: str, value: str, **attributes: object) -> Markup:
    """Return a labelled line of text of a form."""
    control = tag("input", type="text", name=name, value=value, autocomplete="off", **attributes)
    return tag("label", tag("span", label), control)


def choice(label: str, name: str, options: Sequence[tuple[str, str]], chosen: str) -> Markup:
    """Return a labelled list of a form.

    Parameters
    ----------
    options
        Value and text of each.
    """
    items = [
        tag("option", text, value=value, selected="" if value == chosen else None)
        for value, text in options
    ]
    return tag("label", tag("span", label), tag("select", *items, name=name))


def hidden(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Return parameters that a form passes on."""
    return joined(tag("input", type="hidden", name=name, value=value) for name, value in pairs)
