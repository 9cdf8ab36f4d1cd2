"""Digests of content, in the form that web crawlers give."""

from __future__ import annotations

import base64
import hashlib


def sha1_digest(content: bytes) -> str:
    """Return `sha1:` and the SHA-1 of some bytes in base32, as WARC-Payload-Digest.

    >>> sha1_digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return "sha1:" + base64.b32encode(hashlib.sha1(content).digest()).decode()
