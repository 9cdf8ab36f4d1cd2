"""SHA-1 digests of content in the form of WARC headers, `sha1:` and base32."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

import numpy as np

_BASE32 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", np.uint8)
_SHIFTS = np.arange(35, -1, -5, np.uint64)
_PREFIX = "sha1:"
SHA1_LENGTH = len(_PREFIX) + 32  # characters of a digest


def sha1_digest(content: bytes) -> str:
    """Return `sha1:` and the SHA-1 of a content in base32, as in WARC-Payload-Digest.

    >>> sha1_digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return _PREFIX + base64.b32encode(hashlib.sha1(content).digest()).decode()


def sha1_digests(raw: Sequence[bytes]) -> bytes:
    """Return the `sha1_digest` of many contents, given their raw SHA-1s.

    The digests are concatenated in ASCII, `SHA1_LENGTH` bytes each. Encoding them together takes a
    tenth of the time of encoding them one by one.
    """
    digests = np.empty((len(raw), SHA1_LENGTH), np.uint8)
    digests[:, : len(_PREFIX)] = np.frombuffer(_PREFIX.encode(), np.uint8)
    # 40 bits, which are 8 letters, in the low bytes of a 64-bit number
    groups = np.zeros((len(raw), 4, 8), np.uint8)
    groups[..., 3:] = np.frombuffer(b"".join(raw), np.uint8).reshape(len(raw), 4, 5)
    letters = _BASE32[(groups.view(">u8") >> _SHIFTS) & 31]
    digests[:, len(_PREFIX) :] = letters.reshape(len(raw), 32)
    return digests.tobytes()
