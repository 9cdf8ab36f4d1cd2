"""Read the source of a template page: what a page that uses it includes."""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_CHARACTERS = 4096
"""Characters of a template that is kept; larger ones are boxes beside the text."""
MAX_TEMPLATES = 200_000
"""Templates of an edition that are kept, the shortest first."""
MAX_HOPS = 4
"""Redirects between templates that are followed."""
REDIRECT = "#redirect "
"""The start of a body that stands for another template's."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ONLY = re.compile(r"<onlyinclude>(.*?)</onlyinclude>", re.DOTALL | re.IGNORECASE)
_NOT_INCLUDED = re.compile(r"<noinclude>.*?(?:</noinclude>|\Z)", re.DOTALL | re.IGNORECASE)
_INCLUDED = re.compile(r"</?(?:includeonly|onlyinclude|noinclude)\s*/?>", re.IGNORECASE)
# tables and boxes beside the text
_BOX = re.compile(r"\{\||<table|navbox|infobox|sidebar|[aftoc]?mbox\b", re.IGNORECASE)
# marks of maintenance within a sentence
_MAINTENANCE = re.compile(r"noprint|inline-template|\{\{fix\b", re.IGNORECASE)
_LUA = re.compile(r"#invoke:", re.IGNORECASE)


def template_name(title: str) -> str:
    """Return the name by which pages use a template, in lower case, given its page's title."""
    return title.partition(":")[2].strip().replace("_", " ").lower()


def template_body(source: str) -> str | None:
    """Return the part of a template's source that pages include; None if the wiki's Lua makes its text.

    Empty for boxes beside the text and marks of maintenance, which are no part of a sentence.

    >>> template_body("a<noinclude>{{doc}}</noinclude> {{{1}}}"), template_body("{| |}")
    ('a {{{1}}}', '')
    """
    text = _COMMENT.sub("", source) if "<!--" in source else source
    only = _ONLY.findall(text)
    text = "".join(only) if only else _NOT_INCLUDED.sub("", text)
    text = _INCLUDED.sub("", text).strip("\n")
    if len(text) > MAX_CHARACTERS or _BOX.search(text) or _MAINTENANCE.search(text):
        return ""
    return None if _LUA.search(text) else text


def usable(bodies: Mapping[str, str]) -> dict[str, str]:
    """Return the bodies of templates with redirects replaced by what they lead to."""
    resolved: dict[str, str] = {}
    for name in sorted(bodies, key=lambda name: (len(bodies[name]), name))[:MAX_TEMPLATES]:
        body: str | None = bodies[name]
        for _ in range(MAX_HOPS):
            if body is None or not body.startswith(REDIRECT):
                break
            body = bodies.get(body.removeprefix(REDIRECT))
        if body is not None and not body.startswith(REDIRECT):
            resolved[name] = body
    return resolved
