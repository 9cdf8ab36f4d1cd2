"""Write captures as WARC, WET and ARC archives with one gzip member per record."""

from __future__ import annotations

import base64
import hashlib
import uuid
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.sample.captures import Capture

IP = "192.0.2.{}"  # the block that RFC 5737 reserves for documentation


@dataclass(frozen=True)
class Written:
    """A capture with its location in an archive.

    Attributes
    ----------
    record_id
        WARC-Record-ID without its angle brackets; None in an ARC, which has none.
    offset, length
        Offset and size in bytes of the gzip member in the archive.
    """

    capture: Capture
    record_id: str | None
    offset: int
    length: int


def gzip_member(data: bytes) -> bytes:
    """Return one gzip member without time, name or system, so that its bytes are reproducible."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = compressor.compress(data) + compressor.flush()
    tail = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + body + tail


def digest(data: bytes) -> str:
    """Return a WARC digest: SHA-1 in base 32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def record_id(*key: object) -> str:
    """Return a record id derived from a key."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '/'.join(map(str, key)))}"


def record(kind: str, headers: Iterable[tuple[str, str]], block: bytes) -> bytes:
    """Return one WARC record as a gzip member."""
    head = [("WARC-Type", kind), *headers, ("Content-Length", str(len(block)))]
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    return gzip_member(b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n")


def http_response(capture: Capture) -> bytes:
    """Return the HTTP response of a capture: status line, headers and body."""
    headers = list(capture.headers)
    if capture.content_type is not None:
        headers.insert(0, ("Content-Type", capture.content_type))
    headers += [("Server", "nginx"), ("Content-Length", str(len(capture.body)))]
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {capture.status}\r\n{lines}\r\n".encode() + capture.body


def split_url(url: str) -> tuple[str, str]:
    """Return the host and path of a URL."""
    host, _, path = url.split("://", 1)[1].partition("/")
    return host, "/" + path


def warc(
    name: str, captures: Sequence[Capture], began: datetime, *, snapshot: str
) -> tuple[bytes, list[Written]]:
    """Return a WARC in Common Crawl's form: request, response and metadata of each capture."""
    archive = bytearray(warcinfo(name, began, snapshot))
    written = []
    for index, capture in enumerate(captures):
        date = stamp(began + timedelta(seconds=7 * index))
        host, path = split_url(capture.url)
        own_id = record_id(name, capture.url, "response")
        response_id = own_id if capture.repeats_id_of is None else capture.repeats_id_of
        common = [("WARC-Date", date), ("WARC-Target-URI", capture.url)]
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: sample\r\n\r\n".encode()
        archive += record(
            "request",
            [
                ("WARC-Record-ID", f"<{record_id(name, capture.url, 'request')}>"),
                *common,
                ("Content-Type", "application/http; msgtype=request"),
                ("WARC-Concurrent-To", f"<{own_id}>"),
                ("WARC-Block-Digest", digest(request)),
            ],
            request,
        )
        block = http_response(capture)
        headers = [
            ("WARC-Record-ID", f"<{response_id}>"),
            *common,
            ("WARC-IP-Address", IP.format(1 + len(capture.url) % 250)),
            ("Content-Type", "application/http; msgtype=response"),
            ("WARC-Payload-Digest", digest(capture.body)),
            ("WARC-Block-Digest", digest(block)),
        ]
        if capture.truncated is not None:
            headers.append(("WARC-Truncated", capture.truncated))
        member = record("response", headers, block)
        written.append(Written(capture, response_id, len(archive), len(member)))
        archive += member
        archive += record(
            "metadata",
            [
                ("WARC-Record-ID", f"<{record_id(name, capture.url, 'metadata')}>"),
                *common,
                ("Content-Type", "application/warc-fields"),
                ("WARC-Concurrent-To", f"<{own_id}>"),
            ],
            f"fetchTimeMs: {40 + len(capture.body) % 400}\r\n".encode(),
        )
    return bytes(archive), written


def warcinfo(name: str, began: datetime, snapshot: str) -> bytes:
    """Return the first record of an archive."""
    fields = f"isPartOf: {snapshot}\r\npublisher: redpajama-spark\r\nformat: WARC/1.0\r\n"
    headers = [
        ("WARC-Date", stamp(began)),
        ("WARC-Record-ID", f"<{record_id(name, 'warcinfo')}>"),
        ("Content-Type", "application/warc-fields"),
        ("WARC-Filename", name),
    ]
    return record("warcinfo", headers, fields.encode())


def wet(
    name: str, captures: Sequence[Capture], began: datetime, *, snapshot: str
) -> tuple[bytes, list[Written]]:
    """Return a WET file: the plain text of each capture, headers in Common Crawl's order."""
    archive = bytearray(warcinfo(name, began, snapshot))
    written = []
    for index, capture in enumerate(captures):
        block = ("\n".join(capture.lines) + "\n").encode()
        own_id = record_id(name, capture.url, "conversion")
        headers = [
            ("WARC-Target-URI", capture.url),
            ("WARC-Date", stamp(began + timedelta(seconds=7 * index))),
            ("WARC-Record-ID", f"<{own_id}>"),
            ("WARC-Refers-To", f"<{record_id(name, capture.url, 'response')}>"),
            ("WARC-Block-Digest", digest(block)),
            ("WARC-Identified-Content-Language", ISO_639_3.get(capture.language or "", "und")),
            ("Content-Type", "text/plain"),
        ]
        member = record("conversion", headers, block)
        written.append(Written(capture, own_id, len(archive), len(member)))
        archive += member
    return bytes(archive), written


def arc(
    name: str, captures: Sequence[Capture], began: datetime, *, snapshot: str
) -> tuple[bytes, list[Written]]:
    """Return an ARC of version 1, the format of the first crawls."""
    version = f"1 0 {snapshot}\nURL IP-address Archive-date Content-type Archive-length\n".encode()
    start = f"{began:%Y%m%d%H%M%S}"
    head = f"filedesc://{name} 0.0.0.0 {start} text/plain {len(version)}\n".encode()
    archive = bytearray(gzip_member(head + version + b"\n"))
    written = []
    for index, capture in enumerate(captures):
        date = f"{began + timedelta(seconds=7 * index):%Y%m%d%H%M%S}"
        kind = (capture.content_type or "no-type").split(";")[0]
        block = http_response(capture)
        head = f"{capture.url} {IP.format(9)} {date} {kind} {len(block)}\n".encode()
        member = gzip_member(head + block + b"\n")
        written.append(Written(capture, None, len(archive), len(member)))
        archive += member
    return bytes(archive), written


ISO_639_3 = {"en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita"}
"""ISO 639-3 codes, which Common Crawl writes, of the sample's languages."""


def stamp(time: datetime) -> str:
    """Return a time in WARC's format."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
