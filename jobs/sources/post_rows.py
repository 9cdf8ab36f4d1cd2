"""Parse a line of Posts.xml into the columns of `schemas.sources.posts`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from jobs.sources.faults import Fault
from schemas.errors import one_line

BROKEN_ROW = "broken-row"
NOT_A_ROW = "not-a-row"
QUESTION, ANSWER = 1, 2

# A line is parsed alone and begins with <row, so it has no DTD and only XML's five own entities.
# Collecting ids would take a fifth of the parsing time.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False
)
_ROW = (b"<row ", b"<row\t", b"<row/", b"<row>")
_FRAME = (b"<?xml", b"<posts", b"</posts")  # the lines around the rows
_END = b"</posts"
_COMMENT, _COMMENT_END = b"<!--", b"-->"
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z?", re.ASCII)
_LICENSE = re.compile(r"CC (BY(?:-[A-Z]{2})*) (\d\.\d)")
_DIGITS = 18  # the most that always fit into 64 bits
_NUMBER = re.compile(rf"-?\d{{1,{_DIGITS}}}", re.ASCII)
_NUMBERS = ("Id", "PostTypeId", "ParentId", "AcceptedAnswerId", "Score", "ViewCount")
_TAG = re.compile(r"[^<>|\s]+")


Line = tuple[int, bytes, Fault | None]
"""A line of a file: its offset, and its bytes or the fault that it has."""


class Post(NamedTuple):
    """The columns of `schemas.sources.posts`."""

    uri: str
    offset: int
    site: str
    post_id: int | None = None
    post_type: int | None = None
    parent_id: int | None = None
    accepted_answer_id: int | None = None
    title: str | None = None
    body: str | None = None
    score: int | None = None
    date: str | None = None
    tags: list[str] | None = None
    license: str | None = None
    view_count: int | None = None
    error: str | None = None
    message: str | None = None


def is_end(line: bytes) -> bool:
    """Return whether a line is the end tag of the file."""
    return line.strip().startswith(_END)


def without_head_comment(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines of a file without the XML comments before its first row, which dumps have since 2025.

    A comment that is not closed before a row is a line that is no row.
    """
    opened: Line | None = None
    for offset, line, fault in lines:
        start = line.strip()
        if start.startswith(_ROW):
            if opened:
                yield opened
            yield offset, line, fault
            yield from lines
            return
        if opened or start.startswith(_COMMENT):
            _, end, start = start.partition(_COMMENT_END)
            if not end:
                opened = opened or (offset, line, fault)
                continue
            opened = None
            if not start.strip():
                continue
            line = start
        yield offset, line, fault
    if opened:
        yield opened


def to_post(uri: str, offset: int, site: str, line: bytes) -> Post | None:
    """Return the post of a line; None for blank lines and the lines around the rows.

    A line that is no row, or an unusable one, becomes a post with an error.
    """
    line = line.strip()
    if not line.startswith(_ROW):
        if not line or line.startswith(_FRAME):
            return None
        start = line[:40].decode("utf-8", "replace")
        return Post(uri, offset, site, error=NOT_A_ROW, message=f"the line begins with {start!r}")
    try:
        return _post(uri, offset, site, etree.fromstring(line, _PARSER))
    except (etree.XMLSyntaxError, ValueError) as error:
        message = one_line(error)
        return Post(uri, offset, site, error=BROKEN_ROW, message=message)


def _post(uri: str, offset: int, site: str, row: Any) -> Post:
    get = row.get
    post_id, post_type, parent_id, accepted, score, views = [
        None
        if (value := get(name)) is None
        else int(value)
        if value.isdecimal() and len(value) <= _DIGITS
        else _number(name, value)  # negative or not a number
        for name in _NUMBERS
    ]
    if post_id is None or post_type is None or post_type >= 1 << 31:
        raise ValueError("the row has no Id or no PostTypeId")
    if post_type == ANSWER and parent_id is None:
        raise ValueError("the row is an answer without ParentId")
    tags, date, license_ = get("Tags"), get("CreationDate"), get("ContentLicense")
    date_match = _DATE.fullmatch(date) if date else None
    return Post(
        uri,
        offset,
        site,
        post_id,
        post_type,
        parent_id,
        accepted,
        get("Title"),
        get("Body"),
        score,
        f"{date_match[1]}Z" if date_match else None,
        _TAG.findall(tags) if tags else [],
        _spdx(license_) if license_ else None,
        views,
    )


@functools.lru_cache(64)
def _spdx(name: str) -> str | None:
    match = _LICENSE.fullmatch(name)
    return f"CC-{match[1]}-{match[2]}" if match else None


def _number(name: str, value: str) -> int | None:
    if not value:
        return None
    if not _NUMBER.fullmatch(value):
        raise ValueError(f"{name} is no number: {value[:40]!r}")
    return int(value)
