"""RedPajama-V2's own names and records: identifiers, CCNet's record, signals, banded signatures.

As `core/worker.py` and `bloomfilter.py` of V2 write them (togethercomputer/RedPajama-Data).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from udfs.near_duplicates.bands import bands
from udfs.quality_signals import SIGNALS, Signal
from udfs.quality_signals.output import Scores

# CCNet's field -> the column of annotated/, in CCNet's order
DOCUMENT_FIELDS = {
    "url": "url",
    "date_download": "date",
    "digest": "digest",
    "length": "length",
    "nlines": "nlines",
    "source_domain": "source_domain",
    "title": "title",
    "raw_content": "text",
    "cc_segment": "cc_segment",
    "original_nlines": "original_nlines",
    "original_length": "original_length",
    "line_ids": "line_ids",
    "language": "language",
    "language_score": "language_score",
    "perplexity": "perplexity",
    "bucket": "bucket",
}
SIMILARITIES = (1.0, 0.9, 0.8, 0.7)  # in the order of V2's columns

MINHASH_SCHEMA = pa.schema(
    [
        ("shard_id", pa.string()),
        ("id", pa.string()),
        ("id_int", pa.uint64()),
        *[(f"signature_sim{threshold}", pa.list_(pa.binary())) for threshold in SIMILARITIES],
    ]
)
DUPLICATES_SCHEMA = pa.schema(
    [("shard_id", pa.string()), ("doc_id", pa.string()), ("digest", pa.string())]
)


def file_stem(snapshot_id: str, shard: int, language: str, bucket: str) -> str:
    """Return the path of a shard's files without folder and extension, as in V2's listings."""
    return f"{snapshot_id}/{shard:04d}/{language}_{bucket}"


def id_int(id_: str) -> int:
    """Return a document's number in V2's tools: 8 bytes of the SHA-1, little-endian."""
    return int.from_bytes(hashlib.sha1(id_.encode()).digest()[:8], "little")


def ccnet_record(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return CCNet's record of a row of annotated/.

    As in CCNet, a page without a title has an empty one, and a language without a model has no
    perplexity.
    """
    record = {field: row[column] for field, column in DOCUMENT_FIELDS.items()}
    record["title"] = record["title"] or ""
    if record["perplexity"] is None:
        del record["perplexity"]
    return record


def signals_record(
    row: Mapping[str, Any], id_: str, snapshot_id: str, scores: Scores
) -> dict[str, Any]:
    """Return V2's record of the quality signals of a row of annotated/."""
    return {
        "id": id_,
        "id_int": id_int(id_),
        "metadata": {
            "cc_segment": row["cc_segment"],
            "cc_net_source": id_.rpartition("/")[0],
            "url": row["url"],
            "source_domain": row["source_domain"],
            "language": row["language"],
            "snapshot_id": snapshot_id,
        },
        "quality_signals": scores,
    }


def banded(signature: bytes | None) -> list[list[bytes] | None]:
    """Return the bands of a signature for each of `SIMILARITIES`; None without a signature."""
    if signature is None:
        return [None] * len(SIMILARITIES)
    return [bands(signature, threshold) for threshold in SIMILARITIES]


def scores(column: pa.StructArray, lengths: Sequence[int]) -> list[Scores]:
    """Return the column `quality_signals` in V2's form, as `udfs.quality_signals.score` does for a text.

    Parameters
    ----------
    lengths
        Code points of each text: the end of the span of its signals.
    """
    names = [field.name for field in column.type]
    fields = dict(zip(names, column.flatten(), strict=True))
    by_signal = [
        _lines(fields[name], signal)
        if signal.kind == "lines"
        else [[[0, n, x]] for n, x in zip(lengths, fields[name].to_pylist(), strict=True)]
        for name, signal in SIGNALS.items()
    ]
    return [dict(zip(SIGNALS, values, strict=True)) for values in zip(*by_signal, strict=True)]


def _lines(column: pa.ListArray, signal: Signal) -> list[list[list[Any]]]:
    spans = column.flatten()
    values = spans.field("score").to_pylist()
    if signal.integer:
        values = [None if value is None else int(value) for value in values]
    starts, ends = (spans.field(side).to_pylist() for side in ("start", "end"))
    triples = [list(triple) for triple in zip(starts, ends, values, strict=True)]
    result, start = [], 0
    for count in pc.list_value_length(column).fill_null(0).to_pylist():
        result.append(triples[start : start + count])
        start += count
    return result
