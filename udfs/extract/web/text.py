"""The text of a page, as every extractor returns it."""

from __future__ import annotations

from typing import NamedTuple


class PageText(NamedTuple):
    """The title and text of a page.

    Attributes
    ----------
    title
        The text of the title element; empty if the page has none.
    text
        The text; paragraphs, headings, list items and table rows are one line each.
    share
        The share of the page's text in it, from 0 to 1; None if the extractor does not tell.
    second_try
        Whether the first choice was next to nothing, and the page's prose was taken.
    """

    title: str
    text: str
    share: float | None = None
    second_try: bool = False
