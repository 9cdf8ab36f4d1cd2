"""What a crawler would have fetched: a response, and what the sample knows about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobs.sample.pages import Page
from jobs.sample.templates import plain_lines, render

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Capture:
    """A response as it is to stand in an archive.

    Attributes
    ----------
    url, body
        The address and the payload.
    kind
        What it stands for: `page` for an ordinary one, else the oddity (`lorem`, `not-found`, ...).
    language
        The language that its text is in; None where it has no text in any.
    text
        Its own text without boilerplate, for the record of what is similar to what.
    lines
        The page as lines, for a WET record.
    content_type
        The header's value; None leaves the header out.
    status
        The status line after `HTTP/1.1`.
    headers
        More headers of the response.
    truncated
        Value of `WARC-Truncated`, if the record has one.
    repeats_id_of
        Address whose record id this one has too; None for an id of its own.
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
    """Return an ordinary page as fetched from `url`, its own address by default."""
    return Capture(
        url=url or page.url,
        body=render(page).encode(),
        kind=kind,
        language=page.site.language,
        text=page.text,
        lines=tuple(plain_lines(page)),
    )
