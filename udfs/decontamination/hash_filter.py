"""A table of bits that tells most hashes that are not in a large sorted array, at one look."""

from __future__ import annotations

import numpy as np

from udfs.near_duplicates.shingles import Hashes
from udfs.quality_signals.arrays import Ints


class HashFilter:
    """One bit for each of 8 to 16 times as many leading parts of a hash as there are hashes.

    Parameters
    ----------
    hashes
        Well mixed, as `udfs.near_duplicates.shingles` makes them.
    """

    def __init__(self, hashes: Hashes) -> None:
        bits = max(len(hashes).bit_length() + 3, 3)
        self._shift = np.uint64(64 - bits)
        table = np.zeros(1 << bits, np.bool_)
        table[hashes >> self._shift] = True
        self._table = np.packbits(table, bitorder="little")

    def holds(self, hashes: Hashes) -> Ints:
        """The places of those hashes that may be among the hashes."""
        bit = hashes >> self._shift
        byte = self._table[bit >> np.uint64(3)]
        held = byte >> (bit & np.uint64(7)).astype(np.uint8) & np.uint8(1)
        return np.flatnonzero(held)
