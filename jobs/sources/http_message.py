"""Parse HTTP responses as crawlers store them, and decode their bodies.

Stored bodies may be declared compressed and be plain, have chunks without sizes, or be cut at a
megabyte. Decoding therefore never fails: an undecodable body is returned as it is, and a damaged
one up to the damage.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jobs.sources.decompress import ZSTD_MAGIC, zstd_frames
from jobs.sources.faults import Fault
from jobs.sources.framing import HEADER_LIMIT
from jobs.sources.inflate import GZIP_MAGIC
from udfs.extract.panic import is_panic

_STATUS = re.compile(rb"(?i)(?:HTTP/\d+(?:\.\d+)?|ICY)[ \t]+(\d{3})(?!\d)")
_HEADER_END = re.compile(rb"\n\r?\n")
_FIELD = re.compile(rb"(?i)\n(content-(?:type|encoding)|transfer-encoding)[ \t]*:[ \t]*([^\r\n]*)")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MAGICS = (GZIP_MAGIC, ZSTD_MAGIC)
_TEXT_TYPE = re.compile(r"(?i)text/|application/xhtml\+xml\b")
_STEP = 1 << 16
_MOST_CODINGS = 4  # more than four content codings occur only in attacks


class BodyTooLarge(Exception):  # noqa: N818
    """A decoded body exceeds its size limit."""


@dataclass(frozen=True, slots=True)
class Message:
    """An HTTP response: status, the header fields used here, and the body as stored."""

    status: int | None
    content_type: str | None
    content_encoding: str
    transfer_encoding: str
    body: bytes


def parse_response(block: bytes) -> Message | None:
    """Return the response in a record's block, or None if the block starts with no status line.

    Interim responses (100, 103) before it are passed over. If the header has no end, the body is
    empty.
    """
    start, status = find_response(block)
    if status is None:
        return None
    end = _HEADER_END.search(block, start, HEADER_LIMIT)
    head = block[start : end.end() if end else HEADER_LIMIT]
    fields: dict[bytes, bytes] = {}
    for name, value in _FIELD.findall(head):
        fields.setdefault(name.lower(), value)
    content_type = fields.get(b"content-type", b"").strip().decode("latin-1")
    return Message(
        status,
        content_type or None,
        fields.get(b"content-encoding", b"").strip().lower().decode("latin-1"),
        fields.get(b"transfer-encoding", b"").strip().lower().decode("latin-1"),
        block[end.end() :] if end else b"",
    )


def find_response(block: bytes) -> tuple[int, int | None]:
    """Return where the response in a record's block starts, and its status; None if there is none.

    An interim response (RFC 9110, section 15.2) is passed over if another status line follows its
    header.
    """
    start = 0
    line = _STATUS.match(block)
    while line and line[1].startswith(b"1"):
        end = _HEADER_END.search(block, line.end(), HEADER_LIMIT)
        following = _STATUS.match(block, end.end()) if end else None
        if following is None:
            break
        line, start = following, following.start()
    return start, int(line[1]) if line else None


def decode_body(message: Message, limit: int) -> bytes:
    """Return the body without its chunks and its content and transfer codings (gzip, deflate, br, zstd).

    Text that is compressed beyond what its header says is decoded as well, by its first bytes.

    Raises
    ------
    BodyTooLarge
        The decoded body has more than `limit` bytes.
    """
    body = message.body
    if "chunked" in message.transfer_encoding:
        body = unchunk(body)
    if message.content_encoding or message.transfer_encoding:
        codings = f"{message.content_encoding},{message.transfer_encoding}".split(",")
        known = [coding.strip() for coding in codings if coding.strip() in _DECODERS]
        for coding in reversed(known[-_MOST_CODINGS:]):
            body = _decode(coding, body, limit)
    if body.startswith(_MAGICS) and _is_text(message.content_type):
        for _ in range(_MOST_CODINGS):
            body = _decode("zstd" if body.startswith(ZSTD_MAGIC) else "gzip", body, limit)
            if not body.startswith(_MAGICS):
                break
    if len(body) > limit:
        raise BodyTooLarge
    return body


def _is_text(content_type: str | None) -> bool:
    return content_type is None or _TEXT_TYPE.match(content_type) is not None


def unchunk(body: bytes) -> bytes:
    """Return the content of a chunked body (RFC 9112, section 7.1).

    A body that does not begin with a chunk is returned as it is; after a chunk without a size, the
    rest is.
    """
    content = bytearray()
    position = 0
    while size := _CHUNK_SIZE.match(body, position):
        n = int(size[1], 16)
        if n == 0:
            return bytes(content)
        position = size.end()
        content += body[position : position + n]
        position += n
        if body.startswith(b"\r\n", position):
            position += 2
        elif body.startswith(b"\n", position):
            position += 1
    return bytes(content + body[position:])


def _decode(coding: str, body: bytes, limit: int) -> bytes:
    """Decode one content coding up to any damage; return the body itself if it is not encoded so."""
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
    except (zlib.error, OSError, Fault):
        # a few bytes can also be decoded from text that was never compressed
        return b"".join(parts) if size > len(body) else body
    return b"".join(parts)


def _gunzip(body: bytes) -> Iterator[bytes]:
    # servers confuse gzip with the zlib format, which HTTP calls "deflate"
    yield from _inflate(body, zlib.MAX_WBITS if _has_zlib_header(body) else 16 + zlib.MAX_WBITS)


def _deflate(body: bytes) -> Iterator[bytes]:
    if body.startswith(GZIP_MAGIC):
        yield from _inflate(body, 16 + zlib.MAX_WBITS)
    else:  # "deflate" means zlib's format (RFC 9110); some servers send a raw deflate stream
        yield from _inflate(body, zlib.MAX_WBITS if _has_zlib_header(body) else -zlib.MAX_WBITS)


def _has_zlib_header(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 15 == 8 and (body[0] * 256 + body[1]) % 31 == 0


def _inflate(body: bytes, window_bits: int) -> Iterator[bytes]:
    """Yield the content of one stream, or of gzip members that follow each other."""
    decoder = zlib.decompressobj(window_bits)
    for start in range(0, len(body), _STEP):
        piece = body[start : start + _STEP]
        while piece:
            if decoder.eof:
                if not piece.startswith(GZIP_MAGIC):
                    return
                decoder = zlib.decompressobj(window_bits)
            yield decoder.decompress(piece, 1 << 20)
            piece = decoder.unconsumed_tail or decoder.unused_data
    yield decoder.flush()


def _brotli(body: bytes) -> Iterator[bytes]:
    from fastwarc.stream_io import BrotliReader

    try:
        stream = BrotliReader(io.BytesIO(body))
        while part := stream.read(_STEP):
            yield part
    except BaseException as error:
        if is_panic(error):
            raise OSError(f"the decoder panicked: {error}") from error
        raise


def _zstd(body: bytes) -> Iterator[bytes]:
    return zstd_frames(io.BytesIO(body))


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
