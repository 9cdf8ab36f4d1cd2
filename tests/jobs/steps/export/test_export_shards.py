"""A task's part of an export, without Spark: independent of batches, in little memory."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trainer_files import HALF, examples, lines, megatron, mended

from jobs import slices, storage
from jobs.steps.export import earlier, files, shards
from jobs.steps.export.documents import documents
from jobs.steps.export.formats import jsonl, parquet
from jobs.steps.export.formats import mds as mds_format
from jobs.steps.export.formats import megatron as megatron_format
from schemas.settings.slices import SLICES
from udfs.formats import mosaic_mds as mds_rules
from udfs.tokens.packing import packing

PACKING = packing(None, None, "int32")
OPEN: dict[str, shards.Open] = {
    "jsonl": partial(jsonl.JsonLines, traits=slices.traits_of(SLICES)),
    "parquet": partial(parquet.Rows, table="mixture"),
    "megatron": partial(megatron_format.TokenFiles, packing=PACKING),
    "mds": partial(mds_format.Samples, packing=PACKING, compressed=False),
    "zstd": partial(mds_format.Samples, packing=None, compressed=True),
}


def task_table(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as a task receives them."""
    content = [
        {"folder": "", "shards": 3, **row, "text": row["text"].encode("utf-8", "surrogatepass")}
        for row in rows
    ]
    table = pa.Table.from_pylist([{**row, "metadata": None} for row in content])
    metadata = pa.array([list((row["metadata"] or {}).items()) for row in rows], MAP)
    table = table.set_column(table.column_names.index("metadata"), "metadata", metadata)
    texts = table.column("text").combine_chunks()
    # like Spark's: the type is UTF-8, the bytes not always
    strings = pa.StringArray.from_buffers(len(texts), *texts.buffers()[1:])
    return table.set_column(table.column_names.index("text"), "text", strings)


MAP = pa.map_(pa.string(), pa.string())


def written(output: Path | str, open_: shards.Open, batches: Iterator[pa.RecordBatch]) -> list[Any]:
    work = shards.files_of_shards(str(output), open_)
    return [files.Written(**row) for batch in work(batches) for row in batch.to_pylist()]


@pytest.mark.parametrize("name", OPEN)
def test_batches_change_no_byte(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mds_rules, "SIZE_LIMIT", 3000)
    rows = sorted(examples(), key=lambda row: (row["shard"], row["position"]))
    content = task_table(rows)
    runs = [
        written(tmp_path / str(size), OPEN[name], iter(content.to_batches(max_chunksize=size)))
        for size in (1, 7, 1000)
    ]
    assert runs[0] == runs[1] == runs[2]
    assert sum(file.rows for file in runs[0]) == len(rows)
    assert sum(file.mended for file in runs[0]) == sum(HALF in row["text"] for row in rows)
    if name in ("mds", "zstd"):
        assert len(runs[0]) > 10
        assert all((file.raw_bytes or 0) < 4000 for file in runs[0])


@pytest.mark.parametrize("name", ["jsonl", "megatron", "mds"])
def test_a_shard_is_the_same_by_its_documents_and_its_bytes(tmp_path: Path, name: str) -> None:
    rows = sorted(examples(), key=lambda row: (row["shard"], row["position"]))
    table = task_table(rows)
    files_of: dict[str, list[Any]] = {}
    for file in written(tmp_path, OPEN[name], iter(table.to_batches())):
        shard = next(number for number in range(3) if f"train-{number:05}" in file.path)
        files_of.setdefault(earlier.stem("", shard, 3), []).append(file)
    known = {name: earlier.Shard(listed[0].ids, tuple(listed)) for name, listed in files_of.items()}

    def same(table: pa.Table) -> list[bool]:
        work = earlier.comparison(str(tmp_path), known)
        batches = iter(table.to_batches(max_chunksize=11))
        return [row["is_same"] for batch in work(batches) for row in batch.to_pylist()]

    assert same(table) == [True, True, True]
    # without a document of the first shard, and with two documents of the last in another order
    assert same(table.slice(1)) == [False, True, True]
    order = [*range(238), 239, 238]
    assert same(table.take(order).combine_chunks()) == [True, True, False]
    path = tmp_path / known[earlier.stem("", 1, 3)].files[0].path
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert same(table) == [True, False, True]
    path.unlink()
    assert same(table) == [True, False, True]


def test_files_are_complete_in_any_store(any_root: str) -> None:
    for name in ("jsonl", "megatron", "zstd"):
        batches = task_table([{**row, "shard": 0} for row in examples()[:20]]).to_batches()
        for file in written(storage.join(any_root, name), OPEN[name], iter(batches)):
            content = storage.read_bytes(storage.join(any_root, name, file.path))
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)


def test_a_shard_is_not_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_CHUNK", 1 << 16)
    text = "llama" * 1000
    row = {**examples()[0], "text": text, "metadata": None}
    content = task_table([row] * 20)

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(20):
            yield from content.to_batches(max_chunksize=5)

    for name in ("jsonl", "megatron"):
        tracemalloc.start()
        (first, *_) = written(tmp_path / name, OPEN[name], batches())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert first.rows == 400
        # the shard has 2 MB of text
        assert peak < 1_200_000, name


def test_row_groups_of_long_texts_are_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_CHARACTERS", 1000)
    rows = [{**row, "shard": 0, "text": "x" * 300} for row in examples()[:9]]
    (file,) = written(tmp_path, OPEN["parquet"], iter(task_table(rows).to_batches()))
    metadata = pq.read_metadata(tmp_path / file.path)
    groups = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    assert groups == [4, 4, 1]


# codec=None: with half surrogate pairs
texts = st.lists(
    st.one_of(
        st.text(st.characters(codec=None), max_size=20),
        st.sampled_from(["\x00", "\u2028", "\x85", "\r\n", "</s>", '"\\', HALF, "\ud83d", "🦙"]),
    ),
    max_size=6,
).map("".join)


@given(st.lists(texts, min_size=1, max_size=4))
@settings(max_examples=40)
def test_any_text_survives_every_format(
    tmp_path_factory: pytest.TempPathFactory, contents: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    pack = PACKING.packer()
    rows = [
        {**row, "shard": 0, "text": text} for row, text in zip(examples(), contents, strict=False)
    ]
    expected = [
        text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for text in contents
    ]
    for name, open_ in OPEN.items():
        (file, *_) = written(folder / name, open_, iter(task_table(rows).to_batches()))
        path = folder / name / file.path
        if name == "jsonl":
            assert [record["text"] for record in lines(path)] == expected
        elif name == "parquet":
            assert pq.read_table(path)["text"].to_pylist() == expected
        elif name == "megatron":
            token_ids = megatron(str(path).removesuffix(".bin"))
            assert [ids.tolist() for ids in token_ids] == [pack(text).tolist() for text in expected]


def test_invalid_utf_8_is_replaced_and_flagged() -> None:
    rows = [{**examples()[0], "text": "whole"}, {**examples()[0], "text": f"half {HALF}"}]
    (batch,) = task_table(rows).to_batches()
    rows_read = list(documents(batch))
    assert [mended_ for _, mended_ in rows_read] == [False, True]
    assert rows_read[1][0]["text"] == mended(f"half {HALF}")
    for key in ("id", "source", "shard", "token_count", "license"):
        assert rows_read[1][0][key] == rows[1][key]
    assert dict(rows_read[1][0]["metadata"]) == (rows[1]["metadata"] or {})
