"""What one record may take, in processor time: one that takes longer costs itself, not its archive.

Of processor time, not of the clock: what comes of a record must not depend on how busy a machine is.
The limit is the process's, which a task sets before it reads: extraction happens deep within libraries.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

from udfs.extract.errors import ExtractionError

TIMEOUT = "extraction-timeout"
# a page of 16 MB without malice takes two seconds
CPU_SECONDS = 10.0

_seconds = CPU_SECONDS


class _ExpiredError(BaseException):
    """Raised in the midst of any code, which may catch what is only an `Exception`."""


def set_cpu_seconds(seconds: float) -> None:
    """Set what a record may take from now on, in this process."""
    global _seconds
    _seconds = seconds


def cpu_seconds() -> float:
    """Return what a record may take."""
    return _seconds


def timeout(seconds: float) -> ExtractionError:
    """Return the error of a record that took longer."""
    return ExtractionError(TIMEOUT, f"the record took more than {seconds:g} seconds")


class Limited:
    """`with Limited():` ends what is within when it takes too long.

    It stops Python code, and native code when that returns; what may never return is for
    `udfs.extract.sandbox`. Only a process's main thread, where a task runs, can be stopped.

    Raises
    ------
    ExtractionError
        `extraction-timeout`.
    """

    def __enter__(self) -> None:
        self._armed = threading.current_thread() is threading.main_thread()
        self._seconds = _seconds
        if self._armed:
            self._before = signal.signal(signal.SIGPROF, self._expire)
            signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._armed:
            self._armed = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._before)
        if isinstance(error, _ExpiredError):
            raise timeout(self._seconds) from None

    def _expire(self, number: int, frame: FrameType | None) -> None:
        if self._armed:
            raise _ExpiredError
