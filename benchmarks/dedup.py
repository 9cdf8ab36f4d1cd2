"""What deduplication costs, from the texts to duplicates/, and how it grows with the documents.

Usage: python benchmarks/dedup.py ARCHIVE.warc.gz... [--sizes 16000 128000] [--duplicates 0.05]

The pages of the archives are repeated until there are as many documents as asked for. Into each copy a
word of its own is put after every fourth, so that no two share a 5-gram; a share of the documents is
then repeated with one word changed. Each size runs in a process of its own, in local mode with a JVM of
1 GB: first the fast scheme's signatures by Spark, then `redpajama dedup`. Times are wall-clock times by
the number of cores; memory is the peak of the JVM and of the largest Python worker.
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

from jobs import dedup, tables
from jobs.runtime.arrow import filled
from jobs.runtime.context import Context
from jobs.runtime.session import local_session
from schemas.settings.dedup import DedupConfig
from schemas.tables.annotated import ANNOTATED
from udfs.near_duplicates import minhash_fast

ROWS = 1000  # of a row group
JVM_MEGABYTES = 1024


def texts(words: list[list[str]], count: int, duplicates: float) -> Iterator[str]:
    """As many documents as asked for: copies of the pages with words of their own."""
    distinct = round(count * (1 - duplicates))
    for number in range(count):
        original = number if number < distinct else number - distinct
        page = words[original % len(words)]
        own = [f"w{original:x}n{place:x}" for place in range(len(page) // 4 + 1)]
        mixed = [word for place, word in enumerate(page) for word in _after(page, own, place)]
        if number >= distinct:
            mixed[len(mixed) // 2] = "changed"
        yield " ".join(mixed)


def _after(page: list[str], own: list[str], place: int) -> list[str]:
    return [page[place], own[place // 4]] if place % 4 == 3 else [page[place]]


def write_texts(path: Path, rows: Iterator[str]) -> float:
    """Write id and text, and return the mean length in characters."""
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
    """The largest memory of the JVM and of any Python worker below this process, in megabytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.java = self.worker = 0

    def run(self) -> None:
        """Look ten times a second; the kernel keeps each process's peak."""
        while True:
            found = {}
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    lines = (folder / "status").read_text().splitlines()
                except OSError:  # it has ended
                    continue
                found[int(folder.name)] = dict(line.split(":", 1) for line in lines)
            ours = {os.getpid()}
            for pid in sorted(found):  # children have larger numbers, but for a wrap that is rare
                if int(found[pid]["PPid"]) in ours:
                    ours.add(pid)
                    peak = int(found[pid].get("VmHWM", "0 kB").split()[0]) // 1024
                    if found[pid]["Name"].strip() == "java":
                        self.java = max(self.java, peak)
                    else:
                        self.worker = max(self.worker, peak)
            time.sleep(0.1)


def sign(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows of annotated/ with the fast signatures, without the texts."""
    for batch in batches:
        found = batch.column("text").to_pylist()
        columns = {
            "id": batch.column("id"),
            "signature": minhash_fast.signatures(found),
            "length": [len(text) for text in found],
            "slice": ["common_crawl"] * len(found),
            "bucket": ["all"] * len(found),
        }
        yield filled(ANNOTATED, columns, len(found))


def measure(source: str, root: str, cores: int) -> dict[str, Any]:
    """Seconds of both steps, and the peaks."""
    spark = local_session(cores=cores, megabytes=JVM_MEGABYTES)
    spark.range(10).mapInArrow(lambda batches: batches, "id long").count()
    peaks = Peaks()
    peaks.start()
    begin = time.monotonic()
    rows = spark.read.parquet(source).mapInArrow(sign, ANNOTATED)
    folder = tables.write(rows, root, "annotated", run="bench", job="bench")
    tables.publish(root, "annotated", run="bench", folders=[folder], replacing=None)
    signed = time.monotonic()
    record = dedup.run(Context(root, spark, out=io.StringIO()), DedupConfig(root=root))
    done = time.monotonic()
    return {
        "documents": folder.rows,
        "signatures": round(signed - begin, 1),
        "dedup": round(done - signed, 1),
        "reasons": record.reasons,
        "jvm": peaks.java,
        "worker": peaks.worker,
    }


def main() -> None:
    """Measure each size, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE")
    parser.add_argument("--sizes", nargs="+", type=int, default=[16_000, 128_000], metavar="N")
    parser.add_argument("--duplicates", type=float, default=0.05, metavar="SHARE")
    parser.add_argument("--cores", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(*given.measure, given.cores)))
        return
    words = [text.split() for text in pages(given.archives)]
    print("documents  characters  signatures/s/core  all/s/core  seconds  JVM MB  worker MB  found")
    for size in given.sizes:
        with tempfile.TemporaryDirectory(prefix="redpajama-bench-") as folder:
            mean = write_texts(Path(folder, "texts"), texts(words, size, given.duplicates))
            command = [sys.executable, __file__, *given.archives, "--cores", str(given.cores)]
            command += ["--measure", f"{folder}/texts", f"{folder}/root"]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found = json.loads(done.stdout.splitlines()[-1])
        seconds = found["signatures"] + found["dedup"]
        print(
            f"{size:9,}  {mean:10,.0f}  {size / found['signatures'] / given.cores:17,.0f}  "
            f"{size / seconds / given.cores:10,.0f}  {found['signatures']:.1f}+{found['dedup']:.1f}  "
            f"{found['jvm']:6}  {found['worker']:9}  {found['reasons']}",
            flush=True,
        )


if __name__ == "__main__":
    main()
