"""Measure time and memory of deduplication, from texts to duplicates/, as the documents grow.

Usage: python benchmarks/dedup.py ARCHIVE.warc.gz... [--sizes 16000 128000] [--duplicates 0.05]
                                                     [--text-dedup PYTHON]

The pages of the archives are repeated up to the number of documents. Each copy gets a word of its own
after every fourth word, so that no two copies share a 5-gram; a share of the documents is then repeated
with one word changed. Each size runs in a separate process, in local mode with a JVM of 1 GB: first the
fast scheme's signatures in Spark, then `redpajama dedup`. Times are wall-clock times by the number of
cores; memory is the peak of the JVM and of the largest Python worker. With `--text-dedup`, the same texts
are then deduplicated by the MinHash of text-dedup 0.4, which that Python has installed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import pyarrow as pa
import pyarrow.parquet as pq
from annotate import pages

from jobs import dedup
from jobs.runtime.arrow import filled
from jobs.runtime.context import Context
from jobs.runtime.session import local_session
from jobs.tables.runs import Record
from schemas.settings.dedup import DedupConfig
from schemas.tables.annotated import ANNOTATED
from udfs.near_duplicates import minhash_fast

ROWS = 1000  # per row group
JVM_MEGABYTES = 1024


def texts(words: list[list[str]], count: int, duplicates: float) -> Iterator[str]:
    """Yield `count` documents: copies of the pages, each with distinct words in between."""
    distinct = round(count * (1 - duplicates))
    for number in range(count):
        original = number if number < distinct else number - distinct
        page = words[original % len(words)]
        mixed = []
        for index, word in enumerate(page):
            mixed.append(word)
            if index % 4 == 3:
                mixed.append(f"w{original:x}n{index // 4:x}")
        if number >= distinct:
            mixed[len(mixed) // 2] = "changed"
        yield " ".join(mixed)


def write_texts(path: Path, rows: Iterator[str]) -> float:
    """Write ids and texts; return the mean length of a text in characters."""
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    total = number = 0
    path.mkdir(parents=True)
    batch: list[tuple[str, str]] = []
    writers = [pq.ParquetWriter(path / f"{part}.parquet", schema) for part in range(8)]

    def flush() -> None:
        ids, values = zip(*batch, strict=True)
        writer = writers[number // ROWS % len(writers)]
        writer.write_table(pa.table({"id": list(ids), "text": list(values)}, schema=schema))
        batch.clear()

    for text in rows:
        batch.append((f"common_crawl/{number:08}", text))
        total += len(text)
        number += 1
        if len(batch) == ROWS:
            flush()
    if batch:
        flush()
    for writer in writers:
        writer.close()
    return total / number


class Peaks(threading.Thread):
    """Records the peak memory of the JVM and of any Python worker below this process, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.java = self.worker = 0

    def run(self) -> None:
        """Read the peaks that the kernel keeps per process, ten times per second."""
        while True:
            statuses = {}
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    lines = (folder / "status").read_text().splitlines()
                except OSError:  # the process has ended
                    continue
                statuses[int(folder.name)] = dict(line.split(":", 1) for line in lines)
            ours = {os.getpid()}
            for pid, status in sorted(
                statuses.items()
            ):  # children have larger ids, with rare wraps
                if int(status["PPid"]) in ours:
                    ours.add(pid)
                    peak = int(status.get("VmHWM", "0 kB").split()[0]) // 1024
                    if status["Name"].strip() == "java":
                        self.java = max(self.java, peak)
                    else:
                        self.worker = max(self.worker, peak)
            time.sleep(0.1)


def sign(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield rows of annotated/ with the fast signatures and without the texts."""
    for batch in batches:
        values = batch.column("text").to_pylist()
        columns = {
            "id": batch.column("id"),
            "text": batch.column("text"),
            "signature": minhash_fast.signatures(values),
            "length": [len(text) for text in values],
            "slice": ["common_crawl"] * len(values),
            "bucket": ["all"] * len(values),
        }
        yield filled(ANNOTATED, columns, len(values))


def measure(source: str, root: str, cores: int) -> dict[str, Any]:
    """Return the seconds of both steps and the peaks of memory."""
    spark = local_session(cores=cores, megabytes=JVM_MEGABYTES)
    spark.range(10).mapInArrow(lambda batches: batches, "id long").count()
    peaks = Peaks()
    peaks.start()
    start = time.monotonic()
    rows = spark.read.parquet(source).mapInArrow(sign, ANNOTATED)
    table = Context(root, spark).table("annotated")
    folder = table.write(rows, run="bench", job="bench")
    table.publish([folder], run="bench", replacing=None)
    signed = time.monotonic()
    record = dedup.run(Context(root, spark, out=io.StringIO()), DedupConfig(root=root))
    assert isinstance(record, Record)
    end = time.monotonic()
    return {
        "documents": folder.rows,
        "signatures": round(signed - start, 1),
        "dedup": round(end - signed, 1),
        "reasons": record.reasons,
        "jvm": peaks.java,
        "worker": peaks.worker,
    }


def by_text_dedup(python: str, folder: str) -> float:
    """Return the seconds that text-dedup takes from the same texts to its output."""
    command = [python, "-m", "text_dedup.minhash", "--path", "parquet", "--split", "train"]
    command += ["--data_files", f"{folder}/texts/*.parquet", "--cache_dir", f"{folder}/cache"]
    command += ["--output", f"{folder}/output", "--column", "text", "--ngram", "5"]
    command += ["--num_perm", "128", "--threshold", "0.8", "--batch_size", "10000"]
    start = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - start


def main() -> None:
    """Measure each size and print a line per size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE")
    parser.add_argument("--sizes", nargs="+", type=int, default=[16_000, 128_000], metavar="N")
    parser.add_argument("--duplicates", type=float, default=0.05, metavar="SHARE")
    parser.add_argument("--cores", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--text-dedup", metavar="PYTHON")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    cores = options.cores
    if options.measure:
        source, root = options.measure
        print(json.dumps(measure(source, root, cores)))
        return
    words = [text.split() for text in pages(options.archives)]
    print(
        "documents  characters  signatures/s/core  all/s/core  seconds  JVM MB  worker MB  reasons"
    )
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="redpajama-bench-") as folder:
            mean = write_texts(Path(folder, "texts"), texts(words, size, options.duplicates))
            command = [sys.executable, __file__, *options.archives, "--cores", str(cores)]
            command += ["--measure", f"{folder}/texts", f"{folder}/root"]
            process = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            peer = by_text_dedup(options.text_dedup, folder) if options.text_dedup else None
        result = json.loads(process.stdout.splitlines()[-1])
        seconds = result["signatures"] + result["dedup"]
        print(
            f"{size:9,}  {mean:10,.0f}  {size / result['signatures'] / cores:17,.0f}  "
            f"{size / seconds / cores:10,.0f}  {result['signatures']:.1f}+{result['dedup']:.1f}  "
            f"{result['jvm']:6}  {result['worker']:9}  {result['reasons']}",
            flush=True,
        )
        if peer is not None:
            print(f"text-dedup {peer:.1f} s, {peer / seconds:.1f} times as long", flush=True)


if __name__ == "__main__":
    main()
