"""Measure what `redpajama passages` takes as the documents grow, and whether it finds what is planted.

Usage: python benchmarks/passages.py [--sizes 16000 128000] [--words 400] [--planted 0.01]

The documents are words drawn from 30,000 by Zipf's law. A paragraph of 120 words is planted in a share of
them, one of 60 words in all, and half of a tenth of them is copied from the document before, so that some
passages are long, one is in very many documents, and most text is unique. Each size runs in a separate
process, in local mode; the figures are processor time of the job, whose session and JVM take some
10 s of it, and megabytes of text a second of processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
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


def texts(count: int, words: int, planted: float) -> Iterator[tuple[str, bool]]:
    """Yield documents, and whether the paragraph is planted in each."""
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
        yield (
            " ".join([*own[:place], *(paragraph if is_planted else ()), *own[place:], *footer]),
            is_planted,
        )


def fill(root: Path, count: int, words: int, planted: float) -> tuple[int, int]:
    """Write annotated/, empty duplicates/ and copies/; return the bytes of text and the planted documents."""
    context = Context(str(root))
    total = with_paragraph = 0
    folder = root / "annotated" / "made" / "slice=c4"
    folder.mkdir(parents=True)
    schema = TABLES["annotated"].schema
    batch: list[str] = []
    for number, (text, is_planted) in enumerate(texts(count, words, planted)):
        batch.append(text)
        total, with_paragraph = total + len(text), with_paragraph + is_planted
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
    return total, with_paragraph


def publish(context: Context, name: str, run: str) -> None:
    """Publish what is in the folder of a run as the table."""
    from jobs.tables.manifest import Folder

    table = context.table(name)
    folder = table.with_files(Folder(run, run, "benchmark", {}))
    table.publish([folder], run=run, replacing=None, inputs=[{"annotated": "made"}])


def measure(root: Path) -> dict[str, Any]:
    """Run the job on a root; return its seconds and what it found."""
    spark = local_session("passages")
    started = time.monotonic()
    record = passages.run(Context(str(root), spark), PassagesConfig(root=str(root), overwrite=True))
    seconds = time.monotonic() - started
    rows = Context(str(root), spark).table("passages").read()
    lengths = rows.select("id", "keeper_id", "length", "documents").toArrow().to_pylist()
    spark.stop()
    common = max(row["documents"] for row in lengths)
    return {"seconds": seconds, "passages": record.details["passages"], "most_documents": common}


def found(root: Path, planted: int) -> int:
    """Return in how many documents the planted paragraph was found."""
    table = Context(str(root)).table("passages")
    files = [table.uri(file.path) for file in table.required().files]
    rows = pa.concat_tables(pq.read_table(file) for file in files)
    return len({row["id"] for row in rows.to_pylist() if row["documents"] == planted})


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
            total, planted = fill(root, size, args.words, args.planted)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, __file__, "--run", folder]
            out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            first = first or cpu
            result = json.loads(out.splitlines()[-1])
            print(
                f"{size:,} documents, {total / 1e6:,.0f} MB: {cpu:.1f} s of processor time "
                f"({cpu / first:.2f} times the first), {result['seconds']:.1f} s on {os.cpu_count()} cores, "
                f"{total / 1e6 / cpu:.1f} MB a second and core; planted in {planted:,} documents, "
                f"found in {found(root, planted) + 1:,}; {result['passages']:,} passages, one of them in "
                f"{result['most_documents']:,} documents",
                flush=True,
            )


if __name__ == "__main__":
    main()
