"""Digests of many contents at once equal the digests one by one."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from udfs.digest import SHA1_LENGTH, sha1_digest, sha1_digests


@given(st.lists(st.binary(max_size=9), max_size=9))
def test_sha1_digests_equal_sha1_digest(contents: list[bytes]) -> None:
    joined = sha1_digests([hashlib.sha1(content).digest() for content in contents]).decode()
    starts = range(0, len(joined), SHA1_LENGTH)
    digests = [joined[start : start + SHA1_LENGTH] for start in starts]
    assert digests == [sha1_digest(content) for content in contents]
