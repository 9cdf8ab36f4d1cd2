"""Extract the text of well-nested HTML without a parser.

Posts of Stack Exchange are HTML made from Markdown: their tags are few, known and well nested. A parser
has nothing to repair in them, so that splitting at the tags gives the same text in less time. Other HTML
is parsed by libxml2. An element may be in another if libxml2 does not end the outer element where the
inner one starts.
"""

from __future__ import annotations

import re

SPACES = " \n\t\f\r"  # white space to BeautifulSoup
_MAX_TAGS = 1000  # far below libxml2's limits

_COMMON_SPACES = {"\n": "\n", "\n\n": "\n", " ": " ", "": ""}

_TAG = re.compile(r"<([^>]*)>")
_WITH_ATTRIBUTES = re.compile(r'([a-z]+[1-6]?)(?: [a-z-]+="[^"]*")+( ?/)?')
_MARKS = ["b", "code", "del", "em", "i", "ins", "kbd", "s", "strike", "strong", "sub", "sup", "u"]
_PHRASES = ["a", "span", *_MARKS]
_PARAGRAPHS = ["p", "pre", "h1", "h2", "h3", "h4", "h5", "h6"]  # contain phrases only
_CONTAINERS = ["blockquote", "div", "ul"]
_NOT_ALLOWED = {"a": ("a",), "ul": ("pre",)}  # by the outer element
_PRE = "/pre"
_NO_TAG = ">"  # the end tag of the root, which no tag equals


def _allowed_tags(outer: str = "") -> dict[str, str]:
    """Return the start tags allowed in an element with their end tags, empty for void elements."""
    names, void = list(_PHRASES), ["br", "img"]
    if outer in ("", *_CONTAINERS):
        names += [*_PARAGRAPHS, *_CONTAINERS]
        void += ["hr"]
    tags = {name: f"/{name}" for name in names if name not in _NOT_ALLOWED.get(outer, ())}
    return tags | {tag: "" for name in void for tag in (name, f"{name}/", f"{name} /")}


# by the end tag of the outer element
_ALLOWED_TAGS = {
    _NO_TAG: _allowed_tags(),
    **{f"/{name}": _allowed_tags(name) for name in [*_PHRASES, *_PARAGRAPHS, *_CONTAINERS]},
}


# tags whose effect a text without them lacks
_WITH_EFFECT = ("br", "sub", "sup")
_PLAIN_TAGS = {
    outer: {tag: end for tag, end in tags.items() if tag.rstrip(" /") not in _WITH_EFFECT}
    for outer, tags in _ALLOWED_TAGS.items()
}


def text(html: str, *, plain: bool = False) -> str | None:
    """Return the text that libxml2 finds in some HTML; None if that needs libxml2.

    Text runs of white space become one line break or one blank, except in `<pre>`.

    Parameters
    ----------
    plain
        Return None also for HTML with `<br>`, `<sub>` or `<sup>`, or with a paragraph right after a tag.
    """
    by_outer = _PLAIN_TAGS if plain else _ALLOWED_TAGS
    if html.startswith("\ufeff") or "\0" in html or "\r" in html or not _is_encodable(html):
        return None
    if html.rfind("<") > html.rfind(">"):  # an unclosed tag, whose search would be quadratic
        return None
    pieces = _TAG.split(html)
    runs = pieces[::2]
    if len(runs) > _MAX_TAGS:
        return None
    runs[0] = runs[0].lstrip(SPACES)
    outer: list[tuple[str, dict[str, str]]] = []  # the open elements around the innermost one
    end_tag, allowed = _NO_TAG, by_outer[_NO_TAG]
    is_preformatted = False
    for number, tag in enumerate(pieces[1::2], 1):
        if tag == end_tag:
            is_preformatted = is_preformatted and tag != _PRE
            end_tag, allowed = outer.pop()
        else:
            if plain and tag == "p" and number > 1 and not runs[number - 1]:
                return None
            inner_end_tag = allowed.get(tag)
            if inner_end_tag is None:
                match = _WITH_ATTRIBUTES.fullmatch(tag)
                inner_end_tag = allowed.get(match[1]) if match else None
                if match is None or inner_end_tag is None or (match[2] and inner_end_tag):
                    return None
            if inner_end_tag:
                outer.append((end_tag, allowed))
                end_tag, allowed = inner_end_tag, by_outer[inner_end_tag]
                is_preformatted = is_preformatted or end_tag == _PRE
        run = runs[number]
        if run in _COMMON_SPACES:
            if not is_preformatted:
                runs[number] = _COMMON_SPACES[run]
        elif run.isspace() and not is_preformatted:
            runs[number] = collapsed(run)
    joined = "".join(runs)
    return _unescaped(runs) if "&" in joined else joined


def collapsed(run: str) -> str:
    """Return one line break or one blank for a run of white space."""
    if run.strip(SPACES):  # no-break spaces and the like are kept
        return run
    return "\n" if "\n" in run else " "


def _is_encodable(html: str) -> bool:
    """Return whether a text has no lone surrogate."""
    if html.isascii():
        return True
    try:
        html.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unescaped(runs: list[str]) -> str | None:
    """Return the text with character references replaced; None if one is not among the common."""
    joined = "\0".join(runs)  # a reference cannot contain a tag
    joined = joined.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    joined = joined.replace("&nbsp;", "\xa0")
    if joined.count("&") != joined.count("&amp;"):
        return None
    return joined.replace("&amp;", "&").replace("\0", "")  # last, so that "&amp;lt;" becomes "&lt;"
