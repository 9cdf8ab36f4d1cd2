"""Uncompressed stream of an archive in Zstandard or LZ4, frame by frame.

The formats: RFC 8878; https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md; dictionaries of
archives: https://iipc.github.io/warc-specifications/specifications/warc-zstd/
"""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Iterator

from lz4.frame import LZ4FrameDecompressor

from jobs.sources.decompress import ZSTD_MAGIC, Decompressor
from jobs.sources.members import CHUNK, HEAD, Compressed, Readable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LZ4_MAGIC = b"\x04\x22\x4d\x18"
# of lz4, of zstd, and of zstd's dictionaries
_ERRORS = (RuntimeError, zstd.ZstdError, ValueError)
# frames that decoders skip have one of sixteen magic numbers
_SKIPPED = tuple(bytes((0x50 + number,)) + b"\x2a\x4d\x18" for number in range(16))
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
_LARGEST_DICTIONARY = 16 << 20  # bytes


class Frames(Compressed):
    """The content of frames, one after another."""

    @abstractmethod
    def _frame(self) -> Decompressor:
        """Return a decompressor of one frame."""

    def _member(self) -> Iterator[bytes]:
        frame = self._frame()
        data = self._piece
        while True:
            try:
                chunk = frame.decompress(data, CHUNK)
            except _ERRORS as error:
                raise self._fault(f"corrupt-{self.name}", str(error)) from error
            if chunk:
                yield chunk
            if frame.eof:
                self._piece = frame.unused_data or b""
                return
            data = self._next_piece() if frame.needs_input else b""
            if frame.needs_input and not data:
                message = f"the archive ends within a frame of {self.name}"
                raise self._fault(f"truncated-{self.name}", message)

    def _beginning(self, data: bytes) -> bytes:
        try:
            return self._frame().decompress(data, HEAD)
        except _ERRORS:
            return b""


class Lz4Frames(Frames):
    """The content of LZ4 frames."""

    magic = LZ4_MAGIC
    starts = (LZ4_MAGIC, *_SKIPPED)
    name = "lz4"
    trial = (4 << 20) + HEAD  # the largest block, and headers

    def _frame(self) -> Decompressor:
        decompressor: Decompressor = LZ4FrameDecompressor()
        return decompressor


class ZstdFrames(Frames):
    """The content of Zstandard frames; the first frame can hold the dictionary of all others.

    Parameters
    ----------
    stream, piece
        As of `Compressed`.
    dictionary
        Dictionary of the frames, if it is not in the first of them.
    """

    magic = ZSTD_MAGIC
    starts = (ZSTD_MAGIC, *_SKIPPED)
    name = "zstd"
    trial = (128 << 10) + HEAD  # the largest block, and headers

    def __init__(self, stream: Readable, piece: bytes, dictionary: bytes = b"") -> None:
        super().__init__(stream, piece)
        self.dictionary = dictionary
        self._shared: zstd.ZstdDict | None = None
        try:
            if piece.startswith(DICTIONARY_MAGIC):
                self.dictionary = self._read_dictionary()
            if self.dictionary:
                self._shared = zstd.ZstdDict(self.dictionary)
                self._frame()
        except _ERRORS as error:
            raise self._fault("corrupt-zstd", f"the dictionary: {error}") from error

    def _frame(self) -> Decompressor:
        decompressor: Decompressor = zstd.ZstdDecompressor(self._shared)
        return decompressor

    def _read_dictionary(self) -> bytes:
        """Return the dictionary in the skipped frame that begins the archive, decompressed."""
        size = int.from_bytes(self._piece[4:8], "little")
        if size > _LARGEST_DICTIONARY:
            raise self._fault("corrupt-zstd", f"the dictionary has {size} bytes")
        pieces, missing = [self._piece], 8 + size - len(self._piece)
        while missing > 0:
            if not (more := self._next_piece()):
                raise self._fault("truncated-zstd", "the archive ends within its dictionary")
            pieces.append(more)
            missing -= len(more)
        self._piece = b"".join(pieces)
        dictionary = self._piece[8 : 8 + size]
        if dictionary.startswith(ZSTD_MAGIC):
            dictionary = zstd.ZstdDecompressor().decompress(dictionary, _LARGEST_DICTIONARY)
        return dictionary
