"""`spark.read.format("warc")`: partitions, batches, options, and reading through Spark."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from archives import by_record, http, warc_record
from pyspark.sql import functions as F
from slices import whole_file

from jobs.sources.splits import Split
from jobs.sources.warc import WarcReader, register
from schemas.errors import UserError
from schemas.sources.warc_records import WARC_RECORDS


def archive(folder: Path, name: str, pages: int, size: int = 100) -> Path:
    path = folder / name
    path.write_bytes(
        by_record(*(warc_record(http(b"x" * size), name=f"{name}-{n}") for n in range(pages)))
    )
    return path


def batches(path: Path, **options: str) -> list[pa.RecordBatch]:
    return list(WarcReader({"path": str(path), **options}).read(Split((whole_file(path),))))


def test_one_partition_per_archive_longest_first(tmp_path: Path) -> None:
    for name, pages in (("a.warc.gz", 1), ("b.warc.gz", 30), ("c.warc.gz", 3)):
        archive(tmp_path, name, pages)
    splits = WarcReader({"path": str(tmp_path)}).partitions()
    assert [Path(split.ranges[0].uri).name for split in splits] == [
        "b.warc.gz",
        "c.warc.gz",
        "a.warc.gz",
    ]
    uris = json.dumps([["s3://bucket/small", 1], ["s3://bucket/large", 2]])
    splits = WarcReader({"uris": uris}).partitions()  # sends no request to the store
    assert [split.ranges[0].uri for split in splits] == ["s3://bucket/large", "s3://bucket/small"]


def test_batches_are_bounded_by_bytes(tmp_path: Path) -> None:
    path = archive(tmp_path, "a.warc.gz", pages=50, size=10_000)
    assert [len(batch) for batch in batches(path)] == [50]
    counts = [len(batch) for batch in batches(path, batch_bytes="100000")]
    assert sum(counts) == 50
    assert max(counts) == 10


def test_rows_without_content_fill_batches_too(tmp_path: Path) -> None:
    path = archive(tmp_path, "a.warc.gz", pages=50)
    first, *others = batches(path, statuses="404", batch_bytes="10000")
    assert others
    assert first.column("content").null_count == len(first)


def test_an_unreadable_archive_is_one_row(tmp_path: Path) -> None:
    [batch] = batches(tmp_path / "absent.warc.gz")
    [row] = batch.to_pylist()
    assert row["uri"] == str(tmp_path / "absent.warc.gz")
    assert (row["offset"], row["error"]) == (0, "storage-error")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"path": "x", "statuses": "200,OK"},
        {"path": "x", "batch_bytes": "16MB"},
        {"path": "x", "max_record_bytes": "0"},
    ],
)
def test_invalid_options_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(UserError, match="the data source warc"):
        WarcReader(options)


def test_through_spark(spark: Any, shared_data: Path, tmp_path: Path) -> None:
    register(spark)
    folder = shared_data / "warc"
    rows = spark.read.format("warc").load(str(folder / "heritrix-2008.*arc.gz"))
    assert rows.schema == WARC_RECORDS
    tasks = rows.select("uri", F.spark_partition_id()).distinct().collect()
    assert len({task for _, task in tasks}) == len(tasks) == 2
    counts = rows.groupBy("uri").agg(F.count("*"), F.count("record_id"), F.count("error")).collect()
    assert {Path(row[0]).name: tuple(row[1:]) for row in counts} == {
        "heritrix-2008.arc.gz": (299, 0, 0),
        "heritrix-2008.warc.gz": (299, 299, 0),
    }
    bad = spark.read.format("warc").load(str(shared_data / "warc-bad"))
    faults = bad.where("error is not null").select("uri", "offset", "error").collect()
    assert sorted((Path(row["uri"]).name, row["offset"], row["error"]) for row in faults) == [
        ("badexample.arc.gz", 2369, "bad-record-length"),
        ("badexample.arc.gz", 2606, "truncated-record"),
        ("badexample.arc.gz", 2882, "truncated-record"),
        ("clipped.warc.gz", 0, "truncated-gzip"),
        ("empty.warc.gz", 0, "empty-object"),
        ("example-trunc.warc", 1197, "bad-record-length"),
    ]


def test_a_row_through_spark(spark: Any, tmp_path: Path) -> None:
    register(spark)
    block = http(b"<p>text", content_type="text/html")
    path = tmp_path / "a.warc"
    path.write_bytes(warc_record(block, name="7", WARC_Payload_Digest="sha1:X"))
    [row] = spark.read.format("warc").load(str(path)).collect()
    assert row.asDict() == {
        "uri": str(path),
        "offset": 0,
        "record_type": "response",
        "record_id": "7",
        "url": "http://example.com/",
        "date": "2023-01-31T12:00:00Z",
        "digest": "sha1:X",
        "http_status": 200,
        "content_type": "text/html",
        "content": bytearray(b"<p>text"),
        "languages": None,
        "truncated": None,
        "error": None,
        "message": None,
    }
