"""Extract the main content of a web page by resiliparse's rules."""

from __future__ import annotations

from udfs.extract.web.text import PageText


def extract(html: str) -> PageText:
    """Return the text of a page; no line is empty."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(html)
    text = extract_plain_text(
        tree,
        main_content=True,
        preserve_formatting=True,
        list_bullets=True,
        alt_texts=False,
        links=False,
        form_fields=False,
        noscript=False,
        comments=False,
    )
    lines = [stripped for line in text.split("\n") if (stripped := line.rstrip())]
    return PageText(tree.title or "", "\n".join(lines))
