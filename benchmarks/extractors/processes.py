"""Run extractors over the same pages by turns, each in a process of its own, and time them."""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from extractors.calls import EXTRACTORS, Extract

# so many pages in a row before the next extractor has its turn: few enough that a slow minute of
# the machine meets all of them, many enough that the processor's caches are an extractor's own
_TURN = 16
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_WARM_UP = b"<html><body><p>A sentence of some words, so that modules are loaded.</p></body></html>"


@dataclass
class Run:
    """The results of an extractor on the pages.

    Attributes
    ----------
    texts
        The text of each page, of the first round; empty where it raised an exception.
    rounds
        The processor time of each turn, in seconds, of each round; empty if it was not measured.
    failures
        The exceptions, by the number of the page.
    """

    texts: list[str] = field(default_factory=list)
    rounds: list[list[float]] = field(default_factory=list)
    failures: dict[int, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """The sum of each turn's median over the rounds."""
        return math.fsum(statistics.median(times) for times in zip(*self.rounds, strict=True))


def run(names: Sequence[str], pages: Sequence[bytes], rounds: int) -> dict[str, Run]:
    """Run extractors over pages; only one of them works at a time.

    Raises
    ------
    RuntimeError
        The process of an extractor ended.
    """
    for variable in _THREADS:
        os.environ[variable] = "1"
    runs = {name: Run() for name in names}
    workers = [_Worker(name) for name in names]
    try:
        for number in range(rounds):
            for worker in workers:
                worker.connection.send(None)
                runs[worker.name].rounds.append([])
            for first in range(0, len(pages), _TURN):
                for worker in workers:
                    results, seconds = worker.extract(pages[first : first + _TURN])
                    _add(runs[worker.name], results, seconds)
                _report(f"round {number + 1} of {rounds}, {first} of {len(pages)} pages")
        _report("")
    finally:
        for worker in workers:
            worker.connection.close()
        for worker in workers:
            worker.process.join()
    return runs


class _Worker:
    """The process of an extractor."""

    def __init__(self, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.name = name
        self.connection, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(name, other))
        self.process.start()
        other.close()

    def extract(self, pages: Sequence[bytes]) -> tuple[list[tuple[str, str]], float]:
        """Return text and exception of each page, and the processor time of all, in seconds."""
        try:
            self.connection.send(pages)
            results, seconds = self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            code = self.process.exitcode
            raise RuntimeError(f"the process of {self.name} ended with code {code}") from None
        return results, seconds


def _report(progress: str) -> None:
    """Show on a terminal how far the rounds are."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


def _add(run: Run, results: list[tuple[str, str]], seconds: float) -> None:
    run.rounds[-1].append(seconds)
    if len(run.rounds) == 1:
        for text, failure in results:
            if failure:
                run.failures[len(run.texts)] = failure
            run.texts.append(text)


def _serve(name: str, connection: Connection) -> None:
    """Extract pages until the connection is closed; None starts a round."""
    extract: Extract | None = None
    for pages in _requests(connection):
        if pages is None or extract is None:
            extract = EXTRACTORS[name].start()
            extract(_WARM_UP)
        else:
            before = processor_time()
            results = [_try(extract, page) for page in pages]
            connection.send((results, processor_time() - before))


def _requests(connection: Connection) -> Iterator[list[bytes] | None]:
    while True:
        try:
            yield connection.recv()
        except EOFError:
            return


def _try(extract: Extract, page: bytes) -> tuple[str, str]:
    """Return the text of a page and the exception that was raised, if one was."""
    try:
        return extract(page), ""
    except Exception as error:  # noqa: BLE001  # a peer may raise anything; it is counted
        return "", f"{type(error).__name__}: {error}"


def processor_time() -> float:
    """Return the processor time of this process and those that it started, in seconds."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + sum(map(_clock, _children())) + ended.ru_utime + ended.ru_stime


def _children() -> Iterator[int]:
    """Yield the ids of the processes that this one started and that run."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except (FileNotFoundError, ProcessLookupError):  # the process has ended
                continue
            if int(parent) == os.getpid():
                yield int(entry.name)


def _clock(process: int) -> float:
    """Return the processor time of another process, in seconds."""
    try:
        # the clock of a process, as clock_getcpuclockid(3) makes its number on Linux
        return time.clock_gettime((~process << 3) | 2)
    except OSError:  # it has ended
        return 0.0
