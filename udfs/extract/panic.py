"""Recognise panics of Rust extensions in Python."""

from __future__ import annotations


def is_panic(error: BaseException) -> bool:
    """Return whether an exception is a panic.

    PyO3's PanicException is not a subclass of `Exception` and cannot be imported, so its name is
    compared: KeyboardInterrupt and SystemExit must not be caught with it.
    """
    return type(error).__name__ == "PanicException"
