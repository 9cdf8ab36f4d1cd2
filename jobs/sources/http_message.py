"""HTTP responses as crawlers store them: the header, and the body with its encodings undone.

Archives hold what servers sent, and what crawlers made of it: bodies that are said to be compressed
and no longer are, chunks without sizes, pages cut at a megabyte. So decoding never fails: what does
not decode is taken as it is, and of what breaks off, what came before.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jobs.sources.framing import HEADER_LIMIT
from udfs.extract.panic import is_panic

_STATUS = re.compile(rb"(?:HTTP/\d+(?:\.\d+)?|ICY)[ \t]+(\d{3})(?!\d)")
_HEADER_END = re.compile(rb"\n\r?\n")
_FIELD = re.compile(
    rb"(?im)^(content-type|content-encoding|transfer-encoding)[ \t]*:[ \t]*([^\r\n]*)"
)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_STEP = 1 << 16
_MOST_CODINGS = 4  # nobody compresses five times but to do harm


class BodyTooLarge(Exception):  # noqa: N818
    """A body is larger than asked for when its encodings are undone."""


@dataclass(frozen=True, slots=True)
class Message:
    """An HTTP response: status, the header fields that matter here, and the body as stored."""

    status: int | None
    content_type: str | None
    content_encoding: str
    transfer_encoding: str
    body: bytes


def parse_response(block: bytes) -> Message | None:
    """Return the response in a record's block; None where no status line is at its start.

    A header without an end has no body behind it.
    """
    status = _STATUS.match(block)
    if status is None:
        return None
    end = _HEADER_END.search(block, 0, HEADER_LIMIT)
    head = block[: end.end() if end else HEADER_LIMIT]
    fields: dict[bytes, bytes] = {}
    for name, value in _FIELD.findall(head):
        fields.setdefault(name.lower(), value)
    content_type = fields.get(b"content-type", b"").strip().decode("latin-1")
    return Message(
        int(status[1]),
        content_type or None,
        fields.get(b"content-encoding", b"").strip().lower().decode("latin-1"),
        fields.get(b"transfer-encoding", b"").strip().lower().decode("latin-1"),
        block[end.end() :] if end else b"",
    )


def decode_body(message: Message, limit: int) -> bytes:
    """Return the body without its chunks and content encodings (gzip, deflate, br, zstd).

    Raises
    ------
    BodyTooLarge
        It has more than `limit` bytes.
    """
    body = message.body
    if "chunked" in message.transfer_encoding:
        body = unchunk(body)
    if message.content_encoding:
        codings = [each.strip() for each in message.content_encoding.split(",")]
        for coding in reversed(codings[-_MOST_CODINGS:]):
            body = _undo(coding, body, limit)
    if len(body) > limit:
        raise BodyTooLarge
    return body


def unchunk(body: bytes) -> bytes:
    """Return what the chunks of a body hold (RFC 9112, section 7.1).

    A body that does not begin with a chunk is returned as it is; from where a later chunk has no
    size, the rest is.
    """
    found = bytearray()
    at = 0
    while size := _CHUNK_SIZE.match(body, at):
        n = int(size[1], 16)
        if n == 0:
            return bytes(found)
        at = size.end()
        found += body[at : at + n]
        at += n
        if body.startswith(b"\r\n", at):
            at += 2
        elif body.startswith(b"\n", at):
            at += 1
    return bytes(found + body[at:])


def _undo(coding: str, body: bytes, limit: int) -> bytes:
    """Undo one content coding, as far as it goes; the body as it is where it is not of it."""
    decoder = _DECODERS.get(coding)
    if decoder is None or not body:
        return body
    parts: list[bytes] = []
    size = 0
    try:
        for part in decoder(body):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise BodyTooLarge
    except (zlib.error, OSError):
        # what came before the damage; but text that was never compressed can pass for a few bytes
        return b"".join(parts) if size > len(body) else body
    return b"".join(parts)


def _gunzip(body: bytes) -> Iterator[bytes]:
    yield from _inflate(body, 16 + zlib.MAX_WBITS)


def _deflate(body: bytes) -> Iterator[bytes]:
    # the name means zlib's format (RFC 9110); some servers send the bare stream instead
    zlib_header = len(body) > 1 and body[0] & 15 == 8 and (body[0] * 256 + body[1]) % 31 == 0
    yield from _inflate(body, zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)


def _inflate(body: bytes, window_bits: int) -> Iterator[bytes]:
    decoder = zlib.decompressobj(window_bits)
    for start in range(0, len(body), _STEP):
        piece = body[start : start + _STEP]
        while piece and not decoder.eof:
            yield decoder.decompress(piece, 1 << 20)
            piece = decoder.unconsumed_tail
    yield decoder.flush()


def _brotli(body: bytes) -> Iterator[bytes]:
    from fastwarc.stream_io import BrotliReader

    yield from _read_all(BrotliReader, body)


def _zstd(body: bytes) -> Iterator[bytes]:
    from fastwarc.stream_io import ZstdReader

    yield from _read_all(ZstdReader, body)


def _read_all(reader: Callable[[io.BytesIO], io.BytesIO], body: bytes) -> Iterator[bytes]:
    try:
        stream = reader(io.BytesIO(body))
        while part := stream.read(_STEP):
            yield part
    except BaseException as error:
        if is_panic(error):
            raise OSError(f"the decoder panicked: {error}") from error
        raise


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
