"""Detect truncated fastText model files.

fastText does not check whether its reads succeed: from a truncated file it loads a model that returns
nonsense, or allocates for minutes by a random length. The format determines the length of the file, so
that is checked first. (The layout is that of `FastText::loadModel` and the functions it calls.)
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

_MAGIC, _VERSIONS = 793712314, (11, 12)
_ARGUMENTS = 12 * 4 + 8
_CENTROIDS = 256


class _Reader:
    """Walks over a file; going past its end raises ValueError."""

    def __init__(self, data: mmap.mmap) -> None:
        self.data, self.at = data, 0

    def skip(self, size: int) -> None:
        self.at += size
        if size < 0 or self.at > len(self.data):
            raise ValueError("it ends before its contents do")

    def read(self, form: str) -> tuple[int, ...]:
        start = self.at
        self.skip(struct.calcsize(form))
        return struct.unpack_from(form, self.data, start)

    def skip_dictionary(self) -> None:
        entries, _, _, _, pruned = self.read("<iiiqq")
        for _ in range(entries):
            end = self.data.find(b"\0", self.at)
            self.skip((end if end >= 0 else len(self.data)) + 1 - self.at)  # the word
            self.skip(8 + 1)  # its count and its kind
        self.skip(max(pruned, 0) * 8)

    def skip_matrix(self, quantized: int) -> None:
        if not quantized:
            rows, columns = self.read("<qq")
            self.skip(rows * columns * 4)
            return
        with_norms, rows, _, codes = self.read("<?qqi")
        self.skip(codes)
        self.skip_quantizer()
        if with_norms:
            self.skip(rows)
            self.skip_quantizer()

    def skip_quantizer(self) -> None:
        dimension, *_ = self.read("<iiii")
        self.skip(dimension * _CENTROIDS * 4)


def check_fasttext_file(path: Path) -> None:
    """Raise ValueError with the reason where a file is not exactly one fastText model."""
    if path.stat().st_size == 0:
        raise ValueError("it is empty")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        reader = _Reader(data)
        magic, version = reader.read("<ii")
        if magic != _MAGIC or version not in _VERSIONS:
            raise ValueError("it does not start as one")
        reader.skip(_ARGUMENTS)
        reader.skip_dictionary()
        (quantized,) = reader.read("<?")
        reader.skip_matrix(quantized)
        (quantized_output,) = reader.read("<?")
        reader.skip_matrix(quantized and quantized_output)
        if reader.at != len(data):
            raise ValueError("it goes on after its contents")
