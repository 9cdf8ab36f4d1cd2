"""Measure what `redpajama passages` takes as the documents grow, and whether it finds what is planted.

Usage: python benchmarks/passages.py [--sizes 16000 128000] [--words 400] [--planted 0.01]

The documents are words drawn from 30,000 by Zipf's law. A paragraph of 120 words is planted in a share of
them, one of 60 words in all, and half of a tenth of them is copied from the document before, so that some
passages are long, one is in very many documents, and most text is unique. Each size runs in a separate
process, in local mode; the figures are processor time of the job in the JVM and all Python workers,
without the session's start, and megabytes of text a second of processor time.
"""

from __future__ import annotations

import argparse
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

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobs import passages
from jobs.runtime.arrow import filled
from jobs.runtime.context import Context
from jobs.runtime.session import local_session
from schemas.settings.passages import PassagesConfig
from schemas.tables import TABLES

ROWS = 2000  # in a file
WORDS = 30_000
PLANTED, EVERYWHERE = 120, 60  # words


def texts(count: int, words: int, planted: float) -> Iterator[tuple[str, range | None]]:
    """Yield documents, and where the paragraph is planted in each."""
    choose = np.random.default_rng(7)
    letters = "etaoinshrdlucmfwgypbvk"
    vocabulary = [
        "".join(letters[i] for i in choose.integers(0, len(letters), size))
        for size in choose.integers(2, 11, WORDS)
    ]
    weights = 1 / np.arange(1, WORDS + 1)
    cumulated = np.cumsum(weights / weights.sum())

    def prose(n: int) -> list[str]:
        places = np.searchsorted(cumulated, choose.random(n)).clip(max=WORDS - 1)
        return [vocabulary[i] for i in places.tolist()]

    paragraph, footer = prose(PLANTED), prose(EVERYWHERE)
    every, before = round(1 / planted), prose(words)
    for number in range(count):
        own = prose(words)
        if number % 10 == 9:
            own[: words // 2] = before[words // 2 :]
        before = own
        is_planted = number % every == every // 2
        place = number % words
        parts = [*own[:place], *(paragraph if is_planted else ()), *own[place:], *footer]
        start = sum(len(word) + 1 for word in own[:place])
        span = range(start, start + len(" ".join(paragraph)))
        yield " ".join(parts), span if is_planted else None


def fill(root: Path, count: int, words: int, planted: float) -> tuple[int, dict[str, range]]:
    """Write annotated/, empty duplicates/ and copies/; return the size of texts and the planted documents."""
    context = Context(str(root))
    total, places = 0, dict[str, range]()
    folder = root / "annotated" / "made" / "slice=c4"
    folder.mkdir(parents=True)
    schema = TABLES["annotated"].schema
    batch: list[str] = []
    for number, (text, place) in enumerate(texts(count, words, planted)):
        batch.append(text)
        total += len(text)
        if place is not None:
            places[f"c4/{number:08}"] = place
        if len(batch) == ROWS or number == count - 1:
            ids = [f"c4/{number - len(batch) + 1 + i:08}" for i in range(len(batch))]
            columns = {
                "id": ids,
                "text": batch,
                "bucket": ["all"] * len(batch),
                "length": [len(text) for text in batch],
            }
            rows = pa.Table.from_batches([filled(schema, columns, len(batch))])
            pq.write_table(rows.drop_columns(["slice"]), folder / f"{number:08}.parquet")
            batch = []
    publish(context, "annotated", "made")
    for table in ("copies", "duplicates"):
        empty = root / table / "made"
        empty.mkdir(parents=True)
        rows = filled(TABLES[table].schema, {}, 0)
        pq.write_table(pa.Table.from_batches([rows]), empty / "0.parquet")
        publish(context, table, "made")
    return total, places


def publish(context: Context, name: str, run: str) -> None:
    """Publish what is in the folder of a run as the table."""
    from jobs.tables.manifest import Folder

    table = context.table(name)
    folder = table.with_files(Folder(run, run, "benchmark", {}))
    table.publish([folder], run=run, replacing=None, inputs=[{"annotated": "made"}])


def measure(root: Path) -> dict[str, Any]:
    """Run the job on a root; return its seconds and what it found."""
    spark = local_session()
    started, before = time.monotonic(), processor_seconds()
    record = passages.run(Context(str(root), spark), PassagesConfig(root=str(root), overwrite=True))
    seconds, processor = time.monotonic() - started, processor_seconds() - before
    rows = Context(str(root), spark).table("passages").read()
    lengths = rows.select("id", "keeper_id", "length", "documents").toArrow().to_pylist()
    spark.stop()
    common = max(row["documents"] for row in lengths)
    return {
        "seconds": seconds,
        "processor": processor,
        "passages": record.details["passages"],
        "most_documents": common,
    }


def processor_seconds() -> float:
    """Return the processor time of this process and of all that it has started."""
    fields, children = {}, dict[int, list[int]]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        pid = int(stat.parent.name)
        fields[pid] = sum(map(int, values[11:15])) / os.sysconf("SC_CLK_TCK")
        children.setdefault(int(values[1]), []).append(pid)
    processes = [os.getpid()]
    for pid in processes:
        processes += children.get(pid, [])
    return sum(fields[pid] for pid in processes)


def found(root: Path, planted: dict[str, range]) -> int:
    """Return in how many documents all of the planted paragraph was found."""
    table = Context(str(root)).table("passages")
    files = [table.uri(file.path) for file in table.required().files]
    rows = pa.concat_tables(pq.read_table(file) for file in files)
    left = {id_: set(span) for id_, span in planted.items()}
    for row in rows.to_pylist():
        if row["id"] in left:
            left[row["id"]] -= set(range(row["start"], row["start"] + row["length"]))
    return sum(not characters for characters in left.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[16_000, 128_000])
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--planted", type=float, default=0.01)
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run:
        print(json.dumps(measure(args.run)))
        return
    first: float | None = None
    for size in args.sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            total, places = fill(root, size, args.words, args.planted)
            command = [sys.executable, __file__, "--run", folder]
            out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            result = json.loads(out.splitlines()[-1])
            cpu = result["processor"]
            first = first or cpu
            print(
                f"{size:,} documents, {total / 1e6:,.0f} MB: {cpu:.1f} s of processor time "
                f"({cpu / first:.2f} times the first), {result['seconds']:.1f} s on {os.cpu_count()} cores, "
                f"{total / 1e6 / cpu:.1f} MB a second and core; planted in {len(places):,} documents, "
                f"found in all but {len(places) - found(root, places):,}; {result['passages']:,} "
                f"passages, one of them in {result['most_documents']:,} documents",
                flush=True,
            )


if __name__ == "__main__":
    main()
