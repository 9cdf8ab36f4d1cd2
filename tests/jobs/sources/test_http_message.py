"""HTTP bodies as archives store them: encoded, damaged, or declared to be encoded and plain."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable

import brotli
import pytest
from archives import http
from hypothesis import given
from hypothesis import strategies as st

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from jobs.sources.http_message import BodyTooLarge, decode_body, parse_response, unchunk

TEXT = b"<p>some text</p>" * 100


def body(data: bytes, limit: int = 1 << 20, **headers: str) -> bytes:
    """Return the decoded body of a response; `content_type` is among its headers."""
    message = parse_response(http(data, **headers))
    assert message is not None
    return decode_body(message, limit)


def chunked(data: bytes, size: int = 37) -> bytes:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def bare_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": bare_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    "identity": bytes,
    "": bytes,
}


@pytest.mark.parametrize("coding", CODINGS)
def test_codings_are_decoded(coding: str) -> None:
    encoded = CODINGS[coding](TEXT)
    assert body(encoded, Content_Encoding=coding) == TEXT
    assert body(chunked(encoded), Content_Encoding=coding, Transfer_Encoding="chunked") == TEXT


@pytest.mark.parametrize("coding", [*CODINGS, "unheard-of"])
def test_a_body_that_is_not_encoded_is_unchanged(coding: str) -> None:
    assert body(TEXT, Content_Encoding=coding) == TEXT
    assert body(TEXT, Content_Encoding=coding, Transfer_Encoding="chunked") == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate", "br", "zstd"])
def test_a_cut_body_gives_its_beginning(coding: str) -> None:
    text = b"".join(b"<p>%d" % n for n in range(100_000))
    encoded = CODINGS[coding](text)
    half = body(encoded[: len(encoded) // 2], Content_Encoding=coding)
    assert text.startswith(half)
    assert len(half) > len(encoded)


WRONG: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "gzip, not said": (gzip.compress, ""),
    "zstd, not said": (zstd.compress, ""),
    "twice, said once": (lambda data: gzip.compress(gzip.compress(data)), "gzip"),
    "gzip, called br": (gzip.compress, "br"),
    "gzip, called deflate": (gzip.compress, "deflate"),
    "gzip, called UTF-8": (gzip.compress, "utf-8"),
    "zlib, called gzip": (zlib.compress, "gzip"),
}


@pytest.mark.parametrize("name", WRONG)
def test_text_is_decoded_whatever_its_header_says(name: str) -> None:
    encode, coding = WRONG[name]
    assert body(encode(TEXT), Content_Encoding=coding) == TEXT
    # nothing but text is decoded beyond what its header says
    image = body(encode(TEXT), Content_Encoding=coding, content_type="image/svg+xml")
    assert (image == TEXT) == (coding in ("deflate", "gzip") and "twice" not in name)


def test_gzip_members_follow_each_other() -> None:
    members = gzip.compress(TEXT) + gzip.compress(TEXT)
    assert body(members, Content_Encoding="gzip") == TEXT + TEXT
    assert body(members + b"rubbish", Content_Encoding="gzip") == TEXT + TEXT
    with pytest.raises(BodyTooLarge):
        body(gzip.compress(bytes(1 << 20)) * 3, limit=2 << 20, Content_Encoding="gzip")


def test_transfer_codings_are_decoded() -> None:
    packed = chunked(gzip.compress(TEXT))
    assert body(packed, Transfer_Encoding="gzip, chunked") == TEXT
    twice = chunked(gzip.compress(brotli.compress(TEXT)))
    assert body(twice, Transfer_Encoding="gzip, chunked", Content_Encoding="br") == TEXT


def test_a_bomb_in_a_bomb_is_too_large() -> None:
    bomb = gzip.compress(bytes(64 << 20))
    for _ in range(3):
        bomb = gzip.compress(bomb)
    with pytest.raises(BodyTooLarge):
        body(bomb, limit=1 << 20)


def test_zstd_frames_follow_each_other() -> None:
    frame = zstd.compress(TEXT)
    assert body(frame + frame, Content_Encoding="zstd") == TEXT + TEXT
    assert body(frame + b"no frame", Content_Encoding="zstd") == TEXT


def test_chunks() -> None:
    assert (
        unchunk(b"5;name=value\r\nhello\r\n6 \r\n world\r\n0\r\nTrailer: x\r\n\r\n")
        == b"hello world"
    )
    assert unchunk(b"5\nhello\n0\n\n") == b"hello"
    assert unchunk(b"ff\r\ncut off") == b"cut off"
    assert unchunk(b"5\r\nhello\r\nno size here") == b"hellono size here"
    assert unchunk(b"beef is what this page is about") == b"beef is what this page is about"
    assert unchunk(b"") == b""


@given(st.binary(max_size=300), st.integers(1, 50))
def test_chunked_bodies_are_decoded(data: bytes, size: int) -> None:
    assert unchunk(chunked(data, size)) == data


@given(st.binary(max_size=300), st.sampled_from([*CODINGS]))
def test_no_body_fails(data: bytes, coding: str) -> None:
    body(data, Content_Encoding=coding, Transfer_Encoding="chunked")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity"])
def test_the_limit_holds_for_decoded_bodies(coding: str) -> None:
    encoded = CODINGS[coding](bytes(1 << 20))
    with pytest.raises(BodyTooLarge):
        body(encoded, limit=1 << 19, Content_Encoding=coding)
    assert len(body(encoded, limit=1 << 20, Content_Encoding=coding)) == 1 << 20


@pytest.mark.parametrize(
    ("block", "status", "content_type", "rest"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nx", 200, "text/html", b"x"),
        (b"HTTP/1.0 404\ncontent-type:a/b; c=d\n\nx\r\n\r\ny", 404, "a/b; c=d", b"x\r\n\r\ny"),
        (b"HTTP/2 301 \r\n\r\n", 301, None, b""),
        (b"ICY 200 OK\r\n\r\n", 200, None, b""),
        (b"HTTP/1.1 200 OK\r\nX-Crawl-Content-Type: no\r\nContent-Type:\r\n\r\nx", 200, None, b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html", 200, "text/html", b""),
    ],
)
def test_headers(block: bytes, status: int, content_type: str | None, rest: bytes) -> None:
    message = parse_response(block)
    assert message is not None
    assert (message.status, message.content_type, message.body) == (status, content_type, rest)


@pytest.mark.parametrize("block", [b"", b"<p>x", b"20080430204825\nwww. IN A", b"HTTP/1.1 2000 x"])
def test_blocks_that_are_no_response(block: bytes) -> None:
    assert parse_response(block) is None


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nContent-Type: text/css\r\n\r\n",
        b"http/1.1 102 Processing\n\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    ],
)
def test_interim_responses_are_passed_over(interim: bytes) -> None:
    message = parse_response(interim + http(TEXT))
    assert message is not None
    assert (message.status, message.content_type) == (200, "text/html; charset=utf-8")
    assert message.body == TEXT


def test_an_interim_response_alone_is_what_it_says() -> None:
    for rest in (b"", b"\r\n", b"\r\n\r\n", b"\r\n\r\n<p>no status line"):
        message = parse_response(b"HTTP/1.1 100 Continue" + rest)
        assert message is not None
        assert message.status == 100
    # the body of a final response is not looked into
    message = parse_response(http(http(TEXT), status="404 Not Found"))
    assert message is not None
    assert message.status == 404


@pytest.mark.parametrize("version", ["http/1.1", "Http/1.0", "HTTP/2", "icy"])
def test_status_lines_in_small_letters(version: str) -> None:
    message = parse_response(http(TEXT).replace(b"HTTP/1.1", version.encode()))
    assert message is not None
    assert (message.status, message.body) == (200, TEXT)
