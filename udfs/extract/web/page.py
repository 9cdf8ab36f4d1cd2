"""Read a web page: its title, its content and how sure the choice of the content is."""

from __future__ import annotations

import re
from itertools import repeat

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from udfs.extract.web import content, formulas, nesting, plain_text, reader
from udfs.extract.web import markdown as markdown_text
from udfs.extract.web.blocks import Blocks
from udfs.extract.web.roles import FALLBACKS, OF_CODE, ROLES
from udfs.extract.web.text import PageText

# a reader leaves out scripts faster when they are no longer in the tree; titles of drawings are no titles
_INVISIBLE = ["script", "svg"]
# characters that have no width and say nothing: soft hyphens, spaces and joiners of no width. Joiners that
# shape the letters around them stay (U+200C and U+200D)
_NO_WIDTH = ("\xad", "\u200b", "\u2060", "\ufeff")
# a page has its content in a `noscript`, a canvas and the like if they have more text than this and than the
# rest of the page
_MUCH = 400
_FRAMES = re.compile(r"</?(?:frameset|frame|noframes)\b[^<>]*>", re.IGNORECASE)
# elements whose text the parser does not escape
_VERBATIM = "xmp, plaintext"


def extract(html: str, *, whole: bool = False, markdown: bool = False) -> PageText:
    """Return the text of a page's main content.

    Parameters
    ----------
    html
        The page.
    whole
        Return the text of the whole body, boilerplate included.
    markdown
        Write Markdown instead of plain text.
    """
    title, blocks = read(html, marks_code=markdown)
    write = markdown_text.write if markdown else plain_text.write
    if whole:
        return PageText(title, write(blocks, repeat(True, len(blocks.text))), 1.0)
    chosen = content.choose(blocks)
    return PageText(title, write(blocks, chosen.chosen), chosen.share, chosen.second_try)


def read(html: str, *, marks_code: bool = False) -> tuple[str, Blocks]:
    """Return the title of a page and its blocks; code within lines can be marked."""
    page = _parsed(html, scripting=True)
    title = page.css_first("title")
    roles = ROLES | OF_CODE if marks_code else ROLES
    blocks = reader.read(_body(page), roles)
    if blocks.unread > max(_MUCH, sum(map(len, blocks.text))) or (
        not blocks.text and page.css_first("noscript, frameset")
    ):
        blocks = _read_without_scripts(html, roles)
    return _without_no_width(title.text()) if title else "", blocks


def _read_without_scripts(html: str, roles: dict[str, int]) -> Blocks:
    """Return the blocks of a page as a browser that runs no scripts and knows no frames shows it."""
    page = _parsed(_FRAMES.sub("", html), scripting=False)
    for noscript in page.css("noscript"):
        if len(noscript.text()) < _MUCH:
            noscript.decompose()
    return reader.read(_body(page), roles | FALLBACKS)


def _parsed(html: str, *, scripting: bool) -> LexborHTMLParser:
    source = html.encode("utf-8", "replace")
    # the event of an option is to copy the chosen one, after a search through all others
    page = LexborHTMLParser(
        nesting.limited(source), scripting=scripting, options=LexborDocumentOptions.WO_EVENTS
    )
    if formulas.may_have(source):
        formulas.replace(page)
    page.strip_tags(_INVISIBLE)
    return page


def _body(page: LexborHTMLParser) -> str:
    """Return the body of a page, serialised."""
    # a search in the tree takes half the time of one in the text
    for node in page.css(_VERBATIM):
        pre = page.create_node("pre")
        pre.insert_child(node.text())
        node.replace_with(pre)
    body = page.body
    return _without_no_width(body.html or "") if body else ""


def _without_no_width(text: str) -> str:
    if not text.isascii():
        for character in _NO_WIDTH:
            if character in text:
                text = text.replace(character, "")
    return text
