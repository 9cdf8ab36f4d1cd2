"""A raw record: what an archive holds at the place that a document was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from udfs.extract import encoding

BEGINNING = 1 << 16
"""Bytes of a content of which the beginning is shown."""

Pairs = list[tuple[str, Any]]


class NotThere(Exception):  # noqa: N818
    """The archive has no such record at this place; the message is one line for a person."""


@dataclass(frozen=True)
class Place:
    """Where a document came from.

    Attributes
    ----------
    metadata, digest
        As documents/ has them; none where the document is not there.
    inputs
        The addresses that its run ingested.
    max_bytes
        Of a record, above which ingest did not take it.
    say
        Tells how it goes where it takes long.
    """

    id: str
    slice: str
    uri: str
    offset: int
    metadata: Mapping[str, str]
    digest: str | None
    inputs: tuple[str, ...]
    max_bytes: int
    say: Callable[[str], None]


@dataclass(frozen=True)
class RawRecord:
    """A record as its archive has it.

    Attributes
    ----------
    what
        What such a record is: "WARC record", "line of JSON", ...
    size
        Bytes of `content`.
    headers
        By what has them ("WARC", "HTTP", ...), what the record says of itself, in its order.
    beginning
        Of what it holds, as text: a body without its encodings, the TeX file in a tar.
    content
        All its bytes, without the compression of the archive around it.
    notes
        What else a person must know: what was read to get there, say.
    """

    what: str
    size: int
    headers: dict[str, Pairs]
    beginning: str
    content: Callable[[], Iterator[bytes]]
    notes: list[str] = field(default_factory=list)


def one(data: bytes) -> Callable[[], Iterator[bytes]]:
    """The content of a record that is held whole."""
    return lambda: iter((data,))


def readable(data: bytes, content_type: str | None = None) -> str:
    """The beginning of some bytes as text."""
    return encoding.decode(data[:BEGINNING], content_type)[0]
