"""From a web page's HTML to its title and the lines of its main content."""

from __future__ import annotations

from dataclasses import dataclass

from udfs.extract.encoding import decode
from udfs.extract.errors import ExtractionError
from udfs.extract.panic import is_panic
from udfs.extract.sandbox import Helper

# Some markup takes the extractor time that grows with the square of its size: nested elements, open
# formatting, attributes without end. Below both of these even the worst takes seconds, and above
# them it is done elsewhere, where it can be stopped.
_CHARACTERS_HERE = 1 << 18
_TAGS_HERE = 8000
_SHORTEST_TAG = len("<p>")
# the tree of a page takes up to 50 times the memory of the page
MOST_CHARACTERS = 1 << 24


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says.

    Attributes
    ----------
    title
        The title element's text in one line; None where it is missing or empty.
    text
        The main content, without navigation, forms, comments and the like: a line a paragraph,
        heading, list item or table row, as paragraphs are lines to CCNet. No line is empty. (The
        library takes an `ul` near the root of a page for navigation.)
    encoding
        What the page was decoded from.
    """

    title: str | None
    text: str
    encoding: str


def extract(payload: bytes, content_type: str | None = None) -> Extracted:
    """Return title and main content of a page, given its bytes and HTTP's Content-Type.

    Raises
    ------
    ExtractionError
        `page-too-large`: it has more than `MOST_CHARACTERS`. `extraction-timeout`,
        `extraction-crash`: the library did not come to an end on it. `extraction-failed`: it
        raised something.
    """
    html, encoding = decode(payload, content_type)
    if len(html) > MOST_CHARACTERS:
        raise ExtractionError("page-too-large", f"the page has {len(html)} characters")
    if len(html) > _CHARACTERS_HERE or (
        len(html) > _SHORTEST_TAG * _TAGS_HERE and html.count("<") > _TAGS_HERE
    ):
        title, text = _GUARDED.extract(html)
    else:
        title, text = extract_here(html)
    return Extracted(title, text, encoding)


def extract_here(html: str) -> tuple[str | None, str]:
    """Return title and text of a page in this process, however long it takes.

    Raises
    ------
    ExtractionError
        The library raised something or panicked.
    """
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    try:
        tree = HTMLTree.parse(html)
        title = tree.title or ""
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
    except BaseException as error:
        if isinstance(error, Exception) or is_panic(error):
            message = f"{type(error).__name__}: {' '.join(str(error).split())}"
            raise ExtractionError("extraction-failed", message) from error
        raise
    lines = [full for line in text.split("\n") if (full := line.rstrip())]
    return " ".join(title.split()) or None, "\n".join(lines)


_GUARDED = Helper("udfs.extract.html:extract_here")
