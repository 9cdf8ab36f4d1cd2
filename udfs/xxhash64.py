"""XXH64 as Spark's `xxhash64`, for a few values that no Spark job is to be started for.

A hash of bytes is standard XXH64 (https://github.com/Cyan4973/xxHash, doc/xxhash_spec.md). Spark hashes a
number as its bytes in little-endian order, and several values in turn, each with the hash of those before
it as its seed.
"""

from __future__ import annotations

import struct

SEED = 42
"""Spark's seed of the first value."""

_MASK = 2**64 - 1
_P1, _P2, _P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_P4, _P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5


def hash_bytes(content: bytes, seed: int = SEED) -> int:
    """Return the XXH64 of bytes, from 0 to 2**64 - 1.

    >>> hex(hash_bytes(b"", 0))
    '0xef46db3751d8e999'
    """
    size = len(content)
    whole = size - size % 32
    hash_ = _of_stripes(content[:whole], seed) if whole else seed + _P5 & _MASK
    hash_ = (hash_ + size) & _MASK
    words = (size - whole) // 8
    for word in struct.unpack_from(f"<{words}Q", content, whole):
        hash_ = (_rotated(hash_ ^ _round(0, word), 27) * _P1 + _P4) & _MASK
    at = whole + 8 * words
    if at + 4 <= size:
        (half,) = struct.unpack_from("<I", content, at)
        hash_ = (_rotated(hash_ ^ (half * _P1 & _MASK), 23) * _P2 + _P3) & _MASK
        at += 4
    for byte in content[at:]:
        hash_ = _rotated(hash_ ^ (byte * _P5 & _MASK), 11) * _P1 & _MASK
    hash_ = (hash_ ^ (hash_ >> 33)) * _P2 & _MASK
    hash_ = (hash_ ^ (hash_ >> 29)) * _P3 & _MASK
    return hash_ ^ (hash_ >> 32)


def hash_long(number: int, seed: int = SEED) -> int:
    """Return the hash of a signed 64-bit number."""
    return hash_bytes(struct.pack("<q", number), seed)


def hash_int(number: int, seed: int = SEED) -> int:
    """Return the hash of a signed number of 32 bits or fewer."""
    return hash_bytes(struct.pack("<i", number), seed)


def hash_double(number: float, seed: int = SEED) -> int:
    """Return the hash of a double; 0.0 and -0.0 have the same."""
    return hash_bytes(struct.pack("<d", number + 0.0), seed)


def signed(hash_: int) -> int:
    """Return a hash as the signed number that Spark shows."""
    return hash_ - 2**64 if hash_ >> 63 else hash_


def _of_stripes(content: bytes, seed: int) -> int:
    lanes = [seed + _P1 + _P2, seed + _P2, seed, seed - _P1]
    for stripe in struct.iter_unpack("<4Q", content):
        lanes = [_round(lane, word) for lane, word in zip(lanes, stripe, strict=True)]
    turns = zip(lanes, (1, 7, 12, 18), strict=True)
    hash_ = sum(_rotated(lane & _MASK, bits) for lane, bits in turns) & _MASK
    for lane in lanes:
        hash_ = ((hash_ ^ _round(0, lane)) * _P1 + _P4) & _MASK
    return hash_


def _round(lane: int, word: int) -> int:
    return _rotated((lane + word * _P2) & _MASK, 31) * _P1 & _MASK


def _rotated(number: int, bits: int) -> int:
    return (number << bits | number >> (64 - bits)) & _MASK
