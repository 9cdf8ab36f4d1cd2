"""Digests of content, in the form that web crawlers give."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

import numpy as np

_BASE32 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", np.uint8)
_FIVES = np.arange(35, -1, -5, np.uint64)
_PREFIX = "sha1:"
SHA1_LENGTH = len(_PREFIX) + 32  # of a digest, in letters


def sha1_digest(content: bytes) -> str:
    """Return `sha1:` and the SHA-1 of some bytes in base32, as WARC-Payload-Digest.

    >>> sha1_digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return _PREFIX + base64.b32encode(hashlib.sha1(content).digest()).decode()


def sha1_digests(raw: Sequence[bytes]) -> bytes:
    """Return `sha1_digest` of many contents from their SHA-1s, one behind the other, in ASCII.

    Each has `SHA1_LENGTH` letters. Base32 of many at once costs a tenth of one at a time.
    """
    digests = np.empty((len(raw), SHA1_LENGTH), np.uint8)
    digests[:, : len(_PREFIX)] = np.frombuffer(_PREFIX.encode(), np.uint8)
    forty = np.zeros((len(raw), 4, 8), np.uint8)  # bits, which are eight letters, in 64
    forty[..., 3:] = np.frombuffer(b"".join(raw), np.uint8).reshape(len(raw), 4, 5)
    letters = _BASE32[(forty.view(">u8") >> _FIVES) & 31]
    digests[:, len(_PREFIX) :] = letters.reshape(len(raw), 32)
    return digests.tobytes()
