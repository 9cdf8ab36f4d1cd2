"""What a page has, whatever an extractor takes of it: its text and its paragraphs of prose."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from udfs.extract.encoding import decode

_INVISIBLE = ["script", "style", "svg", "template", "iframe", "select", "noscript"]
# what is around the content of a page
_AROUND = {"nav", "footer", "header", "aside", "form", "dialog"}
# a paragraph is prose from so many bytes of UTF-8; scripts with more bytes a character say more in one
_PROSE_BYTES = 100


def whole_text(html: bytes) -> str:
    """Return the text of a page's body."""
    body = _parse(html).body
    return body.text(separator=" ") if body else ""


def prose(html: bytes) -> list[str]:
    """Return the paragraphs of a page that are prose.

    They are the `p` elements with at least 100 bytes of text, less than half of it in links, that are
    not in navigation, headers, footers, asides or forms.
    """
    return [
        paragraph.text()
        for paragraph in _parse(html).css("p")
        if len(paragraph.text().encode()) >= _PROSE_BYTES
        and sum(len(link.text()) for link in paragraph.css("a")) * 2 < len(paragraph.text())
        and not _is_around(paragraph)
    ]


def _is_around(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _AROUND:
            return True
        parent = parent.parent
    return False


def _parse(html: bytes) -> LexborHTMLParser:
    page = LexborHTMLParser(decode(html)[0])
    page.strip_tags(_INVISIBLE)
    return page
