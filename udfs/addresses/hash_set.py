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
    """Strings that can be asked for and not be listed.

    A string is known by its 128-bit BLAKE2b digest; by chance another has it once in 10^38.
    """

    def __init__(self, strings: Iterable[str]) -> None:
        found = bytearray()
        for each in strings:
            found += _hash(each)
        self._hashes: Hashes = np.unique(np.frombuffer(bytes(found), _TYPE))

    @classmethod
    def from_bytes(cls, content: bytes) -> HashSet:
        """Take what `to_bytes` gave."""
        made = cls(())
        made._hashes = np.frombuffer(content, _TYPE)
        return made

    def to_bytes(self) -> bytes:
        """Return the set as bytes, to load in another process without the strings."""
        return self._hashes.tobytes()

    def __len__(self) -> int:
        return len(self._hashes)

    def holds(self, strings: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Tell which of some strings are in the set."""
        if not len(self._hashes) or not strings:
            return np.zeros(len(strings), np.bool_)
        asked = np.frombuffer(b"".join(map(_hash, strings)), _TYPE)
        places = np.searchsorted(self._hashes, asked)
        places[places == len(self._hashes)] = 0
        equal: npt.NDArray[np.bool_] = self._hashes[places] == asked
        return equal


def _hash(text: str) -> bytes:
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=_BYTES).digest()
