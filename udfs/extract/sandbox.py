"""Run an extractor in a helper process with limits of time and memory.

The parsing libraries are native code: Python cannot interrupt them, and a crash ends the process. A page
that takes too long, or crashes the library, ends only the helper, and the next page starts a new one.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import struct
import subprocess
import sys
from typing import IO

from udfs.extract import time_limit
from udfs.extract.errors import ExtractionError

MEMORY_BYTES = 1000 << 20  # of address space; 16 million characters of prose take 800 MB
_PAGE = struct.Struct("<q?")  # size in bytes, and whether they are a string's in UTF-8
_SIZES = struct.Struct("<qq")  # of title and text, in bytes of UTF-8
_NO_TITLE = -1
_FAILED = -2  # the text is the kind of error, a blank and the message
_CODE = """\
import sys; sys.path[:] = {path}
from udfs.extract.sandbox import serve; serve({extractor}, {seconds})
"""


class Helper:
    """A helper process that extracts one page at a time; the first page starts it.

    Parameters
    ----------
    extractor
        `module:function`. The function takes a page, a string or bytes as `extract` was given, and
        returns its title (or None) and text, or raises ExtractionError.
    cpu_seconds
        CPU-time limit per page; by default `time_limit.cpu_seconds()`.
    """

    def __init__(self, extractor: str, cpu_seconds: float | None = None) -> None:
        self._extractor = extractor
        self._fixed_limit = cpu_seconds
        self._cpu_seconds = 0.0  # the limit of the running process
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0  # id of the process that started it

    def extract(self, page: str | bytes) -> tuple[str | None, str]:
        """Return the title and text of a page.

        Raises
        ------
        ExtractionError
            `extraction-timeout`: the page exceeded the CPU-time limit. `extraction-crash`: the
            process ended. Errors that the extractor raised are raised here.
        """
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        is_text = isinstance(page, str)
        data = page.encode("utf-8", "replace") if isinstance(page, str) else page
        try:
            process.stdin.write(_PAGE.pack(len(data), is_text) + data)
            process.stdin.flush()
            title_size, text_size = _SIZES.unpack(_read(process.stdout, _SIZES.size))
            title = _read(process.stdout, max(0, title_size)).decode()
            text = _read(process.stdout, text_size).decode()
        except (OSError, EOFError):
            raise self._error_of_ended(process) from None
        if title_size == _FAILED:
            error, _, message = text.partition(" ")
            raise ExtractionError(error, message)
        return (None if title_size == _NO_TITLE else title), text

    def close(self) -> None:
        """End the helper process if it runs."""
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.communicate()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the helper process, started if necessary, with the current time limit."""
        seconds = time_limit.cpu_seconds() if self._fixed_limit is None else self._fixed_limit
        if seconds != self._cpu_seconds:
            self.close()
            self._cpu_seconds = seconds
        # after a fork the pipes belong to the parent process
        if self._process is None or self._owner != os.getpid():
            code = _CODE.format(
                path=json.dumps(sys.path),
                extractor=json.dumps(self._extractor),
                seconds=self._cpu_seconds,
            )
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # numpy's linear algebra takes address space for each thread
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )
            self._owner = os.getpid()
        return self._process

    def _error_of_ended(self, process: subprocess.Popen[bytes]) -> ExtractionError:
        """Return the error of the page on which the process ended."""
        with contextlib.suppress(OSError):
            process.communicate()  # closes the pipes
        self._process = None
        if process.returncode == -signal.SIGPROF:
            return time_limit.timeout(self._cpu_seconds)
        message = f"the extractor ended with code {process.returncode}"
        return ExtractionError("extraction-crash", message)


def serve(extractor: str, cpu_seconds: float) -> None:
    """Extract pages from standard input to standard output until the input ends.

    SIGPROF ends the process if a page takes longer than `cpu_seconds`; the library aborts if memory
    exceeds `MEMORY_BYTES`.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    module, _, function = extractor.partition(":")
    extract = getattr(importlib.import_module(module), function)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(_PAGE.size):
        size, is_text = _PAGE.unpack(head)
        data = _read(source, size)
        page = data.decode() if is_text else data
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        try:
            title, text = extract(page)
            first, second = (title or "").encode(), text.encode()
            sizes = (_NO_TITLE if title is None else len(first), len(second))
        except ExtractionError as error:
            first, second = b"", f"{error.error} {error.message}".encode()
            sizes = (_FAILED, len(second))
        signal.setitimer(signal.ITIMER_PROF, 0)
        sink.write(_SIZES.pack(*sizes) + first + second)
        sink.flush()


def _read(stream: IO[bytes], size: int) -> bytes:
    """Return exactly `size` bytes; raise EOFError if the stream ends before."""
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
