"""Digests of content, in the form that web crawlers give."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

import numpy as np

_BASE32 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", np.uint8)
_FIVES = np.arange(35, -1, -5, np.uint64)
_PREFIX = "sha1:"
_SHA1_BYTES = 20


def sha1_digest(content: bytes) -> str:
    """Return `sha1:` and the SHA-1 of some bytes in base32, as WARC-Payload-Digest.

    >>> sha1_digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return _PREFIX + base64.b32encode(hashlib.sha1(content).digest()).decode()


def sha1_digests(contents: Iterable[bytes]) -> list[str]:
    """Return `sha1_digest` of each: base32 of many at once costs a tenth of one at a time."""
    raw = b"".join([hashlib.sha1(content).digest() for content in contents])
    forty = np.zeros((len(raw) // 5, 8), np.uint8)  # bits, which are eight letters, in 64
    forty[:, 3:] = np.frombuffer(raw, np.uint8).reshape(-1, 5)
    letters = _BASE32[(forty.view(">u8") >> _FIVES) & 31].tobytes().decode()
    size = _SHA1_BYTES * 8 // 5
    return [_PREFIX + letters[at : at + size] for at in range(0, len(letters), size)]
