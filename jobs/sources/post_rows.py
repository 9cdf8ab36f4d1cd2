"""A line of Posts.xml as the columns of `schemas.posts`."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lxml import etree

BROKEN_ROW = "broken-row"
NOT_A_ROW = "not-a-row"
QUESTION, ANSWER = 1, 2

# A line is parsed alone and begins with <row, so there is no DTD, and no entity but XML's own five.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_ROW = (b"<row ", b"<row\t", b"<row/", b"<row>")
_FRAME = (b"<?xml", b"<posts", b"</posts")  # what is around the rows
_END = b"</posts"
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z?", re.ASCII)
_LICENSE = re.compile(r"CC (BY(?:-[A-Z]{2})*) (\d\.\d)")
_DIGITS = 18  # that always fit into 64 bits
_NUMBER = re.compile(rf"-?\d{{1,{_DIGITS}}}", re.ASCII)
_TAG = re.compile(r"[^<>|\s]+")


class Post(NamedTuple):
    """The columns of `schemas.posts`."""

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
    """Tell whether a line is the last of the file."""
    return line.strip().startswith(_END)


def to_post(uri: str, offset: int, site: str, line: bytes) -> Post | None:
    """Return the post of a line; None for the lines around the rows, and blank ones.

    What is no row, or one that cannot be used, comes back as a post with an error.
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
        message = " ".join(str(error).split())
        return Post(uri, offset, site, error=BROKEN_ROW, message=message)


def _post(uri: str, offset: int, site: str, row: Any) -> Post:
    post_type = _number(row, "PostTypeId")
    post_id = _number(row, "Id")
    if post_id is None or post_type is None or post_type >= 1 << 31:
        raise ValueError("the row has no Id or no PostTypeId")
    parent_id = _number(row, "ParentId")
    if post_type == ANSWER and parent_id is None:
        raise ValueError("the row is an answer without ParentId")
    tags, date = row.get("Tags"), _DATE.fullmatch(row.get("CreationDate", ""))
    license_ = _LICENSE.fullmatch(row.get("ContentLicense", ""))
    return Post(
        uri,
        offset,
        site,
        post_id,
        post_type,
        parent_id,
        _number(row, "AcceptedAnswerId"),
        row.get("Title"),
        row.get("Body"),
        _number(row, "Score"),
        f"{date[1]}Z" if date else None,
        _TAG.findall(tags) if tags else [],
        f"CC-{license_[1]}-{license_[2]}" if license_ else None,
        _number(row, "ViewCount"),
    )


def _number(row: Any, name: str) -> int | None:
    value = row.get(name)
    if not value:
        return None
    if len(value) <= _DIGITS and value.isdecimal():
        return int(value)
    if not _NUMBER.fullmatch(value):
        raise ValueError(f"{name} is no number: {value[:40]!r}")
    return int(value)
