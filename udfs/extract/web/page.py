"""Read a web page: its title, its content and how sure the choice of the content is."""

from __future__ import annotations

from itertools import repeat

from selectolax.lexbor import LexborHTMLParser

from udfs.extract.web import blocks, content, plain_text
from udfs.extract.web.blocks import Blocks
from udfs.extract.web.text import PageText

# elements whose text no reader sees; scripts and styles are not escaped when a tree is serialised
_INVISIBLE = ["script", "style", "svg", "template", "iframe", "select", "noembed", "noframes"]


def read(html: str) -> tuple[str, Blocks]:
    """Return the title of a page and the blocks of its body."""
    page = LexborHTMLParser(html)
    title = page.css_first("head > title")
    title_text = title.text() if title else ""
    page.strip_tags(_INVISIBLE)
    body = page.body
    return title_text, blocks.read(body.html or "" if body else "")


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
    title, page = read(html)
    if whole:
        return PageText(title, plain_text.write(page, repeat(True)), 1.0)
    chosen = content.choose(page)
    return PageText(title, plain_text.write(page, chosen.chosen), chosen.share, chosen.second_try)
