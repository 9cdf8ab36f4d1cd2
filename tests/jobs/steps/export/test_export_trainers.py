"""Trainers' formats: every document once, in order; the files depend on the table alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from pyspark.sql import SparkSession
from rows import context
from rows import fill as fill_plain
from trainer_files import documents, examples, fill, lines, mds, megatron, mended

from jobs import export
from jobs.steps.export import selection
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from schemas.settings.ingest import PRETRAINING
from udfs.tokens.tokenizer import load_tokenizer

TOKENS = {"tokenizer": "mistral"}
FORMATS: dict[str, dict[str, Any]] = {"jsonl": {}, "parquet": {}, "megatron": TOKENS, "mds": TOKENS}
MIXTURE_FORMATS = ("parquet", "megatron", "mds")
CORPUS_FORMATS = ("jsonl", "parquet")
SHARDS = [f"train-{shard:05}-of-00003" for shard in range(3)]


@pytest.fixture(scope="module")
def root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    fill(spark, root, "corpus", documents())
    fill(spark, root, "mixture", examples())
    return root


def exported(
    spark: SparkSession, root: Path, output: Path, format_: str, **settings: Any
) -> Record:
    settings = {**FORMATS[format_], **settings}
    config = ExportConfig(root=str(root), output=str(output), format=format_, **settings)
    return export.run(context(spark, root), config)


@pytest.fixture(scope="module")
def mixture(
    spark: SparkSession, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("mixture")
    for name in MIXTURE_FORMATS:
        more = {"compress": True} if name == "mds" else {}
        record = exported(spark, root, folder / name, name, **more)
        assert (record.rows_in, record.rows_out, record.reasons) == (240, 240, {})
        assert record.details["mended"] == sum("\udc00" in row["text"] for row in examples())
    return {name: folder / name for name in MIXTURE_FORMATS}


@pytest.fixture(scope="module")
def corpus(
    spark: SparkSession, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("corpus")
    for name in CORPUS_FORMATS:
        exported(spark, root, folder / name, name, table="corpus", shards=2)
    return {name: folder / name for name in CORPUS_FORMATS}


def in_order() -> dict[str, list[dict[str, Any]]]:
    """The examples of each shard, in the order of training."""
    rows = sorted(examples(), key=lambda row: (row["shard"], row["position"]))
    return {
        name: [row for row in rows if row["shard"] == shard] for shard, name in enumerate(SHARDS)
    }


def manifest(output: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((output / "manifest.json").read_text())
    return content


@pytest.mark.parametrize(
    ("table", "format_"),
    [
        *(("mixture", name) for name in MIXTURE_FORMATS),
        *(("corpus", name) for name in CORPUS_FORMATS),
    ],
)
def test_the_manifest_names_every_file(
    request: pytest.FixtureRequest, table: str, format_: str
) -> None:
    output = request.getfixturevalue(table)[format_]
    content = manifest(output)
    n, tokens = (240, examples()) if table == "mixture" else (210, documents())
    assert content["documents"] == sum(file["rows"] for file in content["files"]) == n
    assert content["tokens"] == sum(file.get("tokens", 0) for file in content["files"])
    if format_ in ("jsonl", "parquet"):
        assert content["tokens"] == sum(row["token_count"] for row in tokens)
    paths = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
    assert {file["path"] for file in content["files"]} == paths - {"manifest.json"}
    for file in content["files"]:
        data = (output / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (
            file["bytes"],
            file["sha256"],
        )


def test_partitions_change_no_byte(
    spark: SparkSession, tmp_path: Path, mixture: dict[str, Path], corpus: dict[str, Path]
) -> None:
    fill(spark, tmp_path / "root", "corpus", documents()[::-1], partitions=8)
    fill(spark, tmp_path / "root", "mixture", examples()[::-1], partitions=8)
    exported(spark, tmp_path / "root", tmp_path / "mds", "mds", compress=True)
    assert manifest(tmp_path / "mds") == manifest(mixture["mds"])
    exported(spark, tmp_path / "root", tmp_path / "jsonl", "jsonl", table="corpus", shards=2)
    assert manifest(tmp_path / "jsonl") == manifest(corpus["jsonl"])


def test_jsonl_is_redpajama_s(corpus: dict[str, Path]) -> None:
    rows = {row["id"]: row for row in documents()}
    ids = []
    for slice_ in PRETRAINING:
        for shard in range(2):
            path = corpus["jsonl"] / "data" / slice_ / f"train-{shard:05}-of-00002.jsonl.zst"
            for record in lines(path):
                assert list(record) == ["text", "meta", "red_pajama_subset"]
                row = rows[record["meta"]["document_id"]]
                assert record["text"] == mended(row["text"])
                assert row["slice"] == slice_
                assert record["red_pajama_subset"] == {"books": "book"}.get(slice_, slice_)
                ids.append(row["id"])
    assert sorted(ids) == sorted(rows)
    assert ids != sorted(ids)


def test_parquet_has_the_rows_and_a_card(mixture: dict[str, Path], corpus: dict[str, Path]) -> None:
    for name, rows in in_order().items():
        table = pq.read_table(mixture["parquet"] / "data" / f"{name}.parquet")
        same = ("id", "slice", "url", "license", "date", "language", "epoch", "token_count")
        for stored, row in zip(table.to_pylist(), rows, strict=True):
            assert {key: stored[key] for key in same} == {key: row[key] for key in same}
            assert stored["text"] == mended(row["text"])
            assert json.loads(stored["metadata"]) == (row["metadata"] or {})
            assert (stored["source_uri"], stored["source_offset"]) == tuple(row["source"].values())
    for folder, configs in (
        (mixture["parquet"], ["default"]),
        (corpus["parquet"], ["default", *sorted(PRETRAINING)]),
    ):
        _, header, text = (folder / "README.md").read_text().split("---\n", 2)
        card = yaml.safe_load(header)
        assert [entry["config_name"] for entry in card["configs"]] == configs
        assert card["size_categories"] == ["n<1K"]
        assert card["language"] == ["en", "ja"]
        for entry, info in zip(card["configs"], card["dataset_info"], strict=True):
            files = sorted(folder.glob(entry["data_files"][0]["path"]))
            (split,) = info["splits"]
            read = [pq.read_table(file, partitioning=None) for file in files]
            assert split["num_examples"] == sum(table.num_rows for table in read)
            assert info["download_size"] == sum(file.stat().st_size for file in files)
            assert [feature["name"] for feature in info["features"]] == read[0].column_names
        rows = examples() if len(configs) == 1 else documents()
        for license_, n in Counter(row["license"] or "not named" for row in rows).items():
            assert f"| {license_} | {n:,} |" in text


def test_datasets_loads_the_folder(
    mixture: dict[str, Path],
    corpus: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))  # it is read when the package is imported
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets", reason="Hugging Face's datasets is not installed")
    cache = str(tmp_path)
    loaded = datasets.load_dataset(str(mixture["parquet"]), split="train", cache_dir=cache)
    rows = [row for shard in in_order().values() for row in shard]
    assert loaded["id"][:] == [row["id"] for row in rows]
    assert loaded["text"][:] == [mended(row["text"]) for row in rows]
    whole = datasets.load_dataset(str(corpus["parquet"]), split="train", cache_dir=cache)
    books = datasets.load_dataset(str(corpus["parquet"]), "books", split="train", cache_dir=cache)
    assert (len(whole), len(books)) == (210, 30)
    assert set(books["slice"]) == {"books"}
    assert whole.features["token_count"].dtype == "int32"


@pytest.mark.parametrize("name", SHARDS)
def test_megatron_holds_each_document_and_its_end(mixture: dict[str, Path], name: str) -> None:
    tokenizer = load_tokenizer()
    documents_ids = megatron(str(mixture["megatron"] / "data" / name))
    expected = [[*tokenizer.encode(mended(row["text"])), 2] for row in in_order()[name]]
    assert [ids.tolist() for ids in documents_ids] == expected
    assert {ids.dtype.name for ids in documents_ids} == {"uint16"}
    # no document holds an end before its own
    assert all((ids == 2).sum() == 1 for ids in documents_ids)
    listed = (mixture["megatron"] / "data_args.txt").read_text().splitlines()
    assert f"{sum(map(len, documents_ids))} data/{name}" in listed
    assert len(listed) == 3
    assert manifest(mixture["megatron"])["packing"]["eod"] == 2


def test_mds_holds_the_samples_in_order(mixture: dict[str, Path]) -> None:
    tokenizer = load_tokenizer()
    rows = [row for shard in in_order().values() for row in shard]
    for sample, row in zip(mds(mixture["mds"]), rows, strict=True):
        assert (sample["id"], sample["slice"]) == (row["id"], row["slice"])
        assert sample["text"] == mended(row["text"])
        assert sample["tokens"].tolist() == [*tokenizer.encode(mended(row["text"])), 2]
        assert sample["tokens"].dtype.name == "uint16"
    assert len([path for path in mixture["mds"].rglob("*") if path.suffix == ".zstd"]) == 3


def test_unselected_and_removed_documents_are_not_exported(
    spark: SparkSession, root: Path, tmp_path: Path
) -> None:
    rows = documents()
    removed = [row["id"] for row in rows if row["slice"] == "c4" and row["bucket"] == "head"][:2]
    fill(spark, tmp_path / "root", "corpus", rows)
    takedowns = [{"kind": "id", "value": id_} for id_ in removed]
    fill_plain(spark, tmp_path / "root", "takedowns", takedowns)
    settings: dict[str, Any] = {"table": "corpus", "slices": ("c4", "books"), "buckets": ("head",)}
    record = exported(spark, tmp_path / "root", tmp_path / "out", "jsonl", sample=100, **settings)
    chosen = {
        row["id"]
        for row in rows
        if row["slice"] in ("c4", "books") and row["bucket"] == "head" and row["id"] not in removed
    }
    tokens = {row["id"]: row["token_count"] for row in rows}
    assert sum(tokens[id_] for id_ in chosen) > 100
    files = (tmp_path / "out").rglob("*.zst")
    sampled = {line["meta"]["document_id"] for file in files for line in lines(file)}
    assert sampled < chosen
    assert abs(sum(tokens[id_] for id_ in sampled) - 100) <= max(tokens.values())
    assert (record.rows_in, record.rows_out) == (210, len(sampled))
    assert record.reasons == {
        "slice": 150,
        "bucket": sum(row["slice"] in ("c4", "books") for row in rows) - len(chosen) - 2,
        "taken-down": 2,
        "sample": len(chosen) - len(sampled),
    }


def test_a_sample_contains_a_smaller_one(spark: SparkSession, root: Path) -> None:
    rows = examples()
    total = sum(row["token_count"] for row in rows)
    chosen = []
    for share in (0.25, 0.5):
        config = ExportConfig(
            root=str(root), output="", format="jsonl", sample=round(total * share)
        )
        record = Record("", "export")
        selected = selection.select(context(spark, root), config, record)
        chosen.append(Counter(map(tuple, selected.rows.select("id", "epoch").collect())))
        out = chosen[-1].total()
        assert (record.rows_in, record.reasons) == (len(rows), {"sample": len(rows) - out})
        for slice_ in PRETRAINING:
            tokens = [row["token_count"] for row in rows if row["slice"] == slice_]
            sampled = sum(kind.tokens for kind in selected.kinds if kind.slice == slice_)
            # Wikipedia's documents are repeated
            assert abs(sampled - sum(tokens) * share) <= 2 * max(tokens)
    assert chosen[0] < chosen[1] < Counter((row["id"], row["epoch"]) for row in rows)


@pytest.mark.parametrize(
    ("format_", "settings", "message"),
    [
        ("csv", {}, "--format: no format 'csv'"),
        ("megatron", {"tokenizer": None}, "needs the tokenizer of the model that is trained"),
        ("megatron", {"tokenizer": "/nowhere/tokenizer.json"}, "cannot read the model"),
        ("mds", {"eod": "<end>"}, "no special token '<end>'"),
        ("mds", {"tokenizer": None, "eod": "</s>"}, "--eod is a token of --tokenizer"),
        ("jsonl", {"eod": "</s>"}, "--eod does not apply to --format jsonl"),
        ("jsonl", {"shards": 2}, "the mixture keeps the shards"),
        ("redpajama-v2", {"sample": 5}, "--sample does not apply to --format redpajama-v2"),
        ("jsonl", {"slices": ("books",), "buckets": ("nowhere",)}, "has no documents of these"),
        ("parquet", {"output": "inside"}, "choose a folder outside of the root"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value)),
)
def test_mistakes_are_reported_in_one_line(
    spark: SparkSession,
    root: Path,
    tmp_path: Path,
    format_: str,
    settings: dict[str, Any],
    message: str,
) -> None:
    options = {"output": tmp_path / "out", **FORMATS.get(format_, {}), **settings}
    options["output"] = str(root / "corpus" if options["output"] == "inside" else options["output"])
    with pytest.raises(UserError, match=message) as raised:
        export.run(context(spark, root), ExportConfig(root=str(root), format=format_, **options))
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_an_empty_table_and_another_format_s_export_are_refused(
    spark: SparkSession, root: Path, tmp_path: Path, mixture: dict[str, Path]
) -> None:
    fill(spark, tmp_path / "root", "mixture", [])
    with pytest.raises(UserError, match="mixture/ has no documents"):
        exported(spark, tmp_path / "root", tmp_path / "out", "jsonl")
    with pytest.raises(UserError, match="is an export as mds: choose another folder"):
        exported(spark, root, mixture["mds"], "jsonl", overwrite=True)
    incomplete = tmp_path / "broken"
    incomplete.mkdir()
    (incomplete / "_INCOMPLETE").write_text("mds")
    with pytest.raises(UserError, match="is an export as mds: choose another folder"):
        exported(spark, root, incomplete, "jsonl", overwrite=True)
