"""The index of Megatron-LM's memory-mapped token files, `.idx` beside `.bin` (`MMapIndexedDataset`).

The `.bin` holds the token ids of all documents, one after the other. Little-endian, the index holds
MMIDIDX and two zero bytes, the version 1 (8 bytes), a code for the type of an id (1 byte), the number of
sequences and of document boundaries (8 bytes each); then the length (4 bytes) and the position in the `.bin`
(8 bytes) of each sequence, and the sequences at which documents begin, with the end of the last one (8 bytes
each). Here a document is one sequence. GPT-NeoX and other descendants of Megatron-LM read the same.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

_MAGIC = b"MMIDIDX\x00\x00"
_VERSION = 1
_CODES = {"uint8": 1, "int32": 4, "uint16": 8}


def index(lengths: Sequence[int], dtype: str) -> bytes:
    """Return the `.idx` of a `.bin`.

    Parameters
    ----------
    lengths
        Tokens of each document, in order; or an array of them.
    dtype
        Type of a token id: `uint16` or `int32`, and `uint8` of a mask.
    """
    sizes = np.asarray(lengths, "<i4")
    ends = np.cumsum(sizes, dtype="<i8") * np.dtype(dtype).itemsize
    places = np.concatenate([np.zeros(1, "<i8"), ends])[: len(sizes)]
    documents = np.arange(len(sizes) + 1, dtype="<i8")
    head = struct.pack("<9sQBQQ", _MAGIC, _VERSION, _CODES[dtype], len(sizes), len(documents))
    return b"".join([head, sizes.tobytes(), places.tobytes(), documents.tobytes()])
