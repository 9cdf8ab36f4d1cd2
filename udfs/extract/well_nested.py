"""The text of HTML whose tags are few, known and well nested, without a parser: as Markdown gives it.

There a parser has nothing to repair: what is between two tags is a text of its own, and that is all
that is wanted. All other HTML is for libxml2. A tag may be in another if libxml2 does
not end the outer one where the inner one starts.
"""

from __future__ import annotations

import re

SPACES = " \n\t\f\r"  # what BeautifulSoup takes for space
_MOST_TAGS = 1000  # far from what libxml2 gives up at

_TAG = re.compile(r"<([^>]*)>")
_WITH_ATTRIBUTES = re.compile(r'([a-z]+[1-6]?)(?: [a-z-]+="[^"]*")+( ?/)?')
_MARKS = ["b", "code", "del", "em", "i", "ins", "kbd", "s", "strike", "strong", "sub", "sup", "u"]
_PHRASES = ["a", "span", *_MARKS]
_PARAGRAPHS = ["p", "pre", "h1", "h2", "h3", "h4", "h5", "h6"]  # that have phrases alone in them
_CONTAINERS = ["blockquote", "div", "ul"]
_NOT_IN = {"a": ("a",), "ul": ("pre",)}
_PRE = "/pre"
_NEVER = ">"  # ends what is outside of all tags: no tag has it


def _known(inside: str = "") -> dict[str, str]:
    """Return the tags that may start in an element, each with the tag that ends it, if any does."""
    names, empty = list(_PHRASES), ["br", "img"]
    if inside in ("", *_CONTAINERS):
        names += [*_PARAGRAPHS, *_CONTAINERS]
        empty += ["hr"]
    tags = {name: f"/{name}" for name in names if name not in _NOT_IN.get(inside, ())}
    return tags | {tag: "" for name in empty for tag in (name, f"{name}/", f"{name} /")}


# by the tag that ends the element
_INSIDE = {
    _NEVER: _known(),
    **{f"/{name}": _known(name) for name in [*_PHRASES, *_PARAGRAPHS, *_CONTAINERS]},
}


def text(html: str) -> str | None:
    """Return what libxml2 finds between the tags of some HTML; None if it takes libxml2 to tell.

    Runs of white space alone become one line break or one blank, except in `<pre>`.
    """
    if html.startswith("\ufeff") or "\0" in html or "\r" in html or not _is_unicode(html):
        return None
    if html.rfind("<") > html.rfind(">"):  # else each tag has an end, and the search for it too
        return None
    pieces = _TAG.split(html)
    runs = pieces[::2]
    if len(runs) > _MOST_TAGS:
        return None
    runs[0] = runs[0].lstrip(SPACES)
    outer: list[tuple[str, dict[str, str]]] = []  # the elements that the innermost one is in
    end, inside = _NEVER, _INSIDE[_NEVER]
    is_kept = False
    for number, tag in enumerate(pieces[1::2], 1):
        if tag == end:
            is_kept = is_kept and tag != _PRE
            end, inside = outer.pop()
        else:
            its_end = inside.get(tag)
            if its_end is None:
                found = _WITH_ATTRIBUTES.fullmatch(tag)
                its_end = inside.get(found[1]) if found else None
                if found is None or its_end is None or (found[2] and its_end):
                    return None
            if its_end:
                outer.append((end, inside))
                end, inside = its_end, _INSIDE[its_end]
                is_kept = is_kept or end == _PRE
        run = runs[number]
        if run.isspace() and not is_kept:
            runs[number] = shortened(run)
    joined = "".join(runs)
    return _unescaped(runs) if "&" in joined else joined


def shortened(run: str) -> str:
    """Return the line break or the blank that stands for white space alone."""
    if run.strip(SPACES):  # no-break spaces and the like stay
        return run
    return "\n" if "\n" in run else " "


def _is_unicode(html: str) -> bool:
    """Whether there is no half of a surrogate pair."""
    if html.isascii():
        return True
    try:
        html.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unescaped(runs: list[str]) -> str | None:
    """Return a text without references to characters; None if one is not of the most common."""
    joined = "\0".join(runs)  # no reference has a tag in it
    joined = joined.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    joined = joined.replace("&nbsp;", "\xa0")
    if joined.count("&") != joined.count("&amp;"):
        return None
    return joined.replace("&amp;", "&").replace("\0", "")  # last: what it gives is no reference
