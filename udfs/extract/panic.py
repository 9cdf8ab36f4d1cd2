"""How a panic in a Rust extension arrives in Python."""

from __future__ import annotations


def is_panic(error: BaseException) -> bool:
    """Whether an exception is a panic.

    It is no `Exception`, so that it must be told from KeyboardInterrupt and its like by its name.
    """
    return type(error).__name__ == "PanicException"
