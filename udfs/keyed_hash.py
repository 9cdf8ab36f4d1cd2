"""Keyed hash of a text, for random choices that are the same in every run.

A choice by the hash does not depend on partitions, retries or the order of the texts.
"""

from __future__ import annotations

import hashlib


def keyed_hash(seed: int, purpose: str, text: str) -> int:
    """Return a signed 64-bit number for a text; another seed or purpose gives an independent one."""
    digest = hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=8, key=f"{purpose}:{seed}".encode()
    ).digest()
    return int.from_bytes(digest, "little", signed=True)


def is_held_out(seed: int, text: str, share: float) -> bool:
    """Return whether a text is in the share of all texts that tests a model and does not train it."""
    return keyed_hash(seed, "held out", text) < (share * 2 - 1) * 2**63
