"""Compare the cost of a slice's outcomes with bare calls of the libraries that it uses, on one core.

Usage: python benchmarks/slice_outcomes.py SLICE DUMP... [--rounds 5]

Both run in turn in this process; times are CPU times. The slice's side is all of ingest's Python code:
reading, parsing, extraction, ids, metadata and Arrow batches.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from jobs import storage
from jobs.slices import load
from jobs.slices.reader import batches, collect_seldom
from schemas.settings.slices import SLICES


def ours(name: str, paths: Sequence[Path]) -> Callable[[], int]:
    """Return a function that reads dumps and returns the number of characters of their documents.

    The inputs are listed beforehand, as the driver does once per job.
    """
    slice_ = load(name)
    config = load(name).config(root="", input=tuple(map(str, paths)))
    objects, _ = slice_.chosen(storage.expand(config.input), config)
    splits = slice_.splits(objects, config)

    def read() -> int:
        outcomes = (
            outcome
            for split in splits
            for byte_range in split.ranges
            for outcome in slice_.outcomes(byte_range, config)
        )
        return sum(
            sum(length or 0 for length in batch.column("length").to_pylist())
            for batch in batches(outcomes, name, "local")
        )

    return read


def seconds(work: Callable[[], int]) -> tuple[float, int]:
    """Return the CPU time of a call, child processes included, and its result."""
    before = _cpu_time()
    result = work()
    return _cpu_time() - before, result


def _cpu_time() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, kinds))


def main() -> None:
    """Run both in turn; print the ratio of each round and the median."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("slice", choices=sorted(SLICES))
    parser.add_argument("dumps", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    bare = importlib.import_module(f"bare.{options.slice}").bare
    read = ours(options.slice, options.dumps)
    ratios = []
    for round_ in range(options.rounds + 1):
        bare_time, bare_characters = seconds(lambda: bare(options.dumps))
        own_time, own_characters = seconds(read)
        collect_seldom()  # as ingest's tasks do
        if round_:  # the first round warms both up
            ratios.append(bare_time / own_time)
            print(
                f"bare {bare_time:.2f} s, {bare_characters:,} characters; {options.slice} "
                f"{own_time:.2f} s, {own_characters:,} characters: {ratios[-1]:.3f}"
            )
    print(f"{options.slice}: {statistics.median(ratios):.3f} of the bare calls' speed")


if __name__ == "__main__":
    main()
