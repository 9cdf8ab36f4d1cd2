"""Tables to export, and readers of what exports write, made from the published layouts alone."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from schemas.settings.ingest import SLICES
from schemas.tables import TABLES

try:
    from compression import zstd
except ImportError:
    from backports import zstd

HALF = "\udc00"  # stands for half a surrogate pair, which Spark gets as bytes that are no UTF-8
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
    """Rows of corpus/: all slices, texts of all kinds."""
    rows = []
    for i in range(210):
        slice_ = SLICES[i % 7]
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
    """Rows of mixture/: the documents in three shards, those of Wikipedia twice."""
    rows: list[dict[str, Any]] = []
    for epoch in (0, 1):
        again = [row for row in documents() if not epoch or row["slice"] == "wikipedia"]
        rows += [row | {"epoch": epoch, "stratum": row["slice"]} for row in again]
    rows.sort(key=lambda row: (hash_of(row["id"]), row["epoch"]))
    return [row | {"shard": i % 3, "position": i // 3} for i, row in enumerate(rows)]


def hash_of(text: str) -> int:
    """Some order that is none of the ids'."""
    return int.from_bytes(text.encode()[::-1], "little") * 2654435761 % 2**32


def mended(text: str) -> str:
    """A text as exports have it."""
    return text.replace(HALF, "\ufffd" * 3)


def fill(
    spark: SparkSession, root: Path, name: str, rows: list[dict[str, Any]], partitions: int = 1
) -> None:
    """Make these rows the table, with half a surrogate pair where `HALF` is."""
    schema = TABLES[name].schema
    values = [tuple(row.get(column) for column in schema.names) for row in rows]
    at = schema.names.index("text")
    values = [(*v[:at], v[at].replace(HALF, "{half}"), *v[at + 1 :]) for v in values]
    half = F.unhex(F.lit("EDB080")).cast("string")
    frame = spark.createDataFrame(values, schema).repartition(partitions)
    frame = frame.withColumn("text", F.replace(F.col("text"), F.lit("{half}"), half))
    table = Context(str(root), spark).table(name)
    table.publish([table.write(frame, run="first", job="test")], run="first", replacing=None)


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of a `.jsonl.zst`, which must be as many as every reader takes for lines."""
    content = zstd.decompress(path.read_bytes())
    assert len(content.decode().splitlines()) == content.count(b"\n")
    return [json.loads(line) for line in content.splitlines()]


def megatron(prefix: str) -> list[np.ndarray[Any, Any]]:
    """The token ids of each document of `.bin` and `.idx`."""
    index = Path(f"{prefix}.idx").read_bytes()
    assert index[:9] == b"MMIDIDX\x00\x00"
    (version,) = np.frombuffer(index, "<u8", 1, 9)
    dtype = {4: np.dtype("<i4"), 8: np.dtype("<u2")}[index[17]]
    sequences, boundaries = np.frombuffer(index, "<u8", 2, 18).tolist()
    assert (version, boundaries) == (1, sequences + 1)
    lengths = np.frombuffer(index, "<i4", sequences, 34)
    places = np.frombuffer(index, "<i8", sequences, 34 + 4 * sequences)
    documents = np.frombuffer(index, "<i8", boundaries, 34 + 12 * sequences)
    assert len(index) == 34 + 12 * sequences + 8 * boundaries
    assert documents.tolist() == list(range(boundaries))
    ids = np.fromfile(f"{prefix}.bin", dtype)
    assert len(ids) == lengths.sum()
    return [
        ids[place // dtype.itemsize :][:length]
        for place, length in zip(places.tolist(), lengths.tolist(), strict=True)
    ]


def mds(folder: Path) -> list[dict[str, Any]]:
    """The samples of all shards that an `index.json` lists, in its order."""
    index = json.loads((folder / "index.json").read_text())
    assert index["version"] == 2
    return [sample for shard in index["shards"] for sample in _mds_shard(folder, shard)]


def _mds_shard(folder: Path, said: dict[str, Any]) -> list[dict[str, Any]]:
    file = said["zip_data"] or said["raw_data"]
    content = (folder / file["basename"]).read_bytes()
    assert len(content) == file["bytes"]
    if said["zip_data"]:
        content = zstd.decompress(content)
    assert len(content) == said["raw_data"]["bytes"]
    (n,) = np.frombuffer(content, "<u4", 1).tolist()
    assert n == said["samples"]
    places = np.frombuffer(content, "<u4", n + 1, 4).tolist()
    assert places[-1] == len(content)
    config = json.loads(content[4 * (n + 2) : places[0]])
    assert all(said[key] == value for key, value in config.items())
    found = []
    for start, end in pairwise(places):
        names = said["column_names"]
        sizes = np.frombuffer(content, "<u4", len(names), start).tolist()
        start += 4 * len(names)
        sample: dict[str, Any] = {}
        for name, encoding, size in zip(names, said["column_encodings"], sizes, strict=True):
            sample[name] = _value(encoding, content[start : start + size])
            start += size
        assert start == end
        found.append(sample)
    return found


def _value(encoding: str, data: bytes) -> Any:
    if encoding == "str":
        return data.decode()
    width = 1 << (data[0] & 3)
    assert data[0] >> 2 == 1
    (length,) = np.frombuffer(data, f"<u{width}", 1, 1).tolist()
    values = np.frombuffer(data[1 + width :], encoding.partition(":")[2])
    assert len(values) == length
    return values
