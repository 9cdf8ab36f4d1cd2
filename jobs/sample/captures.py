"""Captures: HTTP responses of the sample's crawl, with their expected properties."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobs.sample.pages import Page
from jobs.sample.templates import plain_lines, render

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Capture:
    """A response to be written into an archive.

    Attributes
    ----------
    url, body
        URL and payload.
    kind
        `page` for an ordinary page, or else the kind of oddity (`lorem`, `not-found`, ...).
    language
        Language of the text; None if there is no text.
    text
        Text without boilerplate, from which similarities are computed.
    lines
        Lines of the page for a WET record.
    content_type
        Value of the Content-Type header; None for no header.
    status
        Status line after `HTTP/1.1`.
    headers
        Further headers of the response.
    truncated
        Value of `WARC-Truncated`; None for no header.
    repeats_id_of
        Record id of another capture that this one repeats; None for an id of its own.
    """

    url: str
    body: bytes
    kind: str = "page"
    language: str | None = None
    text: str = ""
    lines: tuple[str, ...] = ()
    content_type: str | None = HTML
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = field(default=())
    truncated: str | None = None
    repeats_id_of: str | None = None


def capture(page: Page, *, url: str | None = None, kind: str = "page") -> Capture:
    """Return the capture of a page, fetched from `url` or else from the page's own URL."""
    return Capture(
        url=url or page.url,
        body=render(page).encode(),
        kind=kind,
        language=page.site.language,
        text=page.text,
        lines=tuple(plain_lines(page)),
    )
