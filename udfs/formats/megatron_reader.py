"""Read the index of Megatron-LM's token files, whose form `udfs.formats.megatron_index` describes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

HEADER = struct.Struct("<9sQBQQ")
_MAGIC = b"MMIDIDX\x00\x00"
# code -> type of an id, as Megatron-LM and GPT-NeoX have them
_TYPES = {
    **{1: "<u1", 2: "<i1", 3: "<i2", 4: "<i4", 5: "<i8"},
    8: "<u2",
}

ReadRange = Callable[[int, int], bytes]
"""Returns bytes of the index, by offset and length."""


class BadIndex(ValueError):  # noqa: N818
    """The index cannot be read; the message is one line."""


@dataclass(frozen=True)
class Index:
    """The index of a token file.

    Attributes
    ----------
    dtype
        Type of an id.
    sequences, documents
        Numbers of sequences, and of documents, which are one or more sequences each.
    """

    dtype: np.dtype[Any]
    sequences: int
    documents: int
    read: ReadRange

    def starts(self, first: int, last: int) -> npt.NDArray[np.int64]:
        """Return the first sequences of documents, and after the last of them the sequence that follows."""
        base = HEADER.size + 12 * self.sequences
        return self._array(base + 8 * first, last - first + 1, "<i8")

    def place(self, sequence: int) -> int:
        """Return where a sequence begins in the token file, in bytes."""
        [place] = self._array(HEADER.size + 4 * self.sequences + 8 * sequence, 1, "<i8")
        return int(place)

    def sizes(self, first: int, last: int) -> npt.NDArray[np.int64]:
        """Return the numbers of tokens of sequences."""
        return self._array(HEADER.size + 4 * first, last - first, "<i4")

    def _array(self, offset: int, count: int, type_: str) -> npt.NDArray[np.int64]:
        size = np.dtype(type_).itemsize * count
        data = self.read(offset, size)
        if len(data) != size:
            raise BadIndex("the index is shorter than its header says")
        return np.frombuffer(data, type_).astype(np.int64)

    def first_at(self, byte: int) -> int:
        """Return the number of the first document that begins at a byte of the token file, or behind it."""
        low, high = 0, self.documents
        while low < high:
            middle = (low + high) // 2
            sequence = int(self.starts(middle, middle)[0])
            if sequence < self.sequences and self.place(sequence) < byte:
                low = middle + 1
            else:
                high = middle
        return low


def open_index(read: ReadRange) -> Index:
    """Return an index, of which only the header is read now.

    Raises
    ------
    BadIndex
        It is no index of version 1, or has ids of a type that is not known.
    """
    header = read(0, HEADER.size)
    if len(header) < HEADER.size or not header.startswith(_MAGIC):
        raise BadIndex("the file is no index of Megatron-LM (MMIDIDX)")
    _, version, code, sequences, boundaries = HEADER.unpack(header)
    if version != 1 or code not in _TYPES:
        raise BadIndex(f"version {version} or type {code} of the index is not known")
    if not boundaries:
        raise BadIndex("the index has no documents")
    return Index(np.dtype(_TYPES[code]), sequences, boundaries - 1, read)
