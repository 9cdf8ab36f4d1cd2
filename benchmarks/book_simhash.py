"""Compare the speed of the SimHash of books with that of the library which V1 uses, on one core.

Usage: python benchmarks/book_simhash.py [BOOK.txt...] [--rounds 3]

Without files, the text consists of random words with the frequencies of natural language.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from simhash import Simhash

sys.path.insert(0, str(Path(__file__).parents[1]))

from udfs.extract import book
from udfs.near_duplicates.simhash import features, simhash


def by_library(text: str) -> int:
    """Return the SimHash as V1 computes it."""
    value: int = Simhash(features(text)).value
    return value


def make_text(words: int = 120_000) -> str:
    """Return a text whose word frequencies follow Zipf's law."""
    random = np.random.default_rng(0)
    letters = np.array(list("etaoinshrdlucmfwygpbvkxqjz"))
    ranks = np.minimum(random.zipf(1.1, 30_000 * 6) - 1, len(letters) - 1)
    vocabulary = ["".join(word) for word in letters[ranks].reshape(-1, 6).tolist()]
    return " ".join(vocabulary[rank] for rank in random.zipf(1.3, words) % len(vocabulary))


def seconds(call: Callable[[str], int], text: str) -> tuple[float, int]:
    """Return the CPU time of a call and its result."""
    start = time.process_time()
    value = call(text)
    return time.process_time() - start, value


def main() -> None:
    """Measure both in turn and print their speeds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("books", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    texts = {path.name: book.from_bytes(path.read_bytes()).text for path in options.books}
    for name, text in (texts or {"random": make_text()}).items():
        simhash(text[:1000])
        for _ in range(options.rounds):
            ours, value = seconds(simhash, text)
            theirs, expected = seconds(by_library, text)
            assert value == expected
            print(
                f"{name}: {len(text):,} characters, {len(text) / ours / 1e6:.2f} million per second; "
                f"the library {len(text) / theirs / 1e6:.2f}: {theirs / ours:.1f} times"
            )


if __name__ == "__main__":
    main()
