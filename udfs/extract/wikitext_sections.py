"""Remove sections of an article that have no text, or only links."""

from __future__ import annotations

from functools import cache

from udfs.extract.wiki_templates.table import EDITIONS, edition
from udfs.extract.wikitext_marks import HEADING

_LEVEL = 2  # of an article's sections


def without_empty_sections(lines: list[str]) -> list[str]:
    """Return the lines without marks of headings and without headings of sections that have no text."""
    kept: list[str] = []  # in reverse order, because the lines after a heading decide
    next_level = 0  # the level of the next heading
    is_empty = True  # whether no text is between here and the next heading
    for line in reversed(lines):
        if line.startswith(HEADING):
            level = int(line[1])
            if is_empty and next_level <= level:
                continue
            kept += ["", line[2:].strip(), ""]
            next_level, is_empty = level, True
        else:
            if line:
                is_empty = False
            kept.append(line)
    return kept[::-1]


def without_link_sections(lines: list[str]) -> list[str]:
    """Return the lines without the last sections, as far as their titles say that they are of links.

    Such a title within the article, such as "Literature" before "Music", is that of a text.
    """
    end = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if line.startswith(HEADING) and int(line[1]) <= _LEVEL:
            if line[2:].strip().rstrip(":").casefold() not in _link_titles():
                break
            end = index
    return lines[:end]


@cache
def _link_titles() -> frozenset[str]:
    """Return the titles of such sections in all editions."""
    return frozenset(
        title.strip().casefold()
        for code in EDITIONS
        for title in edition(code).settings.get("link-sections", "").split(";")
    )
