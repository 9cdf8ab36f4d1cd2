"""A raw record: what an archive holds at the place that a document was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from udfs.extract import encoding

BEGINNING = 1 << 16
"""Bytes of a record's content that are decoded to show its beginning."""

Pairs = list[tuple[str, Any]]


class RecordNotFound(Exception):  # noqa: N818
    """The archive does not hold the record at this place; the message is one line."""


@dataclass(frozen=True)
class Place:
    """The origin of a document: its input and offset, and what its row in documents/ records.

    Attributes
    ----------
    metadata, digest
        Columns of documents/; empty and None where the document is not in the table.
    inputs
        Addresses of all archives that were ingested.
    max_bytes
        Size above which ingest did not read a record.
    report
        Reports progress where reading takes long.
    """

    id: str
    slice: str
    uri: str
    offset: int
    metadata: Mapping[str, str]
    digest: str | None
    inputs: tuple[str, ...]
    max_bytes: int
    report: Callable[[str], None]


@dataclass(frozen=True)
class RawRecord:
    """A record as its archive has it.

    Attributes
    ----------
    what
        The kind of record: "WARC record", "line of JSON", ...
    size
        Bytes of `content`.
    headers
        Fields of each of the record's headers ("WARC", "HTTP", ...), in their order.
    beginning
        The first characters of the content: a body without its encodings, the main TeX file of a tar.
    content
        Yields all bytes of the record, without the compression of the archive around it.
    notes
        Remarks for the user, such as how many bytes were read to reach the record.
    """

    what: str
    size: int
    headers: dict[str, Pairs]
    beginning: str
    content: Callable[[], Iterator[bytes]]
    notes: list[str] = field(default_factory=list)


def in_memory(data: bytes) -> Callable[[], Iterator[bytes]]:
    """Return the `content` of a record that is held in memory."""
    return lambda: iter((data,))


def readable(data: bytes, content_type: str | None = None) -> str:
    """Return the beginning of some bytes as text."""
    return encoding.decode(data[:BEGINNING], content_type)[0]
