"""Uncompressed stream of a gzip file, inflated member by member."""

from __future__ import annotations

from collections.abc import Iterator

# inflates two to three times as fast as zlib, with the same interface
import zlib_ng.zlib_ng as zlib

from jobs.sources.faults import CORRUPT_GZIP, TRUNCATED_GZIP
from jobs.sources.members import CHUNK, HEAD, Compressed

GZIP_MAGIC = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS
_DEFLATE = b"\x08"  # the only compression method of gzip (RFC 1952, section 2.3.1)


class GzipMembers(Compressed):
    """The content of gzip members, one after another."""

    magic = GZIP_MAGIC + _DEFLATE
    starts = (GZIP_MAGIC,)
    name = "gzip"
    trial = HEAD

    def _member(self) -> Iterator[bytes]:
        member = zlib.decompressobj(_GZIP)
        before = None  # state of the member before this piece; None for its first piece
        while True:
            try:
                chunk = member.decompress(self._piece, CHUNK)
            except zlib.error as error:
                yield from self._salvaged(before or zlib.decompressobj(_GZIP))
                raise self._fault(CORRUPT_GZIP, _reason(error)) from error
            if chunk:
                yield chunk
            if member.eof:
                self._piece = member.unused_data
                return
            self._piece = member.unconsumed_tail
            # after a full chunk, the decompressor may hold more output
            if not self._piece and len(chunk) < CHUNK:
                self._piece = self._next_piece()
                if not self._piece:
                    message = f"the archive ends within a gzip member, after {self._read} bytes"
                    raise self._fault(TRUNCATED_GZIP, message)
            before = member.copy()

    def _salvaged(self, member: zlib._Decompress) -> Iterator[bytes]:
        """Yield the content of a member up to the damaged byte of the piece."""
        for position in range(len(self._piece)):
            try:
                chunk = member.decompress(self._piece[position : position + 1])
            except zlib.error:
                return
            if chunk:
                yield chunk

    def _beginning(self, data: bytes) -> bytes:
        try:
            content: bytes = zlib.decompressobj(_GZIP).decompress(data, HEAD)
        except zlib.error:
            return b""
        return content


def _reason(error: Exception) -> str:
    """Return zlib's reason without its error number, such as "incorrect data check"."""
    return str(error).rpartition(": ")[2]
