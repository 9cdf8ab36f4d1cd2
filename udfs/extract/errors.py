"""Errors raised when text cannot be extracted."""

from __future__ import annotations


class ExtractionError(Exception):
    """No text can be extracted from a record.

    Parameters
    ----------
    error
        The kind of error, a short name to group by, as in the column `error` of quarantine/.
    message
        The cause in one line.
    """

    def __init__(self, error: str, message: str) -> None:
        super().__init__(error, message)
        self.error = error
        self.message = message
