"""A record that exceeds the time limit is stopped in any code and does not affect others."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import slices
from jobs.slices.outcome_batches import Document, Outcome, Quarantined
from jobs.sources.splits import ByteRange
from schemas.settings.ingest import ArxivConfig
from udfs.extract import html, time_limit
from udfs.extract.errors import ExtractionError
from udfs.extract.time_limit import Limited


@pytest.fixture(autouse=True)
def limit() -> Iterator[None]:
    time_limit.set_cpu_seconds(0.1)
    yield
    time_limit.set_cpu_seconds(time_limit.CPU_SECONDS)


def spin(seconds: float) -> None:
    """Use CPU time and catch all exceptions that a library might catch."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        with contextlib.suppress(Exception):
            sum(range(1000))


def test_code_that_takes_too_long_is_stopped() -> None:
    before = time.process_time()
    with pytest.raises(ExtractionError, match=r"more than 0\.1 seconds") as stopped, Limited():
        spin(30)
    assert stopped.value.error == "extraction-timeout"
    assert time.process_time() - before < 5


def test_waiting_does_not_count() -> None:
    with Limited():
        time.sleep(0.3)


def test_the_signal_handler_and_timer_are_restored() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with Limited():
        spin(0.01)
    with pytest.raises(KeyError), Limited():
        raise KeyError
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    spin(0.3)


def test_another_thread_runs_without_a_limit() -> None:
    done: list[bool] = []

    def work() -> None:
        with Limited():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_a_slow_page_is_stopped_in_native_code() -> None:
    with pytest.raises(ExtractionError) as stopped:
        html.extract(b"<div><a>" * 100_000 + b"text")
    assert stopped.value.error == "extraction-timeout"
    time_limit.set_cpu_seconds(10)
    assert html.extract(b"<p>text</p>" * 9000).text.startswith("text")


def test_a_slow_paper_is_quarantined_and_the_next_is_not(tmp_path: Path) -> None:
    head = "\\documentclass{article}\\newcommand{\\a}[1]{#1}\\begin{document}\\section{One}"
    folder = tmp_path / "src"
    folder.mkdir()
    for name, body in (("9901001", "\\a{" * 300_000), ("9901002", "A text.")):
        (folder / f"{name}.tex").write_text(f"{head}{body}\\end{{document}}")
    outcomes: list[Outcome] = []
    for path in sorted(folder.iterdir()):
        size = path.stat().st_size
        byte_range = ByteRange(str(path), size, 0, size)
        outcomes += slices.load("arxiv").outcomes(byte_range, ArxivConfig(root="/"))
    slow, quick = outcomes
    assert isinstance(slow, Quarantined)
    assert slow.error == "extraction-timeout"
    assert isinstance(quick, Document)
