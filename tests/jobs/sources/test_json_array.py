"""Elements of a JSON array: any chunks give the same, and damage costs what is damaged."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from jobs.sources.json_array import elements

RECORDS = [{"a": 'quotes " and \\ and }, {'}, {"a": [{"b": "]"}], "c": {}}, {"a": "ä\n"}]


def found(data: bytes, size: int = 1 << 16, limit: int = 1000) -> list[tuple[int, bytes | str]]:
    chunks: Iterator[bytes] = (data[i : i + size] for i in range(0, len(data), size))
    return [
        (offset, fault.error if fault else content)
        for offset, content, fault in elements(chunks, limit)
    ]


@pytest.mark.parametrize("size", [1, 2, 7, 4096])
@pytest.mark.parametrize("indent", [None, 2])
def test_elements_are_where_they_are(size: int, indent: int | None) -> None:
    data = b"\xef\xbb\xbf \n" + json.dumps(RECORDS, indent=indent, ensure_ascii=False).encode()
    read = found(data, size)
    assert [json.loads(content) for _, content in read] == RECORDS
    for offset, content in read:
        assert isinstance(content, bytes)
        assert data[offset : offset + len(content)] == content


@pytest.mark.parametrize("data", [b"[]", b" [ ] ", b"[", b"[\n"])
def test_an_array_without_elements(data: bytes) -> None:
    assert found(data) == []


def test_a_quotation_mark_too_few_costs_its_element() -> None:
    assert found(b'[{"a": "x}, {"a": 2}, {"a": 3}]') == [
        (1, "broken-json"),
        (12, b'{"a": 2}'),
        (22, b'{"a": 3}'),
    ]


def test_an_array_that_is_cut_off() -> None:
    assert found(b'[{"a": 1}, {"a": "x') == [(1, b'{"a": 1}'), (11, "broken-json")]


def test_text_between_elements_and_elements_that_are_too_large() -> None:
    assert found(b'[{"a": 1} 5, x {"a": 3}]') == [
        (1, b'{"a": 1}'),
        (10, "broken-json"),
        (15, b'{"a": 3}'),
    ]
    large = b'{"a": "' + b"y" * 2000 + b'"}'
    assert found(b"[" + large + b', {"a": 2}]', 100) == [
        (1, "record-too-large"),
        (2012, b'{"a": 2}'),
    ]


def test_elements_without_end_are_tried_a_few_times_only() -> None:
    read = found(b"[" + b'{"a": ' * 100_000, limit=10_000)
    assert len(read) == 21
