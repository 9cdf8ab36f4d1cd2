"""The page around the sections: one file that loads nothing and has no scripts."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from jobs.steps.report.markup import code, joined, tag
from jobs.steps.report.section import Section
from jobs.steps.report.style import STYLE

FILES = ("report.html", "report.json")
"""The report of a root, in its folder."""


def page(
    root: str, time: str, version: str, sections: Sequence[Section], title: str = "Corpus report"
) -> str:
    """Return the whole page.

    Parameters
    ----------
    root
        What the page is about, below its title.
    made
        Date and time of the report, for people.
    version
        Version of this software.
    """
    links = [tag("li", tag("a", section.title, href=f"#{section.name}")) for section in sections]
    body = tag(
        "body",
        tag("header", tag("h1", title), tag("p", code(root), class_="root")),
        tag("nav", tag("ul", *links), aria_label="Sections"),
        tag("main", joined(map(_section, sections), "\n")),
        tag("footer", tag("p", f"redpajama-spark {version}, {time}")),
    )
    return f"<!DOCTYPE html>\n{tag('html', _head(f'{title}: {root}'), body, lang='en')}\n"


def _head(title: str) -> Markup:
    # even if markup from a document got through, nothing would be fetched or run
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Markup(STYLE)),
    )


def _section(section: Section) -> Markup:
    heading = f"{section.name}-title"
    return tag(
        "section",
        tag("h2", section.title, id=heading),
        section.body,
        id=section.name,
        aria_labelledby=heading,
    )
