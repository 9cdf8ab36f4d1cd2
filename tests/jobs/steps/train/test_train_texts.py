"""Texts to train on in tables, Parquet and files of lines, and the pool to sample from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from rows import document, fill

from jobs.runtime.context import Context
from jobs.steps.train import texts
from jobs.steps.train.pool import build_pool
from schemas.errors import UserError


def read_texts(spark: SparkSession, *uris: object, where: str | None = None) -> list[str | None]:
    rows = texts.read(Context("", spark), [str(uri) for uri in uris], where).collect()
    return sorted((row["text"] for row in rows), key=str)


LINES = [
    b'{"text": "one\\nline"}',
    b'{"raw_content": "two", "text": null}',
    b'{"text": ""}',
    b'{"title": "none"}',
    b'["no object"]',
    b'{"text": "cut',
    b'{"text": "half \\ud800 pair"}',
]
TEXTS = ["one\nline", "two", "", None, None, None, "half ? pair"]


@pytest.mark.parametrize("packed", ["", ".gz", ".zst"])
def test_json_lines_packed_or_not(packed: str, tmp_path: Path) -> None:
    content = b"\n".join(LINES) + b"\n"
    if packed == ".gz":  # of several members, as CCNet writes them
        content = gzip.compress(content[:50]) + gzip.compress(content[50:])
    elif packed == ".zst":
        codec = pa.Codec("zstd")
        content = b"".join(codec.compress(p, asbytes=True) for p in (content[:50], content[50:]))
    path = tmp_path / f"part-0.jsonl{packed}"
    path.write_bytes(content)
    assert [line.text for line in texts.documents(str(path))] == TEXTS


def test_text_files_have_a_document_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\r\n\n  two \xff\n")
    lines = list(texts.documents(str(path)))
    assert [line.text for line in lines] == ["one", None, "two \ufffd"]
    assert {line.url for line in lines} == {None}


def test_lines_have_the_address_of_the_document_or_of_its_meta(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    records: list[Any] = [
        {"text": "a", "url": "http://a.example"},
        {"raw_content": "b", "meta": {"url": "http://b.example"}},
        {"text": "c", "url": 7, "meta": "none"},
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert list(texts.documents(str(path))) == [
        ("a", "http://a.example"),
        ("b", "http://b.example"),
        ("c", None),
    ]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"text\n" * 1000)[:-12])
    with pytest.raises(OSError, match=r"a\.txt\.gz is damaged"):
        list(texts.documents(str(path)))


def test_tables_parquet_and_files_together(spark: SparkSession, tmp_path: Path) -> None:
    root = tmp_path / "root"
    fill(spark, root, "documents", [document("a", "of a table"), document("b", "filtered out")])
    frame = spark.createDataFrame(
        [("of Parquet", "en"), ("other", "de")], "text string, lang string"
    )
    frame.write.partitionBy("lang").parquet(str(tmp_path / "parquet"))
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "of lines"}) + "\n")

    where = "text like 'of%'"
    assert read_texts(spark, root / "documents", where=where) == ["of a table"]
    assert read_texts(spark, tmp_path / "parquet", where="lang = 'en'") == ["of Parquet"]
    everything = read_texts(spark, root / "documents", tmp_path / "parquet", tmp_path / "a.jsonl")
    assert len(everything) == 5
    for bad, part in (("no_such = 1", "no_such"), ("text ==== ''", "--where does not fit")):
        with pytest.raises(UserError, match=part) as raised:
            read_texts(spark, root / "documents", where=bad)
        assert "\n" not in str(raised.value)
    with pytest.raises(UserError, match="has no columns"):
        read_texts(spark, tmp_path / "a.jsonl", where=where)
    with pytest.raises(UserError, match="no object matches"):
        read_texts(spark, tmp_path / "nothing")


def test_a_pool_draws_the_same_for_any_partitions(spark: SparkSession) -> None:
    rows: list[Any] = [(f"text {i % 30}", f"http://{i // 30}.example") for i in range(90)]
    rows += [(None, None), ("", None), ("x", None)]
    columns = "text string, url string"
    samples = []
    for partitions in (1, 4):
        frame = spark.createDataFrame(rows, columns).repartition(partitions)
        pool = build_pool(frame, seed=1, at_most=10, clean=str.upper, min_length=2)
        assert (pool.read, pool.without_text, pool.short) == (93, 1, 2)
        assert len(pool.keys) == 10
        drawn = pool.draw(7).collect()
        assert {row["url"] for row in drawn} == {"http://0.example"}  # the least of three
        samples.append(sorted(row["text"] for row in drawn))
    assert samples[0] == samples[1]
    assert len(set(samples[0])) == 7  # each text once
    assert all(text.startswith("TEXT ") for text in samples[0])
    other = build_pool(spark.createDataFrame(rows, columns), seed=2, at_most=10, clean=str.upper)
    assert sorted(row["text"] for row in other.draw(7).collect()) != samples[0]
