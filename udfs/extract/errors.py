"""What no text can be had of."""

from __future__ import annotations


class ExtractionError(Exception):
    """A record that no text could be had of; `error` is a short name to group by."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(error, message)
        self.error = error
        self.message = message
