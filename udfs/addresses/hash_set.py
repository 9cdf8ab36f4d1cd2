"""A set of strings as sorted 128-bit hashes: 16 bytes an entry, so that a worker holds millions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

_BYTES = 16
_TYPE = f"S{_BYTES}"

Hashes = npt.NDArray[np.bytes_]


class HashSet:
    """Strings that can be looked up but not listed.

    A string is stored as its 128-bit BLAKE2b digest; two strings share one with probability 10^-38.
    """

    def __init__(self, strings: Iterable[str]) -> None:
        digests = bytearray()
        for string in strings:
            digests += _hash(string)
        self._hashes: Hashes = np.unique(np.frombuffer(bytes(digests), _TYPE))

    @classmethod
    def from_bytes(cls, content: bytes) -> HashSet:
        """Return the set that `to_bytes` returned as bytes."""
        loaded = cls(())
        loaded._hashes = np.frombuffer(content, _TYPE)
        return loaded

    def to_bytes(self) -> bytes:
        """Return the set as bytes, to load in another process without the strings."""
        return self._hashes.tobytes()

    def __len__(self) -> int:
        return len(self._hashes)

    def holds(self, strings: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return which strings are in the set."""
        if not len(self._hashes) or not strings:
            return np.zeros(len(strings), np.bool_)
        wanted = np.frombuffer(b"".join(map(_hash, strings)), _TYPE)
        places = np.searchsorted(self._hashes, wanted)
        places[places == len(self._hashes)] = 0
        equal: npt.NDArray[np.bool_] = self._hashes[places] == wanted
        return equal


def _hash(text: str) -> bytes:
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=_BYTES).digest()
