"""Open an archive in any of its compressions, which its first bytes tell."""

from __future__ import annotations

from jobs.sources.decompress import ZSTD_MAGIC
from jobs.sources.frames import DICTIONARY_MAGIC, LZ4_MAGIC, Lz4Frames, ZstdFrames
from jobs.sources.inflate import GZIP_MAGIC, GzipMembers
from jobs.sources.members import Members, Plain, Readable, read_piece


def open_members(stream: Readable, dictionary: bytes = b"") -> Members:
    """Return the members of an archive in gzip, Zstandard or LZ4, or of one without compression.

    Parameters
    ----------
    stream
        The archive, from its beginning or from that of a member.
    dictionary
        Dictionary of Zstandard frames, for a stream that begins after it.

    Raises
    ------
    Fault
        The storage fails, or the dictionary of Zstandard frames is damaged.
    """
    piece = read_piece(stream)
    if piece.startswith((ZSTD_MAGIC, DICTIONARY_MAGIC)):
        return ZstdFrames(stream, piece, dictionary)
    if piece.startswith(GZIP_MAGIC):
        return GzipMembers(stream, piece)
    if piece.startswith(LZ4_MAGIC):
        return Lz4Frames(stream, piece)
    return Plain(stream, piece)


def read_dictionary(stream: Readable) -> bytes:
    """Return the dictionary at the beginning of an archive in Zstandard; empty if it has none."""
    members = open_members(stream)
    return members.dictionary if isinstance(members, ZstdFrames) else b""
