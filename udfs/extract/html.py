"""Extract the title and the main content of a web page.

resiliparse's extractor removes boilerplate; large pages are passed to a helper process
(`udfs.extract.sandbox`), which has limits of time and memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from udfs.extract.encoding import decode
from udfs.extract.errors import ExtractionError
from udfs.extract.panic import is_panic
from udfs.extract.sandbox import Helper

# The extractor's time is quadratic for some markup: nested elements, unclosed formatting, very many
# attributes. Pages below both limits take seconds at worst and are extracted in this process; others
# are passed to the helper process, which can be stopped.
_MAX_CHARACTERS_IN_PROCESS = 1 << 18
_MAX_TAGS_IN_PROCESS = 8000
_SHORTEST_TAG = len("<p>")
# the tree of a page takes up to 50 times the memory of the page
MAX_CHARACTERS = 1 << 24


@dataclass(frozen=True, slots=True)
class Extracted:
    """The title and the text of a page.

    Attributes
    ----------
    title
        The text of the title element in one line; None if it is missing or empty.
    text
        The main content, without navigation, forms and comments. Paragraphs, headings, list items
        and table rows are one line each, because CCNet's paragraphs are lines. No line is empty.
        resiliparse treats an `ul` near the root of a page as navigation.
    encoding
        The page's encoding.
    """

    title: str | None
    text: str
    encoding: str


def extract(payload: bytes, content_type: str | None = None) -> Extracted:
    """Return the title and main content of a page.

    Parameters
    ----------
    payload
        The page's bytes, without transfer and content encodings.
    content_type
        The HTTP header Content-Type, whose charset is used.

    Raises
    ------
    ExtractionError
        `page-too-large`: the page has more than `MAX_CHARACTERS`. `extraction-timeout`,
        `extraction-crash`: the helper process exceeded its time or ended on the page.
        `extraction-failed`: resiliparse raised an exception.
    """
    html, encoding = decode(payload, content_type)
    if len(html) > MAX_CHARACTERS:
        raise ExtractionError("page-too-large", f"the page has {len(html)} characters")
    if len(html) > _MAX_CHARACTERS_IN_PROCESS or (
        len(html) > _SHORTEST_TAG * _MAX_TAGS_IN_PROCESS and html.count("<") > _MAX_TAGS_IN_PROCESS
    ):
        title, text = _HELPER.extract(html)
    else:
        title, text = extract_in_process(html)
    return Extracted(title, text, encoding)


def extract_in_process(html: str) -> tuple[str | None, str]:
    """Return the title and text of a page without a helper process and its time limit.

    Raises
    ------
    ExtractionError
        `extraction-failed`: resiliparse raised an exception or panicked.
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
    lines = [stripped for line in text.split("\n") if (stripped := line.rstrip())]
    return " ".join(title.split()) or None, "\n".join(lines)


_HELPER = Helper("udfs.extract.html:extract_in_process")
