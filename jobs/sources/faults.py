"""What is wrong with an object, under short names that a quarantine can be grouped by."""

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
TOO_LARGE = "record-too-large"  # of one record: reading goes on behind it


class Fault(Exception):  # noqa: N818
    """Nothing behind this point of an archive can be read.

    Attributes
    ----------
    error
        One of the names above.
    message
        One line for a person.
    position
        Where the damaged piece begins, in bytes of the uncompressed stream: a record that ends
        before it is whole. None where the damage is in a record itself.
    offset
        The same place, in bytes of the archive as stored.
    """

    def __init__(
        self, error: str, message: str, position: int | None = None, offset: int = 0
    ) -> None:
        super().__init__(error, message)
        self.error = error
        self.message = message
        self.position = position
        self.offset = offset
