"""What a run of a paper's size would meet, from measured rates and the sizes of what the code keeps.

Usage: python benchmarks/paper_scale.py

Rates are those of the block of inputs in `deploy/SIZING.md`, which has these tables too. Sizes of manifests
and of what tasks are sent are those of the code's own objects, with addresses of Common Crawl.
"""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import yaml

from jobs.tables.archive_lookup import Lookup
from jobs.tables.manifest import DataFile, Folder, Manifest

SIZING = Path(__file__).parents[1] / "deploy" / "SIZING.md"
GB = 1e9

# Spark's defaults, and those of deploy/spark-defaults.conf
SPLIT_BYTES, OPENING_BYTES = 128 << 20, 4 << 20
REDUCERS = 4000
GROUP_BYTES = 1e12  # ingest --group-bytes
HEAP_GB, OVERHEAD_GB = 8, 4  # of the driver: Java's heap, and what Python has beside it
WORKER_GB = 1  # of a Python worker, 4 to an executor
S3_PUT_GB = 5  # an object that is written by one request
EXECUTORS, DISK_GB = 250, 950  # at most, and of each (m6id.4xlarge)
SHUFFLES_KEPT = 2  # on disk at a time

# measured with tracemalloc, and the same for Java's FileStatus with its path by its fields
PYTHON_BYTES_A_FILE = 650
JAVA_BYTES_A_FILE = 1000
IDS_A_SECOND = 600_000  # assumed: a core's share of a join of ids


@dataclass(frozen=True)
class Limit:
    """Something that grows with the archives, what it must stay below, and what to do before it does not."""

    name: str
    unit: str
    most: float
    value: float
    mend: str


def inputs() -> dict[str, Any]:
    """Return the block of inputs of the page."""
    (block,) = re.findall(r"```yaml\n(.*?)```", SIZING.read_text(encoding="utf-8"), re.DOTALL)
    values: dict[str, Any] = yaml.safe_load(block)
    return values


@cache
def bytes_a_file() -> tuple[float, float]:
    """Return the bytes of a file of documents/ in its manifest, with its input, and in a task's list."""
    count = 2000
    files = tuple(
        DataFile(
            f"20261128T163809Z-ingest-fb24e6/outcome=kept/slice=common_crawl/part-{number:05}-"
            "0b1f3e5a-7c1d-4a53-9d4e-2f6f5c7a8b90.c000.zstd.parquet",
            *(13_333, 28_000_000, _archive(number), _archive(number)),
        )
        for number in range(count)
    )
    read = [
        {
            "uri": _archive(number),
            "version": '"5f363e0e58a95f06cbe9bbc662c5dfb6"',
            "size": 1_234_567_890,
            "run": "20261128T163809Z-ingest-fb24e6",
        }
        for number in range(count)
    ]
    folder = Folder("20261128T163809Z-ingest-fb24e6/outcome=kept", "run", "ingest", {}, files)
    manifest = len(Manifest("documents", "run", (folder,), "", read).to_json())
    sent = len(pickle.dumps(Lookup("s3://bucket/root", files, index="uri", columns=("id",))))
    return manifest / count, sent / count


def _archive(number: int) -> str:
    return (
        f"s3://commoncrawl/crawl-data/CC-MAIN-2023-06/segments/16747644948{number % 100:02}.92/warc/"
        f"CC-MAIN-20230126210844-20230127000844-{number:05}.warc.gz"
    )


def structure(given: Mapping[str, Any], archives: int) -> dict[str, float]:
    """Return tasks, files, and bytes of what the code keeps, of one root with so many archives."""
    documents = archives * given["pages_of_an_archive"] * given["kept_by_ingest"]
    sizes = given["bytes_a_document"]
    file_bytes = documents / archives * sizes["documents"]
    annotate_tasks = archives / max(1, SPLIT_BYTES // (file_bytes + OPENING_BYTES))
    dedup_tasks = documents * sizes["annotated"] / SPLIT_BYTES
    shuffle = documents * given["bands"] * given["bytes_a_band"]
    texts = documents * given["kept_by_curate"] * given["characters_a_document"] * given["lz4"]
    folders = max(1.0, archives * given["gb_of_an_archive"] * GB / GROUP_BYTES)
    in_manifest, sent = bytes_a_file()
    return {
        "tasks of ingest and paragraphs": archives,
        "tasks of annotate": annotate_tasks,
        "tasks of dedup that read": dedup_tasks,
        "longest task of ingest, minutes": given["gb_of_an_archive"]
        * given["ingest_seconds_a_gb"]
        / 60,
        "largest shuffle, TB": max(shuffle, texts) / 1e12,
        "... of it a task that reads, GB": max(shuffle, texts) / REDUCERS / GB,
        "... of it a block, KB": max(shuffle, texts) / REDUCERS / max(dedup_tasks, 1) / 1e3,
        "files of documents/, paragraphs/ and annotated/": 2 * archives + annotate_tasks,
        "folders of documents/": folders,
        "manifest of documents/, GB": archives * in_manifest / GB,
        "... written again with each folder, in all, GB": archives * in_manifest * folders / 2 / GB,
        "Python of the driver, GB": archives * (3 * PYTHON_BYTES_A_FILE + in_manifest) / GB,
        "Java's list of the files of a table, GB": archives * JAVA_BYTES_A_FILE / GB,
        "list of files that a task is sent, GB": archives * sent / GB,
        "core-hours of the check for repeated ids": documents * folders / 2 / IDS_A_SECOND / 3600,
    }


def core_hours(given: Mapping[str, Any], archives: int) -> float:
    """Return the core-hours of all stages, with the margin, as the page computes them."""
    documents = archives * given["pages_of_an_archive"] * given["kept_by_ingest"]
    moved = given["io_seconds_a_document"]
    seconds = archives * given["gb_of_an_archive"] * given["ingest_seconds_a_gb"]
    for stage, rate in given["documents_a_second"].items():
        share = given["kept_by_curate"] if stage == "curate" else 1
        seconds += documents * share * (1 / rate + moved)
    return float(seconds * given["margin"] / 3600)


def limits(found: Mapping[str, float], hours: float) -> list[Limit]:
    """Return what bounds a root, the first to be reached first."""
    every = [
        Limit(
            "manifest of documents/",
            "GB",
            S3_PUT_GB,
            found["manifest of documents/, GB"],
            "a root for some snapshots",
        ),
        Limit(
            "Java's list of the files of a table",
            "GB",
            HEAP_GB / 2,
            found["Java's list of the files of a table, GB"],
            "`spark.driver.memory`, or a root for some snapshots",
        ),
        Limit(
            "Python of the driver",
            "GB",
            OVERHEAD_GB,
            found["Python of the driver, GB"],
            "`spark.driver.memoryOverhead`, or a root for some snapshots",
        ),
        Limit(
            "shuffles on the disk of an executor",
            "GB",
            DISK_GB,
            found["largest shuffle, TB"] * 1000 * SHUFFLES_KEPT / EXECUTORS,
            "more executors, or a root for some snapshots",
        ),
        Limit(
            "list of files that a task is sent",
            "GB",
            WORKER_GB,
            found["list of files that a task is sent, GB"],
            "a root for some snapshots",
        ),
        Limit(
            "check for repeated ids",
            "core-hours, a twentieth of all",
            0.05 * hours,
            found["core-hours of the check for repeated ids"],
            "a larger `--group-bytes`, or a root for some snapshots",
        ),
    ]
    return sorted(every, key=lambda limit: limit.most / limit.value)


CASES = {"a snapshot": 90_000, "five snapshots, as V1": 450_000, "84 snapshots, as V2": 7_560_000}


def lines() -> Iterator[str]:
    """Yield the tables as Markdown: what each case has in one root, and what breaks first."""
    given = inputs()
    columns = [structure(given, archives) for archives in CASES.values()]
    yield "| in one root | " + " | ".join(CASES) + " |"
    yield "| --- |" + " ---: |" * len(CASES)
    hours = [core_hours(given, archives) for archives in CASES.values()]
    yield "| core-hours | " + " | ".join(map(rounded, hours)) + " |"
    for name in columns[0]:
        yield f"| {name} | " + " | ".join(rounded(column[name]) for column in columns) + " |"
    yield ""
    yield "| what grows | at most | reached with | what keeps it below |"
    yield "| --- | ---: | ---: | --- |"
    for limit in limits(columns[0], hours[0]):
        yield (
            f"| {limit.name} | {rounded(limit.most)} {limit.unit} | "
            f"{rounded(limit.most / limit.value)} snapshots | {limit.mend} |"
        )
    yield ""
    yield "| 84 snapshots in roots | snapshots of a root | Python of the driver, GB | dedup, core-hours |"
    yield "| ---: | ---: | ---: | ---: |"
    for roots in (1, 8, 84):
        snapshots = 84 / roots
        one = structure(given, round(snapshots * CASES["a snapshot"]))
        cells = (roots, snapshots, one["Python of the driver, GB"], dedup_hours(given, roots))
        yield "| " + " | ".join(map(rounded, cells)) + " |"


def dedup_hours(given: Mapping[str, Any], roots: int) -> float:
    """Return the core-hours of dedup of 84 snapshots in so many roots, each against those before it."""
    archives = CASES["84 snapshots, as V2"]
    documents = archives * given["pages_of_an_archive"] * given["kept_by_ingest"]
    seconds = documents * (
        1 / given["documents_a_second"]["dedup"] + given["io_seconds_a_document"]
    )
    return float(seconds * (roots + 1) / 2 * given["margin"] / 3600)


def rounded(value: float) -> str:
    """Return a number with two digits.

    >>> rounded(0.0123), rounded(24183), rounded(1.25)
    ('0.012', '24,000', '1.2')
    """
    if value < 10:
        return f"{value:.2g}"
    digits = len(str(int(value))) - 2
    return f"{round(value, -digits):,.0f}"


if __name__ == "__main__":
    print("\n".join(lines()))
