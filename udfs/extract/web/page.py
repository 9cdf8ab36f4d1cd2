"""Read a web page: its title, its content and how sure the choice of the content is."""

from __future__ import annotations

import re
from itertools import repeat

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from udfs.extract.web import content, formulas, nesting, plain_text, reader
from udfs.extract.web import markdown as markdown_text
from udfs.extract.web.blocks import Blocks
from udfs.extract.web.pieces import SENTENCE
from udfs.extract.web.roles import FALLBACKS, OF_CODE, OF_SITE, ROLES
from udfs.extract.web.text import PageText

# a reader leaves out scripts faster when they are no longer in the tree; titles of drawings are no titles
_INVISIBLE = ["script", "svg"]
# characters that have no width and say nothing: soft hyphens, spaces and joiners of no width. Joiners that
# shape the letters around them stay (U+200C and U+200D)
_NO_WIDTH = ("\xad", "\u200b", "\u2060", "\ufeff")
# a page has its content in a `noscript`, a canvas and the like if they have more text than this and than the
# rest of the page
_MUCH = 400
_FRAMES = re.compile(rb"</?(?:frameset|frame|noframes)\b[^<>]*>", re.IGNORECASE)
# elements whose text the parser does not escape
_VERBATIM = "xmp, plaintext"
# they say whose words a quotation is
_QUOTED_FOOTERS = "blockquote > footer"


def extract(source: str | bytes, *, whole: bool = False, markdown: bool = False) -> PageText:
    """Return the text of a page's main content.

    Parameters
    ----------
    source
        The page, or its bytes in UTF-8.
    whole
        Return the text of the whole body, boilerplate included.
    markdown
        Write Markdown instead of plain text.
    """
    title, blocks = read(source, marks_code=markdown, whole=whole)
    write = markdown_text.write if markdown else plain_text.write
    if whole:
        return PageText(title, write(blocks, repeat(True, len(blocks.text))), 1.0)
    chosen = content.choose(blocks)
    return PageText(title, write(blocks, chosen.chosen), chosen.share, chosen.second_try)


def read(
    source: str | bytes, *, marks_code: bool = False, whole: bool = False
) -> tuple[str, Blocks]:
    """Return the title of a page and its blocks.

    Parameters
    ----------
    source
        The page, or its bytes in UTF-8.
    marks_code
        Mark code within lines.
    whole
        Return the blocks of navigation and footers too.
    """
    if isinstance(source, str):
        source = source.encode("utf-8", "replace")
    page = _parsed(source, scripting=True)
    has_math = formulas.has_math(source)
    if has_math:
        formulas.replace(page)
    page.strip_tags(_INVISIBLE)
    title = next(iter(page.tags("title")), None)
    roles = ROLES | OF_CODE if marks_code else ROLES
    blocks = _read_body(page, roles, whole)
    replaces = blocks.has_formulas and not has_math
    if replaces or blocks.has_verbatim or blocks.has_quoted_footers:
        # a look at each tag costs less than a search in the page, and few pages are read twice
        if replaces:
            formulas.replace(page)
        _rename(page, _VERBATIM, "pre")
        _rename(page, _QUOTED_FOOTERS, "p")
        blocks = _read_body(page, roles, whole)
    if blocks.unread > max(_MUCH, sum(map(len, blocks.text))) or (
        not blocks.text and page.css_first("noscript, frameset")
    ):
        blocks = _read_without_scripts(source, roles)
    return _without_no_width(title.text()) if title else "", blocks


def _read_body(page: LexborHTMLParser, roles: dict[str, int], whole: bool) -> Blocks:
    """Return the blocks of a page; without those of navigation and footers, unless the page is in them."""
    body = _body(page)
    if not whole:
        blocks = reader.read(body, roles | OF_SITE)
        if blocks.site_prose <= sum(
            length for length in map(len, blocks.text) if length >= SENTENCE
        ):
            return blocks
    return reader.read(body, roles)


def _read_without_scripts(source: bytes, roles: dict[str, int]) -> Blocks:
    """Return the blocks of a page as a browser that runs no scripts and knows no frames shows it."""
    page = _parsed(_FRAMES.sub(b"", source), scripting=False)
    formulas.replace(page)
    page.strip_tags(_INVISIBLE)
    _rename(page, _VERBATIM, "pre")
    for noscript in page.css("noscript"):
        if len(noscript.text()) < _MUCH:
            noscript.decompose()
    return reader.read(_body(page), roles | FALLBACKS)


def _parsed(source: bytes, *, scripting: bool) -> LexborHTMLParser:
    # the event of an option is to copy the chosen one, after a search through all others
    return LexborHTMLParser(
        nesting.limited(source), scripting=scripting, options=LexborDocumentOptions.WO_EVENTS
    )


def _rename(page: LexborHTMLParser, selector: str, name: str) -> None:
    """Replace elements by ones of another name that have their text."""
    for node in page.css(selector):
        other = page.create_node(name)
        other.insert_child(node.text())
        node.replace_with(other)


def _body(page: LexborHTMLParser) -> str:
    """Return the body of a page, serialised."""
    body = page.body
    return _without_no_width(body.html or "") if body else ""


def _without_no_width(text: str) -> str:
    if not text.isascii():
        for character in _NO_WIDTH:
            if character in text:
                text = text.replace(character, "")
    return text
