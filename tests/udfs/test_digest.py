"""Digests of many contents at once are those of each."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from udfs.digest import SHA1_LENGTH, sha1_digest, sha1_digests


@given(st.lists(st.binary(max_size=9), max_size=9))
def test_many_at_once(contents: list[bytes]) -> None:
    found = sha1_digests([hashlib.sha1(content).digest() for content in contents]).decode()
    parted = [found[at : at + SHA1_LENGTH] for at in range(0, len(found), SHA1_LENGTH)]
    assert parted == [sha1_digest(content) for content in contents]
