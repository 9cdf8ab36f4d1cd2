"""Web archives for the benchmark: pages of a folder or generated ones, multiplied with distinct words."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path

from jobs.sample import web
from jobs.sample.archive import warc
from jobs.sample.captures import capture

EVERY = 4
"""One word of so many is followed by one of the copy's own, so that no two copies share a 5-gram."""

_SNAPSHOT = "CC-MAIN-2099-01"
_TIME = datetime(2099, 1, 1, tzinfo=timezone.utc)
_TEXT = re.compile(rb">([^<]+)<")
_SPACE = re.compile(rb"(?<=[a-zA-Z,.]) (?=[a-zA-Z])")
_RECORD_ID = re.compile(rb"(?mi)^(WARC-Record-ID|WARC-Concurrent-To): <urn:uuid:([^>]+)>")
_DIGEST = re.compile(rb"(?mi)^WARC-(?:Payload|Block)-Digest: .*\r\n")
_LENGTH = re.compile(rb"(?mi)^Content-Length: \d+")


def base(source: Path | None, folder: Path) -> list[Path]:
    """Return the archives of a source folder (a gzip member a record), or one of generated pages."""
    if source is not None:
        return sorted(source.glob("*.warc.gz"))
    captures = [capture(page) for site in web.sites() for page in web.pages(site, seed=0)]
    path = folder / "generated.warc.gz"
    path.write_bytes(warc(path.name, captures, _TIME, snapshot=_SNAPSHOT)[0])
    return [path]


def multiplied(archives: list[Path], copies: int, folder: Path) -> list[list[Path]]:
    """Write `copies` of each archive, each with words and record ids of its own; return them by copy."""
    return [
        [_copy(archive, number, folder / f"{number:03}-{archive.name}") for archive in archives]
        for number in range(copies)
    ]


def _copy(archive: Path, number: int, path: Path) -> Path:
    with path.open("wb") as file:
        for record in members(archive):
            compressor = zlib.compressobj(6, wbits=31)
            file.write(compressor.compress(distinct(record, number)) + compressor.flush())
    return path


def members(path: Path) -> Iterator[bytes]:
    """Yield the records of an archive with one gzip member per record."""
    data = path.read_bytes()
    while data:
        member = zlib.decompressobj(31)
        yield member.decompress(data)
        data = member.unused_data


def distinct(record: bytes, number: int) -> bytes:
    """Return a record as copy of a number: with ids, and in a page's text with words, of its own."""
    head, _, block = record.partition(b"\r\n\r\n")
    head = _RECORD_ID.sub(lambda match: _renamed(match, number), head)
    if b"WARC-Type: response" not in head:
        return head + b"\r\n\r\n" + block
    http, _, body = block.removesuffix(b"\r\n\r\n").partition(b"\r\n\r\n")
    body = _TEXT.sub(lambda match: b">" + _with_words(match[1], number) + b"<", body)
    block = _LENGTH.sub(b"Content-Length: %d" % len(body), http) + b"\r\n\r\n" + body
    head = _LENGTH.sub(b"Content-Length: %d" % len(block), _DIGEST.sub(b"", head))
    sha1 = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest())
    digest = b"\r\nWARC-Payload-Digest: sha1:" + sha1
    return head + digest + b"\r\n\r\n" + block + b"\r\n\r\n"


def _renamed(match: re.Match[bytes], number: int) -> bytes:
    new = uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {match[2]!r}")
    return match[1] + f": <urn:uuid:{new}>".encode()


def _with_words(text: bytes, number: int) -> bytes:
    """Return text with a word after every `EVERY` that no other copy has."""
    cuts = [match.start() for match in _SPACE.finditer(text)][EVERY - 1 :: EVERY]
    pieces = [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]
    words = [b" q%xz%x" % (number, zlib.crc32(piece)) for piece in pieces]
    return b"".join(piece + word for piece, word in zip(pieces, [*words[:-1], b""], strict=True))
