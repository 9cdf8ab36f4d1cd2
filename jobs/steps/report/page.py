"""The page around the sections: one file, which needs no network and no script."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.steps.report.markup import Html, code, joined, tag
from jobs.steps.report.section import Section
from jobs.steps.report.style import STYLE


def page(root: str, made: str, version: str, sections: Sequence[Section]) -> str:
    """The whole page.

    Parameters
    ----------
    made
        When, as people read it.
    version
        Of this software.
    """
    links = [tag("li", tag("a", each.title, href=f"#{each.name}")) for each in sections]
    body = tag(
        "body",
        tag("header", tag("h1", "Corpus report"), tag("p", code(root), class_="root")),
        tag("nav", tag("ul", *links), aria_label="Sections"),
        tag("main", joined([_section(each) for each in sections], "\n")),
        tag("footer", tag("p", f"redpajama-spark {version}, {made}")),
    )
    return f"<!DOCTYPE html>\n{tag('html', _head(root), body, lang='en')}\n"


def _head(root: str) -> Html:
    # whatever a document's id might smuggle in, nothing is fetched and nothing runs
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"Corpus report: {root}"),
        tag("style", Html(STYLE)),
    )


def _section(section: Section) -> Html:
    heading = f"{section.name}-title"
    return tag(
        "section",
        tag("h2", section.title, id=heading),
        section.body,
        id=section.name,
        aria_labelledby=heading,
    )
