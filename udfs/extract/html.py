"""Extract the title and the text of a web page.

There are three extractors. `main` (`udfs.extract.web`) returns the main content; `resiliparse` the main
content as resiliparse finds it, as releases before 0.2 did, to the byte; `body` the whole page. Large pages
are passed to a helper process (`udfs.extract.sandbox`), which has limits of time and memory.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from udfs.extract import encoding
from udfs.extract.errors import ExtractionError
from udfs.extract.panic import is_panic
from udfs.extract.sandbox import Helper
from udfs.extract.web.nesting import tags
from udfs.extract.web.text import PageText

Extractor = Literal["main", "resiliparse", "body"]
Markup = Literal["plain", "markdown"]

# The parsers' time is quadratic for some markup: nested elements, unclosed formatting, very many
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
        Paragraphs, headings, list items and table rows are one line each, because CCNet's paragraphs
        are lines.
    encoding
        The page's encoding.
    share
        The share of the page's text that was taken, from 0 to 1; None if the extractor does not say.
    second_try
        Whether the first choice was next to nothing, and the page's prose was taken instead.
    """

    title: str | None
    text: str
    encoding: str
    share: float | None = None
    second_try: bool = False


def extract(
    payload: bytes,
    content_type: str | None = None,
    *,
    extractor: Extractor = "main",
    markup: Markup = "plain",
) -> Extracted:
    """Return the title and text of a page.

    Parameters
    ----------
    payload
        The page's bytes, without transfer and content encodings.
    content_type
        The HTTP header Content-Type, whose charset is used.
    extractor, markup
        What is taken, and how it is written; resiliparse writes plain text only.

    Raises
    ------
    ExtractionError
        `page-too-large`: the page has more than `MAX_CHARACTERS`. `extraction-timeout`,
        `extraction-crash`: the helper process exceeded its time or ended on the page.
        `extraction-failed`: the library raised an exception.
    """
    html, name, source = encoding.read(payload, content_type)
    if len(html) > MAX_CHARACTERS:
        raise ExtractionError("page-too-large", f"the page has {len(html)} characters")
    if len(html) > _MAX_CHARACTERS_IN_PROCESS or (
        len(html) > _SHORTEST_TAG * _MAX_TAGS_IN_PROCESS and tags(payload) > _MAX_TAGS_IN_PROCESS
    ):
        options = f"{extractor} {markup}\n".encode()
        head, text = _HELPER.extract(options + (source or html.encode("utf-8", "replace")))
        page = PageText(**json.loads(head or "{}"))._replace(text=text)
    else:
        page = extract_in_process(source or html, extractor, markup)
    title = " ".join(page.title.split()) or None
    return Extracted(title, page.text, name, page.share, page.second_try)


def extract_in_process(
    source: str | bytes,
    extractor: Extractor = "main",
    markup: Markup = "plain",
) -> PageText:
    """Return the text of a page without a helper process and its time limit.

    Parameters
    ----------
    source
        The page, or its bytes in UTF-8.
    extractor, markup
        As for `extract`.

    Raises
    ------
    ExtractionError
        `extraction-failed`: the library raised an exception or panicked.
    """
    from udfs.extract.web import page, resiliparse_text

    try:
        if extractor == "resiliparse":
            html = source if isinstance(source, str) else source.decode()
            return resiliparse_text.extract(html)
        whole, markdown = extractor == "body", markup == "markdown"
        return page.extract(source, whole=whole, markdown=markdown)
    except BaseException as error:
        if isinstance(error, Exception) or is_panic(error):
            message = f"{type(error).__name__}: {' '.join(str(error).split())}"
            raise ExtractionError("extraction-failed", message) from error
        raise


def extract_in_helper(request: bytes) -> tuple[str, str]:
    """Return the fields of a page's text but the text as JSON, and the text.

    The request is the extractor, a blank, the markup, a line feed and the page, in UTF-8.
    """
    options, _, source = request.partition(b"\n")
    extractor, _, markup = options.decode().partition(" ")
    page = extract_in_process(source, extractor, markup)  # type: ignore[arg-type]
    return json.dumps(page._replace(text="")._asdict()), page.text


_HELPER = Helper("udfs.extract.html:extract_in_helper")
