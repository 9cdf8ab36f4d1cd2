"""Measure the search for all near pairs of SimHashes as their number grows.

Usage: python benchmarks/hamming.py [--numbers 20000 80000]

The hashes have even bits, biased bits, or only 24 free bits. Times are CPU times of one task.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from udfs.near_duplicates import hamming
from udfs.near_duplicates.simhash import NEAR
from udfs.near_duplicates.spanning_forest import forest


def make(kind: str, count: int) -> hamming.Numbers:
    """Return distinct numbers with even bits, biased bits, or 24 free bits."""
    random = np.random.default_rng(1)
    if kind == "biased":
        bits = random.random((count, 64)) < random.beta(0.6, 0.6, 64)
        return np.unique(np.packbits(bits, axis=1).view(np.uint64).ravel())
    numbers = random.integers(0, 2**64, count, dtype=np.uint64)
    return np.unique(numbers & np.uint64(0x4949_4949_4949_4949) if kind == "few bits" else numbers)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--numbers", type=int, nargs="+", default=[20_000, 80_000])
    options = parser.parse_args()
    forest(2, hamming.pairs(make("even", 2), NEAR))
    for kind in ("even", "biased", "few bits"):
        for count in options.numbers:
            numbers = make(kind, count)
            start = time.process_time()
            edges = len(forest(len(numbers), hamming.pairs(numbers, NEAR))[0])
            seconds = time.process_time() - start
            print(
                f"{kind:9} {len(numbers):9,} numbers {seconds:8.2f} s {edges:9,} edges", flush=True
            )


if __name__ == "__main__":
    main()
