"""WET records compared with CCNet's results, and edge cases of their blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from archives import read
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.wet import extract

Cases = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize("function", ["ccnet.parse_warc_file", "rp.parse_warc_file"])
def test_records_equal_ccnets(conformance: Cases, function: str) -> None:
    """`length` is not compared: CCNet's is in bytes and includes the title."""
    for case in conformance(function, exact=True):
        rows = read(case["input"].encode())
        assert [row["error"] for row in rows] == [None] * len(rows)
        for row, expected in zip(rows, case["expected"], strict=True):
            page = extract(row["content"])
            assert (row["url"], row["date"]) == (expected["url"], expected["date_download"])
            assert row["digest"] == expected["digest"]
            assert (page.title, page.text) == (expected["title"], expected["raw_content"])
            assert page.text.count("\n") + 1 == expected["nlines"]


def test_lengths_above_the_minimum_equal_ccnets(conformance: Cases) -> None:
    [case] = conformance("ccnet.parse_warc_file(count", exact=False)
    minimum = case["params"]["min_len"]
    texts = [(row["url"], extract(row["content"]).text) for row in read(case["input"].encode())]
    lengths = [[url, len(text)] for url, text in texts if len(text) >= minimum]
    assert lengths == case["expected"]


@pytest.mark.parametrize(
    ("block", "title", "text"),
    [
        (b"Title\nfirst\nsecond\n", "Title", "first\nsecond"),
        (b"Title\n  first \t\r\n\xc2\xa0second\rthird\n", "Title", "first\nsecond\nthird"),
        (b"Title\nfirst\n\nsecond\n\n", "Title", "first\n\nsecond\n"),
        (b"Title\nnot ended", "Title", "not ended\n"),
        (b"Title\n", "Title", ""),
        (b"", None, ""),
        (b"\ntext\n", None, "text"),
        (b"T\xff\n\x00x\n", "T�", "x"),
    ],
)
def test_blocks(block: bytes, title: str | None, text: str) -> None:
    page = extract(block)
    assert (page.title, page.text) == (title, text)


@given(st.binary(max_size=200))
def test_no_block_raises(block: bytes) -> None:
    page = extract(block)
    assert "\0" not in page.text
    page.text.encode()
