"""CPU-time limit per record; an expired record is quarantined, its archive continues.

The limit counts CPU time instead of elapsed time, because a record's outcome must not depend on the load
of the machine. It is a setting of the process, which a task sets before it reads records: extraction
happens too deep in the calls to pass it as an argument.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

from udfs.extract.errors import ExtractionError

TIMEOUT = "extraction-timeout"
# an ordinary page of 16 MB takes two seconds
CPU_SECONDS = 10.0

_seconds = CPU_SECONDS


class _ExpiredError(BaseException):
    """Raised at any point of the code within the limit, which may catch every `Exception`."""


def set_cpu_seconds(seconds: float) -> None:
    """Set the CPU-time limit per record in this process."""
    global _seconds
    _seconds = seconds


def cpu_seconds() -> float:
    """Return the CPU-time limit per record in this process."""
    return _seconds


def timeout(seconds: float) -> ExtractionError:
    """Return the error of a record that exceeded a limit."""
    return ExtractionError(TIMEOUT, f"the record took more than {seconds:g} seconds of CPU time")


class Limited:
    """Context manager that limits the CPU time of its body.

    Python code is interrupted; native code is interrupted when it returns to Python. Native code that
    may never return belongs into `udfs.extract.sandbox`. The limit has an effect only in the main
    thread of a process, in which tasks run.

    Raises
    ------
    ExtractionError
        `extraction-timeout`: the body exceeded the limit.
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
