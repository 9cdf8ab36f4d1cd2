"""Ctrl-C and SIGTERM, also while Python waits for Spark: one line and an exit code, no tracebacks."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# what py4j.java_gateway logs of an interrupted call
_OF_PY4J = ("Exception while sending command.", "KeyboardInterrupt while sending command.")


class Termination:
    """Return whether SIGTERM has arrived, as systemd, Kubernetes and batch systems send it."""

    arrived = False

    @property
    def exit_code(self) -> int:
        """The exit code of a stopped command: 128 and the number of the signal."""
        return 128 + (signal.SIGTERM if self.arrived else signal.SIGINT)

    def _arrive(self, number: int, frame: FrameType | None) -> None:
        self.arrived = True
        signal.signal(number, signal.SIG_DFL)  # a second one ends the process at once
        raise KeyboardInterrupt


@contextmanager
def termination() -> Iterator[Termination]:
    """Let SIGTERM stop a command as Ctrl-C does, until the block ends.

    A thread other than the main one cannot receive signals, and leaves SIGTERM as it is.
    """
    stop = Termination()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGTERM, stop._arrive)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)


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
    """Return whether Ctrl-C or SIGTERM caused an error, also one of a library that waited for Spark."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
