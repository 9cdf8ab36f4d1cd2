"""XXH64 by known values; that Spark gives the same is tested with the content hashes of tables."""

from __future__ import annotations

import pytest

from udfs import xxhash64


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", 0xEF46DB3751D8E999),
        (b"a", 0xD24EC4F1A98C6E5B),
        (b"abc", 0x44BC2CF5AD770999),
        (b"Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1),
    ],
)
def test_bytes_have_the_hash_of_the_specification(content: bytes, expected: int) -> None:
    assert xxhash64.hash_bytes(content, 0) == expected


def test_numbers_are_hashed_as_their_bytes() -> None:
    assert xxhash64.hash_long(-2) == xxhash64.hash_bytes(b"\xfe" + b"\xff" * 7)
    assert xxhash64.hash_int(1) == xxhash64.hash_bytes(b"\x01\0\0\0")
    assert xxhash64.hash_double(-0.0) == xxhash64.hash_double(0.0) == xxhash64.hash_long(0)
    assert xxhash64.signed(2**64 - 1) == -1
