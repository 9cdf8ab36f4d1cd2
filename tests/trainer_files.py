"""Tables to export, and readers of exported files, written from the published formats alone."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from schemas.settings.ingest import PRETRAINING
from schemas.tables import TABLES

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HALF = "\udc00"  # half a surrogate pair, which is stored in Spark as bytes that are no UTF-8
TEXTS = [
    "The llama walks over {n} hills.\nIt has wool.\n",
    "ünï\u2028code\u2029 \x85 🦙 {n}",
    "nul \x00 {n} \r\n\x1c",
    "<s>a</s> [INST] <|endoftext|> {n}",
    "吾輩は猫である。{n} " * 20,
    "ولد في {n} हिन्दी \u200d ไทย",
    f"half {HALF} a pair {{n}}",
]


def documents() -> list[dict[str, Any]]:
    """Return rows of corpus/: the seven slices of RedPajama-V1, texts of all kinds."""
    rows = []
    for i in range(210):
        slice_ = PRETRAINING[i % 7]
        text = (
            "" if i in (3, 4) else TEXTS[i * 5 % 7 if i % 3 else i // 7 % 7].replace("{n}", str(i))
        )
        rows.append(
            {
                "id": f"{slice_}/{i:03}",
                "slice": slice_,
                "bucket": ("head", "middle", "tail", "all")[i % 4],
                "snapshot": "2023-06",
                "text": text,
                "url": f"https://example.org/{i}" if i % 5 else None,
                "title": "A | `title`" if i % 2 else None,
                "source": {"uri": f"s3://x/{i % 3}.warc.gz", "offset": i * 1000},
                "license": ("MIT", "CC-BY-SA-4.0", None)[i % 3],
                "date": "2023-02-01T00:00:00Z",
                "language": ("en", "ja", None)[i % 3],
                "perplexity": 100.5 + i if i % 4 < 3 else None,
                "metadata": {"b": "é", "a": "1"} if i % 2 else None,
                "token_count": len(text) // 4,
            }
        )
    return rows


def examples() -> list[dict[str, Any]]:
    """Return rows of mixture/: the documents in three shards, those of Wikipedia twice."""
    rows: list[dict[str, Any]] = []
    for epoch in (0, 1):
        repeated = [row for row in documents() if not epoch or row["slice"] == "wikipedia"]
        rows += [row | {"epoch": epoch, "stratum": row["slice"]} for row in repeated]
    rows.sort(key=lambda row: (hash_of(row["id"]), row["epoch"]))
    return [row | {"shard": i % 3, "position": i // 3} for i, row in enumerate(rows)]


def hash_of(text: str) -> int:
    """Return a number whose order is unlike that of the ids."""
    return int.from_bytes(text.encode()[::-1], "little") * 2654435761 % 2**32


def mended(text: str) -> str:
    """Return a text with the replacement characters of exports."""
    return text.replace(HALF, "\ufffd" * 3)


def fill(
    spark: SparkSession,
    root: Path,
    name: str,
    rows: list[dict[str, Any]],
    partitions: int = 1,
    run: str = "first",
) -> None:
    """Publish the rows as the table, with half a surrogate pair in place of `HALF`."""
    schema = TABLES[name].schema
    rows = [row | {"text": row["text"].replace(HALF, "{half}")} for row in rows]
    values = [tuple(row.get(column) for column in schema.names) for row in rows]
    half = F.unhex(F.lit("EDB080")).cast("string")
    frame = spark.createDataFrame(values, schema).repartition(partitions)
    frame = frame.withColumn("text", F.replace(F.col("text"), F.lit("{half}"), half))
    table = Context(str(root), spark).table(name)
    table.publish([table.write(frame, run=run, job="test")], run=run, replacing=table.manifest)


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a `.jsonl.zst`; every reader must see the same number of lines."""
    content = zstd.decompress(path.read_bytes())
    assert len(content.decode().splitlines()) == content.count(b"\n")
    return [json.loads(line) for line in content.splitlines()]


def megatron(prefix: str) -> list[np.ndarray[Any, Any]]:
    """Return the token ids of each document of a `.bin` and `.idx`."""
    index = Path(f"{prefix}.idx").read_bytes()
    assert index[:9] == b"MMIDIDX\x00\x00"
    (version,) = np.frombuffer(index, "<u8", 1, 9)
    dtype: np.dtype[Any] = np.dtype({4: "<i4", 8: "<u2"}[index[17]])
    sequences, boundaries = np.frombuffer(index, "<u8", 2, 18).tolist()
    assert (version, boundaries) == (1, sequences + 1)
    lengths = np.frombuffer(index, "<i4", sequences, 34)
    offsets = np.frombuffer(index, "<i8", sequences, 34 + 4 * sequences)
    documents = np.frombuffer(index, "<i8", boundaries, 34 + 12 * sequences)
    assert len(index) == 34 + 12 * sequences + 8 * boundaries
    assert documents.tolist() == list(range(boundaries))
    ids = np.fromfile(f"{prefix}.bin", dtype)
    assert len(ids) == lengths.sum()
    return [
        ids[offset // dtype.itemsize :][:length]
        for offset, length in zip(offsets.tolist(), lengths.tolist(), strict=True)
    ]


def mds(folder: Path) -> list[dict[str, Any]]:
    """Return the samples of all shards in an `index.json`, in its order."""
    index = json.loads((folder / "index.json").read_text())
    assert index["version"] == 2
    return [sample for shard in index["shards"] for sample in _mds_shard(folder, shard)]


def _mds_shard(folder: Path, shard: dict[str, Any]) -> list[dict[str, Any]]:
    file = shard["zip_data"] or shard["raw_data"]
    content = (folder / file["basename"]).read_bytes()
    assert len(content) == file["bytes"]
    if shard["zip_data"]:
        content = zstd.decompress(content)
    assert len(content) == shard["raw_data"]["bytes"]
    (n,) = np.frombuffer(content, "<u4", 1).tolist()
    assert n == shard["samples"]
    offsets = np.frombuffer(content, "<u4", n + 1, 4).tolist()
    assert offsets[-1] == len(content)
    config = json.loads(content[4 * (n + 2) : offsets[0]])
    assert all(shard[key] == value for key, value in config.items())
    samples = []
    for start, end in pairwise(offsets):
        names = shard["column_names"]
        sizes = np.frombuffer(content, "<u4", len(names), start).tolist()
        start += 4 * len(names)
        sample: dict[str, Any] = {}
        for name, encoding, size in zip(names, shard["column_encodings"], sizes, strict=True):
            sample[name] = _value(encoding, content[start : start + size])
            start += size
        assert start == end
        samples.append(sample)
    return samples


def _value(encoding: str, data: bytes) -> Any:
    if encoding == "str":
        return data.decode()
    width = 1 << (data[0] & 3)
    assert data[0] >> 2 == 1
    (length,) = np.frombuffer(data, f"<u{width}", 1, 1).tolist()
    values = np.frombuffer(data[1 + width :], encoding.partition(":")[2])
    assert len(values) == length
    return values
