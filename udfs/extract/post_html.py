"""The HTML of a Stack Exchange post as text, by RedPajama-V1's rule.

V1 puts a star on a line of its own for each list item, and takes the text that BeautifulSoup finds in
what lxml makes of the rest. This takes the same text from the tags alone where they are well nested,
and else from lxml's tree itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from udfs.extract import well_nested
from udfs.extract.errors import ExtractionError
from udfs.extract.sandbox import Helper
from udfs.extract.well_nested import SPACES, shortened

TOO_DEEP = "html-too-deep"
# Of "<" in a post. A site allows 30,000 characters, so a post with more is no post. What libxml2 takes
# grows with the square of the tags that are open, and this many take it milliseconds.
_MANY_TAGS = 10_000
_DEEPEST = 2048  # tags within each other, to libxml2
_SPECIAL = re.compile(r"<(?:pre|textarea|script|style|template)", re.IGNORECASE)
_HAS_NO_TEXT = re.compile(r"<(?:script|style|template)", re.IGNORECASE)
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True)
_TEXTS: Callable[..., Any] = etree.XPath("//text()", smart_strings=False)
_TEXTS_TO_KEEP: Callable[..., Any] = etree.XPath(
    "//pre//text() | //textarea//text()", smart_strings=False
)
_TEXTS_AND_PLACES: Callable[..., Any] = etree.XPath(
    "//text()[not(ancestor::script or ancestor::style or ancestor::template)]"
)
_KEEPERS = etree.XPath("boolean(ancestor-or-self::pre or ancestor-or-self::textarea)")

_helper = Helper("udfs.extract.post_html:untitled")


def text(html: str) -> str:
    r"""Return a post's text.

    List items start a line with a star, and so does an ordered list (`<ol>`), as in V1. Runs of white
    space between tags become one line break or one blank, except in `<pre>`, whose line breaks and
    indentation stay. Comments, scripts and styles have no text. Line ends are `\n`.

    Raises
    ------
    ExtractionError
        `html-too-deep`, and for a post of more than 10,000 tags what `sandbox.Helper` raises.
    """
    if len(html) > _MANY_TAGS and html.count("<") > _MANY_TAGS:
        return _helper.extract(html)[1]
    return _text(html)


def untitled(html: str) -> tuple[None, str]:
    """Return no title and a post's text, for the helper process."""
    return None, _text(html)


def _text(html: str) -> str:
    if "\r" in html:
        html = html.replace("\r\n", "\n").replace("\r", "\n")
    has_lists = "</li>" in html
    if has_lists:
        html = _starred(html)
    found = well_nested.text(html)
    if found is None:
        return by_libxml2(html if has_lists else _starred(html))
    return found


def _starred(html: str) -> str:
    html = html.replace("<li>", "\n*").replace("</li>", "")
    return html.replace("<ol>", "\n*").replace("</ol>", "")


def by_libxml2(html: str) -> str:
    """Return the text of HTML without `<li>` and `<ol>`, whatever its tags are.

    Raises
    ------
    ExtractionError
        `html-too-deep`, `broken-html`.
    """
    if "<" not in html and "&" not in html:
        return html.lstrip(SPACES)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), _PARSER)
    except etree.XMLSyntaxError as error:
        if not html.strip(SPACES) or "empty" in str(error):
            return ""
        raise ExtractionError("broken-html", str(error)) from None
    if root is None:  # comments alone
        return ""
    if html.count("<") >= _DEEPEST and _is_given_up():
        raise ExtractionError(TOO_DEEP, "libxml2 gave the post up: its tags are nested too deep")
    if _is_plain(html, root):
        return "".join([shortened(each) if each.isspace() else each for each in _TEXTS(root)])
    return "".join(
        shortened(each) if _is_space(each) and not _is_kept(each) else str(each)
        for each in _TEXTS_AND_PLACES(root)
    )


def _is_given_up() -> bool:
    return any(each.type_name == "ERR_RESOURCE_LIMIT" for each in _PARSER.error_log)


def _is_plain(html: str, root: etree._Element) -> bool:
    """Whether a text counts without a look at the tags that it is in."""
    if not _SPECIAL.search(html):
        return True
    return not _HAS_NO_TEXT.search(html) and not any(map(_is_space, _TEXTS_TO_KEEP(root)))


def _is_kept(space: etree._ElementUnicodeResult) -> bool:
    """Whether white space is in a tag that keeps it."""
    parent = space.getparent()
    if parent is None:
        return False
    if space.is_tail:
        parent = parent.getparent()
    return parent is not None and bool(_KEEPERS(parent))


def _is_space(run: str) -> bool:
    return run.isspace() and not run.strip(SPACES)
