"""Faults of objects, and the short error names by which quarantine rows are grouped."""

from __future__ import annotations

EMPTY = "empty-object"
NOT_AN_ARCHIVE = "not-an-archive"
TRUNCATED_GZIP = "truncated-gzip"
CORRUPT_GZIP = "corrupt-gzip"
TRUNCATED_RECORD = "truncated-record"
BAD_HEADER = "bad-record-header"
BAD_LENGTH = "bad-record-length"
STORAGE = "storage-error"
PANIC = "reader-panic"
NOT_UTF8 = "not-utf8"
TOO_LARGE = "record-too-large"


class Fault(Exception):  # noqa: N818
    """An object, or a record of it, cannot be read.

    Attributes
    ----------
    error
        One of the names above.
    message
        One line for the user.
    position
        Start of the damaged part, in bytes of the uncompressed stream; records that end before it
        are whole. None if the damage is within a record.
    offset
        The same start, in bytes of the object as stored.
    """

    def __init__(
        self, error: str, message: str, position: int | None = None, offset: int = 0
    ) -> None:
        super().__init__(error, message)
        self.error = error
        self.message = message
        self.position = position
        self.offset = offset
