"""Measure time and memory of dedup when all documents share one band.

Usage: python benchmarks/shared_band.py [--sizes 125000 1000000]

All documents have exactly one band in common, like pages with the same long boilerplate; each tenth has
a near-duplicate, which shares all bands but one. Each size runs in a separate process, in local mode with
a JVM of 2 GB.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import pyarrow as pa
from dedup import Peaks

from jobs import dedup
from jobs.runtime.arrow import filled
from jobs.runtime.context import Context
from jobs.runtime.session import local_session
from jobs.steps.dedup.bands import bands_of
from jobs.tables.runs import Record
from schemas.settings.dedup import DedupConfig
from schemas.tables.annotated import ANNOTATED
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS

_, ROWS = bands_of(DedupConfig(root=""))
PAIRS = 10  # one document in ten is a near-duplicate of the previous one


def signed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield rows of annotated/ for a batch of numbers: signatures that share the first band."""
    for batch in batches:
        signatures, ids = [], []
        for number in batch.column("id").to_pylist():
            is_copy = number % PAIRS == 1
            draw = np.random.default_rng(number - is_copy)
            signature = draw.integers(0, 2**32, PERMUTATIONS, np.uint32)
            signature[:ROWS] = 7
            if is_copy:
                signature[ROWS : 2 * ROWS] = 8
            signatures.append(signature.astype(">u4").tobytes())
            ids.append(f"common_crawl/{number:08}")
        constant = {"slice": ["common_crawl"] * len(ids), "bucket": ["all"] * len(ids)}
        columns = {"id": ids, "signature": signatures, "length": [1] * len(ids), **constant}
        yield filled(ANNOTATED, columns, len(ids))


def measure(size: int, root: str) -> dict[str, Any]:
    """Return the seconds of dedup and the peaks of memory in MB."""
    spark = local_session(megabytes=2048)
    rows = spark.range(size, numPartitions=8).mapInArrow(signed, ANNOTATED)
    table = Context(root, spark).table("annotated")
    table.publish([table.write(rows, run="bench", job="bench")], run="bench", replacing=None)
    peaks = Peaks()
    peaks.start()
    start = time.monotonic()
    record = dedup.run(Context(root, spark, out=io.StringIO()), DedupConfig(root=root))
    assert isinstance(record, Record)
    return {
        "seconds": round(time.monotonic() - start, 1),
        "jvm": peaks.java,
        "worker": peaks.worker,
        "reasons": record.reasons,
    }


def main() -> None:
    """Measure each size and print a line per size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[125_000, 1_000_000], metavar="N")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(int(options.measure[0]), options.measure[1])))
        return
    print(f"{len(os.sched_getaffinity(0))} cores")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="redpajama-bench-") as folder:
            command = [sys.executable, __file__, "--measure", str(size), f"{folder}/root"]
            process = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        result = json.loads(process.stdout.splitlines()[-1])
        expected = size // PAIRS
        print(f"{size:10,} documents that share a band, {expected:,} pairs: {result}", flush=True)


if __name__ == "__main__":
    main()
