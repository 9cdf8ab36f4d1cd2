"""Ctrl-C while Python waits for Spark: py4j logs tracebacks, which the command line replaces by one line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

# what py4j.java_gateway logs of an interrupted call
_OF_PY4J = ("Exception while sending command.", "KeyboardInterrupt while sending command.")


@contextmanager
def without_tracebacks() -> Iterator[None]:
    """Drop what py4j logs of interrupted calls, until the block ends."""
    logger = logging.getLogger()
    logger.addFilter(_is_others)
    try:
        yield
    finally:
        logger.removeFilter(_is_others)


def _is_others(record: logging.LogRecord) -> bool:
    return record.msg not in _OF_PY4J


def is_interrupt(error: BaseException) -> bool:
    """Return whether Ctrl-C caused an error, of Python or of a library that was waiting for Spark."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
