"""Measure the speed of V2's quality signals on one core, and the time of each signal.

Usage: python benchmarks/quality_signals.py ARCHIVE.warc.gz... [--resources DIR] [--limit N]

The texts are the main contents of pages, cut to about 5,800 characters on average, the mean of V2's
documents in the head and middle buckets.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

sys.path.insert(0, str(Path(__file__).parents[1]))

from udfs.quality_signals import SIGNALS, Resources, columns, columns_and_signatures, score
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.resources import NO_RESOURCES


def pages(archives: Sequence[str]) -> Iterator[str]:
    """Yield up to 9,000 characters of the main content of each page that has at least 2,000."""
    for archive in archives:
        with open(archive, "rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                html = record.reader.read()
                decoded = bytes_to_str(html, detect_encoding(html) or "utf-8")
                text = extract_plain_text(decoded, main_content=True)
                if len(text) >= 2000:
                    yield text[:9000]


def seconds(call: Callable[[], object], repeats: int = 5) -> float:
    """Return the least CPU time of `repeats` calls."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def steps(documents: Documents) -> dict[str, float]:
    """Return the seconds that each signal adds to those before it; shared parts come first."""
    times = {}

    def measure(name: str, call: Callable[[], object]) -> None:
        start = time.process_time()
        call()
        times[name] = time.process_time() - start

    texts, languages, domains = documents.texts, documents.languages, documents.domains
    resources = documents.resources
    measure("lines and chunks", lambda: Documents(texts, languages, domains, resources, {}))
    measure("normalised words", lambda: (documents.words, documents.word_chars))
    measure("repeated n-grams", lambda: documents.repeats.of_size(10))
    for name, signal in SIGNALS.items():
        measure(name, partial(signal.function, documents))
    return times


def main() -> None:
    """Measure and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE.warc.gz")
    parser.add_argument("--resources", help="folder of lists and models")
    parser.add_argument("--limit", type=int, default=512, help="pages to measure on")
    options = parser.parse_args()

    texts = [text for text, _ in zip(pages(options.archives), range(options.limit), strict=False)]
    count = len(texts)
    resources = Resources.load(options.resources) if options.resources else NO_RESOURCES
    array, languages, domains = pa.array(texts), ["en"] * count, [None] * count
    print(
        f"{count} texts of {statistics.mean(map(len, texts)):.0f} characters and "
        f"{statistics.mean(len(text.split()) for text in texts):.0f} words"
    )
    batch_time = seconds(lambda: columns(array, languages, domains, resources))
    print(f"{count / batch_time:8.0f} documents per second: all signals of a batch")
    batch_time = seconds(lambda: columns_and_signatures(array, languages, domains, resources))
    print(f"{count / batch_time:8.0f} documents per second: with the MinHash")
    few = texts[:50]
    single_time = seconds(
        lambda: [
            score(text, language="en", source_domain=None, resources=resources) for text in few
        ]
    )
    print(
        f"{len(few) / single_time:8.0f} documents per second: all signals, one document at a time"
    )

    sample = texts[:256]
    runs = [
        steps(Documents(sample, languages[: len(sample)], domains[: len(sample)], resources, {}))
        for _ in range(5)
    ]
    print("\nmicroseconds per document")
    for name in runs[0]:
        least = min(run[name] for run in runs) / len(sample) * 1e6
        if least >= 1:
            print(f"{least:8.1f} {name}")


if __name__ == "__main__":
    main()
