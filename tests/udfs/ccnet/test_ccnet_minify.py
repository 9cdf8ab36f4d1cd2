"""Minified records compared with CCNet's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.ccnet import minify as m

Conformance = Callable[..., list[dict[str, Any]]]


def test_equals_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.Minifier"):
        assert m.minify(case["input"]) == case["expected"]
    for case in conformance("ccnet.encode_line_ids"):
        assert m.encode_line_ids(case["input"]) == case["expected"]
    for case in conformance("ccnet.get_doc_key"):
        assert m.document_key(case["input"]) == case["expected"]


def test_scores_are_rounded_and_the_text_is_removed() -> None:
    document = {
        "url": "http://a.b/",
        "raw_content": "text",
        "title": "title",
        "language_score": 0.987,
        "perplexity": 12.34,
        "line_ids": [3],
    }
    assert m.minify(document) == {
        "url": "http://a.b/",
        "language_score": 0.99,
        "perplexity": 12.3,
        "line_ids": "AwA=",
    }


@given(st.lists(st.integers(0, 0xFFFF)))
def test_encoded_line_ids_decode_to_the_same(line_ids: list[int]) -> None:
    assert m.decode_line_ids(m.encode_line_ids(line_ids)) == line_ids


@pytest.mark.parametrize("line_ids", [[0x10000], [1, -1]])
def test_line_numbers_out_of_range_raise(line_ids: list[int]) -> None:
    with pytest.raises(ValueError, match="65535"):
        m.encode_line_ids(line_ids)


def test_a_digest_other_than_sha1_raises() -> None:
    with pytest.raises(ValueError, match="sha1:"):
        m.document_key("md5:abc")
