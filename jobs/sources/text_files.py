"""Read whole files of bounded size as records."""

from __future__ import annotations

from jobs import storage
from jobs.sources.decompress import decompressed
from jobs.sources.faults import STORAGE, TOO_LARGE, Fault


def read_whole(uri: str, max_bytes: int) -> bytes:
    """Return the content of a file, plain or in gzip, bzip2, xz or Zstandard.

    Raises
    ------
    Fault
        The file is damaged or unreadable, or has more than `max_bytes` of content; no more than
        1 MB beyond that is read.
    """
    chunks = []
    size = 0
    try:
        with storage.open_stream(uri) as stream:
            for chunk in decompressed(stream):
                chunks.append(chunk)
                size += len(chunk)
                if size > max_bytes:
                    raise Fault(TOO_LARGE, f"the file has more than {max_bytes} bytes")
    except OSError as error:
        raise Fault(STORAGE, f"{type(error).__name__}: {error}") from error
    return b"".join(chunks)
