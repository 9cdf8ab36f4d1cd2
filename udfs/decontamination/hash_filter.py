"""Bit table that rules out most hashes that are not in a large sorted array, in one look-up."""

from __future__ import annotations

import numpy as np

from udfs.near_duplicates.shingles import Hashes
from udfs.quality_signals.arrays import Ints

_BITS = np.left_shift(1, np.arange(8)).astype(np.uint8)


class HashFilter:
    """A bit for each value of a hash's leading bits: 8 to 16 bits a hash.

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
        """Return the indices of those hashes that may be in the array."""
        bit = (hashes >> self._shift).view(np.int64)
        byte = self._table.take(bit >> 3)
        byte &= _BITS.take(bit & 7)
        return np.flatnonzero(byte)
