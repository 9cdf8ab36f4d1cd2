"""What a slice's outcomes cost beside the bare library calls that it is built on, one core each.

Usage: python benchmarks/slices.py SLICE DUMP... [--rounds 5]

Both run in turn, in this process, and what counts is processor time. The slice's side is all that
ingest does in Python: reading, parsing, extracting, names and metadata, Arrow batches.
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
from jobs.slices.slice import batches, collect_seldom, load
from schemas.settings.ingest import INGEST


def ours(name: str, paths: Sequence[Path]) -> Callable[[], int]:
    """Return what reads some dumps and returns the characters of their documents.

    Finding the inputs is the driver's, once a job, and is done before.
    """
    slice_ = load(name)
    config = INGEST[name](root="", input=tuple(map(str, paths)))
    objects, _ = slice_.chosen(storage.expand(config.input), config)
    splits = slice_.splits(objects, config)

    def read() -> int:
        found = (
            outcome
            for split in splits
            for byte_range in split.ranges
            for outcome in slice_.outcomes(byte_range, config)
        )
        return sum(
            sum(length or 0 for length in batch.column("length").to_pylist())
            for batch in batches(found, name, "local")
        )

    return read


def seconds(work: Callable[[], int]) -> tuple[float, int]:
    """Return the processor time that some work takes, child processes included, and its outcome."""
    before = _used()
    outcome = work()
    return _used() - before, outcome


def _used() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, kinds))


def main() -> None:
    """Run both in turn and print the ratio of each round, and the median."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("slice", choices=sorted(INGEST))
    parser.add_argument("dumps", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    bare = importlib.import_module(f"bare.{given.slice}").bare
    read = ours(given.slice, given.dumps)
    ratios = []
    for round_ in range(given.rounds + 1):
        least, characters = seconds(lambda: bare(given.dumps))
        all_, made = seconds(read)
        collect_seldom()  # as ingest's tasks do
        if round_:  # the first warms both up
            ratios.append(least / all_)
            print(
                f"bare {least:.2f} s, {characters:,} characters; "
                f"{given.slice} {all_:.2f} s, {made:,} characters: {least / all_:.3f}"
            )
    print(f"{given.slice}: {statistics.median(ratios):.3f} of the bare calls' speed")


if __name__ == "__main__":
    main()
