"""Build small WARC and ARC archives byte by byte, with errors in known places."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable
from typing import Any

import lz4.frame

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from jobs.sources.archive import read_archive
from jobs.sources.warc_rows import Wanted


def gzipped(data: bytes) -> bytes:
    """Return a gzip member."""
    return gzip.compress(data, mtime=0)


COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": gzipped,
    "zst": zstd.compress,
    "lz4": lz4.frame.compress,
}
ALL_TYPES = frozenset(
    ["warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion"]
)


def http(
    body: bytes,
    *,
    status: str = "200 OK",
    content_type: str | None = "text/html; charset=utf-8",
    **headers: str,
) -> bytes:
    """Return an HTTP response."""
    lines = [f"HTTP/1.1 {status}"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def warc_record(
    block: bytes,
    *,
    kind: str = "response",
    name: str | None = "1",
    url: str | None = "http://example.com/",
    date: str | None = "2023-01-31T12:00:00Z",
    length: int | str | None = None,
    **headers: str,
) -> bytes:
    """Return a WARC record with its terminator; `length` overrides the Content-Length."""
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{name}>" if name is not None else None,
        "WARC-Target-URI": url,
        "WARC-Date": date,
        "Content-Type": "application/http; msgtype=response"
        if kind == "response"
        else "text/plain",
        "Content-Length": str(len(block) if length is None else length),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join(["WARC/1.0", *lines, "", ""]).encode() + block + b"\r\n\r\n"


def arc_record(
    block: bytes, *, url: str = "http://example.com/", length: int | None = None
) -> bytes:
    """Return an ARC record with its terminator; `length` overrides the true length."""
    size = len(block) if length is None else length
    return f"{url} 192.0.2.1 20080430204825 text/html {size}\n".encode() + block + b"\n"


ARC_START = (
    b"filedesc://x.arc 0.0.0.0 20080430204825 text/plain 76\n"
    b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n\n"
)


def by_record(*records: bytes, compress: Callable[[bytes], bytes] = gzipped) -> bytes:
    """Return an archive with one member per record, as crawlers write it."""
    return b"".join(map(compress, records))


def with_dictionary(*records: bytes, packed: bool = True) -> bytes:
    """Return an archive with one Zstandard frame per record, and their dictionary before them."""
    samples = [record + bytes([n]) * 8 for n in range(64) for record in records]
    dictionary = zstd.train_dict(samples, 1024)
    content = zstd.compress(dictionary.dict_content) if packed else dictionary.dict_content
    frame = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    return frame + b"".join(zstd.compress(record, zstd_dict=dictionary) for record in records)


def bomb(size: int) -> bytes:
    """Return the gzip of `size` zero bytes, compressed one MB at a time."""
    compressor = zlib.compressobj(9, wbits=31)
    chunk = bytes(1 << 20)
    parts = [compressor.compress(chunk) for _ in range(size >> 20)]
    return b"".join([*parts, compressor.flush()])


def read(data: bytes, **wanted: Any) -> list[dict[str, Any]]:
    """Return the rows of an archive as dicts."""
    return [row._asdict() for row in read_archive(io.BytesIO(data), "archive", Wanted(**wanted))]


def errors(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return error and offset of the rows that have an error."""
    return [(row["error"], row["offset"]) for row in rows if row["error"]]


def whole(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that are records."""
    return [row for row in rows if not row["error"]]
