"""MD5 of many messages: the standard library's of each."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.near_duplicates import md5_batch

LINES = st.lists(st.binary(max_size=md5_batch.LONGEST).map(lambda line: line.replace(b"\n", b"")))


@given(LINES)
def test_equals_the_standard_library(lines: list[bytes]) -> None:
    found = md5_batch.digests(b"".join(line + b"\n" for line in lines))
    assert [row.tobytes() for row in found] == [hashlib.md5(line).digest() for line in lines]


def test_more_than_one_block_of_messages() -> None:
    lines = [b"%d" % i for i in range(10_000)]
    found = md5_batch.digests(b"".join(line + b"\n" for line in lines))
    assert [row.tobytes() for row in found] == [hashlib.md5(line).digest() for line in lines]


def test_a_message_that_is_too_long() -> None:
    with pytest.raises(ValueError, match="56 bytes"):
        md5_batch.digests(b"short\n" + b"x" * 56 + b"\n")
