"""Byte ranges of remote objects: opened ranges, and the HTTP headers that name them."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Body(Protocol):
    """The unread part of a response."""

    def read(self, amount: int, /) -> bytes: ...

    def close(self) -> None: ...


class OpenedRange(NamedTuple):
    """An opened range of an object.

    Attributes
    ----------
    body
        The bytes of the range.
    start
        Position of the first byte in the object; 0 if the server ignored the range and sends all.
    size
        Size of the whole object in bytes; None if the server does not send it in advance.
    version
        Version of the object, as in `ObjectInfo`.
    """

    body: Body
    start: int
    size: int | None
    version: str


def byte_range(start: int, end: int | None) -> str:
    """Return a Range header, whose last position is inclusive.

    >>> byte_range(5, 10)
    'bytes=5-9'
    """
    return f"bytes={start}-" if end is None else f"bytes={start}-{end - 1}"


def start_and_size(content_range: str | None, content_length: int | None) -> tuple[int, int | None]:
    """Return the first byte's position and the whole object's size from a response's headers.

    Without Content-Range the body is the whole object.

    >>> start_and_size("bytes 5-9/10", 5)
    (5, 10)
    """
    if not content_range:
        return 0, content_length
    span, _, size = content_range.removeprefix("bytes").strip().partition("/")
    first = span.partition("-")[0]
    return int(first) if first.isdigit() else 0, int(size) if size.isdigit() else None
