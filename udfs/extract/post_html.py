"""Extract the text of a Stack Exchange post, by RedPajama-V1's rule.

V1 replaces the start of a list item by a line break and a star, and takes the text that BeautifulSoup
finds in lxml's tree. This module returns the same text, but from the tags alone where they are well
nested (`udfs.extract.well_nested`), and otherwise from lxml's tree without BeautifulSoup.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from udfs.extract import well_nested
from udfs.extract.errors import ExtractionError
from udfs.extract.sandbox import Helper
from udfs.extract.well_nested import SPACES, collapsed

TOO_DEEP = "html-too-deep"
# Number of "<" above which a post is parsed in the helper process. Sites allow 30,000 characters, so
# that real posts have fewer. libxml2's time is quadratic in the number of open tags: with this many it
# takes milliseconds.
_MAX_TAGS_IN_PROCESS = 10_000
_MAX_DEPTH = 2048  # nested tags that libxml2 accepts
_SPECIAL = re.compile(r"<(?:pre|textarea|script|style|template)", re.IGNORECASE)
_HAS_NO_TEXT = re.compile(r"<(?:script|style|template)", re.IGNORECASE)
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True)
_TEXTS: Callable[..., Any] = etree.XPath("//text()", smart_strings=False)
_TEXTS_TO_KEEP: Callable[..., Any] = etree.XPath(
    "//pre//text() | //textarea//text()", smart_strings=False
)
_TEXTS_WITH_PARENTS: Callable[..., Any] = etree.XPath(
    "//text()[not(ancestor::script or ancestor::style or ancestor::template)]"
)
_IS_PREFORMATTED = etree.XPath("boolean(ancestor-or-self::pre or ancestor-or-self::textarea)")

_HELPER = Helper("udfs.extract.post_html:extract_in_process")


def text(html: str) -> str:
    r"""Return the text of a post.

    Each list item, and as in V1 each ordered list (`<ol>`), starts a line with a star. Runs of white
    space between tags become one line break or one blank, except in `<pre>`, whose line breaks and
    indentation are kept. Comments, scripts and styles are removed. Line ends are `\n`.

    Raises
    ------
    ExtractionError
        `html-too-deep`: tags are nested too deeply. `broken-html`: libxml2 cannot parse the post.
        `extraction-timeout`, `extraction-crash`: the helper process exceeded its time or ended, for
        a post with more than 10,000 tags.
    """
    if len(html) > _MAX_TAGS_IN_PROCESS and html.count("<") > _MAX_TAGS_IN_PROCESS:
        return _HELPER.extract(html)[1]
    return _text(html)


def extract_in_process(html: str) -> tuple[None, str]:
    """Return None for the title, and the text of a post, as the helper process requires."""
    return None, _text(html)


def _text(html: str) -> str:
    if "\r" in html:
        html = html.replace("\r\n", "\n").replace("\r", "\n")
    has_lists = "</li>" in html
    if has_lists:
        html = _with_stars(html)
    text = well_nested.text(html)
    if text is None:
        return text_by_libxml2(html if has_lists else _with_stars(html))
    return text


def _with_stars(html: str) -> str:
    """Return HTML with a line break and a star for each start of a list item or ordered list."""
    html = html.replace("<li>", "\n*").replace("</li>", "")
    return html.replace("<ol>", "\n*").replace("</ol>", "")


def text_by_libxml2(html: str) -> str:
    """Return the text of HTML in which `_with_stars` replaced the tags of lists.

    Raises
    ------
    ExtractionError
        `html-too-deep`: tags are nested too deeply. `broken-html`: libxml2 cannot parse the post.
    """
    if "<" not in html and "&" not in html:
        return html.lstrip(SPACES)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), _PARSER)
    except etree.XMLSyntaxError as error:
        if not html.strip(SPACES) or "empty" in str(error):
            return ""
        raise ExtractionError("broken-html", str(error)) from None
    if root is None:  # the post consists of comments
        return ""
    if html.count("<") >= _MAX_DEPTH and _has_hit_a_limit():
        raise ExtractionError(
            TOO_DEEP, "libxml2 stopped: the tags of the post are nested too deeply"
        )
    if _is_plain(html, root):
        return "".join([collapsed(run) if run.isspace() else run for run in _TEXTS(root)])
    return "".join(
        collapsed(run) if _is_space(run) and not _is_preformatted(run) else str(run)
        for run in _TEXTS_WITH_PARENTS(root)
    )


def _has_hit_a_limit() -> bool:
    """Return whether libxml2 stopped at one of its limits in the last parse."""
    return any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in _PARSER.error_log)


def _is_plain(html: str, root: etree._Element) -> bool:
    """Return whether the text is the same without regard to the tags around it."""
    if not _SPECIAL.search(html):
        return True
    return not _HAS_NO_TEXT.search(html) and not any(map(_is_space, _TEXTS_TO_KEEP(root)))


def _is_preformatted(space: etree._ElementUnicodeResult) -> bool:
    """Return whether white space is in an element that keeps it, `pre` or `textarea`."""
    parent = space.getparent()
    if parent is None:
        return False
    if space.is_tail:
        parent = parent.getparent()
    return parent is not None and bool(_IS_PREFORMATTED(parent))


def _is_space(run: str) -> bool:
    return run.isspace() and not run.strip(SPACES)
