"""An export after a takedown writes the shards that held a document; all others keep their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from rows import context, said
from takedown_roots import take
from trainer_files import documents
from trainer_files import fill as fill_corpus

from jobs import export
from jobs.steps.export import earlier
from schemas.settings.export import ExportConfig

FORMATS: dict[str, dict[str, Any]] = {
    "jsonl": {},
    "parquet": {},
    "megatron": {"tokenizer": "mistral"},
    "mds": {"tokenizer": "mistral", "compress": True},
}
LISTS = {"manifest.json", "README.md", "data_args.txt", "index.json"}
ROWS = [row for row in documents() if row["slice"] in ("wikipedia", "books")]


def files(output: Path) -> dict[str, tuple[bytes, int]]:
    """Return the content and the time of each file, with which a file written again is seen."""
    return {
        str(path.relative_to(output)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in output.rglob("*")
        if path.is_file()
    }


def contents(output: Path) -> dict[str, bytes]:
    return {path: content for path, (content, _) in files(output).items()}


def exported(spark: SparkSession, root: Path, output: Path, **options: Any) -> Any:
    """Export the corpus in three shards a slice; return the number of files that were kept."""
    config = {"root": str(root), "output": str(output), "table": "corpus", "shards": 3, **options}
    record = export.run(context(spark, root), ExportConfig(**config))
    return record.details.get("files_kept")


def killed(*arguments: Any) -> None:
    raise KeyboardInterrupt


def test_a_takedown_writes_only_the_shard_of_the_document(
    spark: SparkSession, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    fill_corpus(spark, root, "corpus", ROWS)
    outputs = {name: tmp_path / name for name in FORMATS}
    before = {}
    for name, output in outputs.items():
        exported(spark, root, output, format=name, **FORMATS[name])
        before[name] = files(output)
    removed = next(row for row in ROWS if row["slice"] == "wikipedia")
    exports = tuple(str(output) for output in outputs.values())
    _, given = take(spark, root, id=(removed["id"],), exports=exports)
    assert said(given).count("stay as they were") == len(FORMATS)

    for name, output in outputs.items():
        after = files(output)
        assert after.keys() == before[name].keys()
        changed = {path for path in after if after[path] != before[name][path]} - LISTS
        # the shard of the document alone: of megatron, token ids and their index
        assert len(changed) == (2 if name == "megatron" else 1), changed
        assert all(path.startswith("data/wikipedia/") for path in changed)
    # lists and cards too are those of an export into an empty folder
    for name in ("parquet", "mds"):
        fresh = tmp_path / f"{name}-fresh"
        assert exported(spark, root, fresh, format=name, **FORMATS[name]) is None
        assert contents(outputs[name]) == contents(fresh)

    # a shard that was damaged since, and one of other settings
    output = outputs["jsonl"]
    whole = contents(output)
    damaged = output / "data/books/train-00001-of-00003.jsonl.zst"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    flipped = output / "data/books/train-00002-of-00003.jsonl.zst"
    flipped.write_bytes(flipped.read_bytes()[:-1] + b"?")
    assert exported(spark, root, output, format="jsonl", overwrite=True) == 4
    assert contents(output) == whole
    # one that is killed after it has removed the manifest: the next one writes all
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(earlier, "remove_others", killed)
        with pytest.raises(KeyboardInterrupt):
            exported(spark, root, output, format="jsonl", overwrite=True)
    assert not (output / "manifest.json").exists()
    assert exported(spark, root, output, format="jsonl", overwrite=True) is None
    assert contents(output) == whole
    options = {"format": "jsonl", "overwrite": True, "buckets": ("head", "middle")}
    assert exported(spark, root, output, **options) is None
    # a table that was made again may have other texts under the same ids
    fill_corpus(spark, root, "corpus", ROWS, run="second")
    assert exported(spark, root, output, **options) is None
