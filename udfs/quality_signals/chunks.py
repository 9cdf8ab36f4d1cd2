"""Number the chunks of a text; equal ones have the same number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from udfs.quality_signals.arrays import Ints
from udfs.quality_signals.characters import Codes, spelled


def number_chunks(codes: Codes, edges: Ints) -> tuple[list[str], Ints]:
    """Return the distinct chunks of a text given as code points, and the number of each chunk.

    Arrow's dictionary encoding needs no string of Python's for each chunk, only for each distinct
    one, and so takes a third of the time of a dict.

    `edges` says where chunks start and end in it: start, end, start, end, ...
    """
    if not len(edges):
        return [], np.zeros(0, np.int64)
    # binary values of four bytes a character: the chunks and the gaps between them, in turn
    width = codes.itemsize
    pieces = pa.Array.from_buffers(
        pa.large_binary(), len(edges) - 1, [None, pa.py_buffer(edges * width), pa.py_buffer(codes)]
    ).dictionary_encode()
    numbers = pieces.indices.to_numpy()[::2]
    is_chunk = np.zeros(len(pieces.dictionary), np.bool_)
    is_chunk[numbers] = True
    _, bounds, data = pieces.dictionary.filter(pa.array(is_chunk)).buffers()
    sizes = np.diff(np.frombuffer(bounds, np.int64)[: is_chunk.sum() + 1]) // width
    # one newline after each chunk
    spread = np.full(sizes.sum() + len(sizes), ord("\n"), np.uint32)
    spread[np.arange(sizes.sum()) + np.repeat(np.arange(len(sizes)), sizes)] = np.frombuffer(
        data, np.uint32, sizes.sum()
    )
    renumber = np.cumsum(is_chunk) - 1
    return spelled(spread).split("\n")[:-1], renumber[numbers]
