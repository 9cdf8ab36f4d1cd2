"""Choosing documents by a keyed hash of their text: the same ones whatever the partitions and retries."""

from __future__ import annotations

import hashlib


def keyed_hash(seed: int, purpose: str, text: str) -> int:
    """A signed 64-bit number for a text; another seed or purpose gives one that is independent."""
    digest = hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=8, key=f"{purpose}:{seed}".encode()
    ).digest()
    return int.from_bytes(digest, "little", signed=True)


def is_held_out(seed: int, text: str, share: float) -> bool:
    """Whether a text is among the share of all texts that a model is not trained on, but tested."""
    return keyed_hash(seed, "held out", text) < (share * 2 - 1) * 2**63
