"""C4's fast path: columns of plain lines, and None for a block with any other line."""

from __future__ import annotations

import pytest

from udfs.extract.c4_lines import plain_pages

PLAIN = b'{"text": "Some t\xc3\xa9xt.", "url": "https://a.example", "timestamp": "2019-04-25"}'


def test_columns_of_plain_lines() -> None:
    pages = plain_pages([PLAIN, b'{"text": "x", "url": "", "language": "de", "id": 1}'])
    assert pages is not None
    assert pages.contents == ["Some téxt.".encode(), b"x"]
    assert pages.lengths == [10, 1]
    assert pages.urls == ["https://a.example", None]
    assert pages.timestamps == ["2019-04-25", None]
    assert pages.languages == [None, "de"]


@pytest.mark.parametrize(
    "line",
    [
        None,
        b"",
        b"{",
        b"7",
        b"null",
        b'"abc"',
        b'"text"',
        b'["text"]',
        b'{"url": "https://a.example"}',
        b'{"text": 7}',
        b'{"text": " "}',
        b'{"text": "x", "url": 7}',
        b'{"text": "x\\u0000"}',
        b'{"text": "x", "url": "\\u0000"}',
        b'{"text": "x", "meta": {"url": "https://a.example"}}',
    ],
)
def test_a_line_that_is_not_plain(line: bytes | None) -> None:
    assert plain_pages([line]) is None
    assert plain_pages([PLAIN, line]) is None
