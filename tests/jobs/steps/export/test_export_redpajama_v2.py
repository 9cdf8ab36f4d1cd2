"""V2's files: their content and paths, which depend on the table alone."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from rows import context, document, fill, said

from jobs import export
from jobs.steps.export.files import ParquetRows
from jobs.steps.export.formats import redpajama_v2
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from schemas.tables.annotated import ANNOTATED
from udfs.ccnet.shards import shard_of
from udfs.formats import redpajama_v2 as v2
from udfs.near_duplicates import minhash_v2
from udfs.quality_signals import columns, score

CCNET = ("length", "original_length", "nlines", "original_nlines", "language_score", "perplexity")
LONG = (
    "The llama, a quiet animal, walks over {n} hills.\nIt has {n}% of its wool — “soft”.\n\n• end"
)
TEXTS = [*(LONG.replace("{n}", str(n)) for n in range(9)), "too short", "", "ünï\u2028code 🦙\n"]


def annotated() -> list[dict[str, Any]]:
    """Documents of two snapshots, five archives, two languages and all buckets."""
    rows = []
    for i, text in enumerate(TEXTS * 2):
        bucket = ("head", "middle", "tail", "all")[i % 4]
        row = document(
            f"{i:02}",
            text,
            snapshot="CC-MAIN-2023-06" if i % 3 else "CC-MAIN-2014-15",
            source={"uri": f"s3://x/{i % 5}.warc.gz", "offset": 1000 - i},
            cc_segment=f"crawl-data/{i % 5}.warc.gz",
            date="2023-02-01T00:00:00Z",
            title="Tïtle" if i % 2 else None,
            digest=f"sha1:{'SAME' if i in (3, 15) else i}",
            original_length=len(text) + 5,
            original_nlines=9,
            line_ids=list(range(text.count("\n") + 1)),
            language="de" if i % 7 == 0 else "en",
            language_score=0.91,
            perplexity=None if bucket == "all" else 100.5 + i,
            bucket=bucket,
            # annotate stores it only where asked for
            minhash=minhash_v2.signatures([text])[0] if i % 3 else None,
        )
        signals = columns([text], [row["language"]], ["example.org"], ccnet=in_lists(ccnet(row)))
        rows.append(row | {"quality_signals": signals.to_pylist()[0]})
    rows.append(rows[0] | {"id": "books/1", "slice": "books"})
    return rows


def ccnet(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in (*CCNET, "bucket")}


def in_lists(fields: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [value] for name, value in fields.items()}


DUPLICATES = [
    {"id": "common_crawl/15", "survivor_id": "common_crawl/03", "kind": "exact"},
    {"id": "common_crawl/07", "survivor_id": "common_crawl/04", "kind": "near"},
]


def exported(spark: SparkSession, folder: Path, partitions: int, **settings: Any) -> Path:
    rows = annotated()
    if partitions > 1:
        rows.reverse()
    root, output = folder / "root", folder / "output"
    fill(spark, root, "annotated", rows, partitions=partitions)
    fill(spark, root, "duplicates", DUPLICATES, inputs=[{"annotated": "first"}])
    config = ExportConfig(root=str(root), format="redpajama-v2", output=str(output), **settings)
    job_context = context(spark, root)
    record = export.run(job_context, config)
    assert (record.rows_in, record.rows_out, record.reasons) == (25, 24, {"slice": 1})
    assert "export: 24 documents" in said(job_context)
    return output


@pytest.fixture(scope="module")
def output(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One export, for all tests that only read it."""
    return exported(spark, tmp_path_factory.mktemp("export"), 1, shards=2)


def lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def stems(output: Path, folder: str) -> set[str]:
    paths = (output / folder).rglob("*.*")
    return {str(path.relative_to(output / folder)).partition(".")[0] for path in paths}


def test_documents_are_ccnet_s_records_in_the_order_of_the_archives(output: Path) -> None:
    by_url = {row["url"]: row for row in annotated() if row["slice"] == "common_crawl"}
    archives: dict[str, list[str]] = {}
    for row in by_url.values():
        archives.setdefault(row["snapshot"], []).append(row["source"]["uri"])
    seen = 0
    for path in (output / "documents").rglob("*.json.gz"):
        snapshot, shard, name = path.relative_to(output / "documents").parts
        sources = []
        assert b"\\u" not in gzip.decompress(path.read_bytes())  # not escaped
        for record in lines(path):
            row = by_url[record["url"]]
            expected = {field: row[column] for field, column in v2.DOCUMENT_FIELDS.items()}
            expected["title"] = row["title"] or ""
            assert {"perplexity": None, **record} == expected
            assert ("perplexity" in record) == (row["bucket"] != "all")
            assert name == f"{row['language']}_{row['bucket']}.json.gz"
            assert row["snapshot"] == f"CC-MAIN-{snapshot}"
            known = sorted(set(archives[row["snapshot"]]))
            position = known.index(row["source"]["uri"])
            assert shard == f"{shard_of(position, len(known), 2):04d}"
            sources.append((row["source"]["uri"], row["source"]["offset"]))
            seen += 1
        assert sources == sorted(sources)
    assert seen == len(by_url) == 24


def test_signals_equal_score_and_name_their_document(output: Path) -> None:
    ids = set()
    for path in (output / "quality_signals").rglob("*.gz"):
        stem = str(path.relative_to(output / "quality_signals")).removesuffix(".signals.json.gz")
        documents = lines(output / "documents" / f"{stem}.json.gz")
        for i, (record, source) in enumerate(zip(lines(path), documents, strict=True)):
            assert list(record) == ["id", "id_int", "metadata", "quality_signals"]
            assert record["id"] == f"{stem}.json.gz/{i}"
            digest = hashlib.sha1(record["id"].encode()).digest()
            assert record["id_int"] == int.from_bytes(digest[:8], "little")
            assert record["metadata"] == {
                "cc_segment": source["cc_segment"],
                "cc_net_source": f"{stem}.json.gz",
                "url": source["url"],
                "source_domain": "example.org",
                "language": source["language"],
                "snapshot_id": stem[:7],
            }
            expected = score(
                source["raw_content"],
                language=source["language"],
                source_domain="example.org",
                ccnet=ccnet({"perplexity": None, **source}),
            )
            assert json.dumps(record["quality_signals"]) == json.dumps(expected)
            ids.add(record["id"])
    assert len(ids) == 24


def test_minhash_and_duplicates_have_v2_s_columns(output: Path) -> None:
    assert stems(output, "minhash") == stems(output, "documents") == stems(output, "duplicates")
    duplicates = []
    for stem in stems(output, "documents"):
        documents = lines(output / "documents" / f"{stem}.json.gz")
        table = pq.read_table(output / "minhash" / f"{stem}.minhash.parquet", partitioning=None)
        assert table.schema == v2.MINHASH_SCHEMA
        for i, row in enumerate(table.to_pylist()):
            assert (row["shard_id"], row["id"]) == (f"{stem}.json.gz", f"{stem}.json.gz/{i}")
            assert row["id_int"] == v2.id_int(row["id"])
            signature = minhash_v2.signatures([documents[i]["raw_content"]])[0]
            assert list(row.values())[3:] == v2.banded(signature)
        table = pq.read_table(
            output / "duplicates" / f"{stem}.duplicates.parquet", partitioning=None
        )
        assert table.schema == v2.DUPLICATES_SCHEMA
        for row in table.to_pylist():
            line = int(row["doc_id"].removeprefix(f"{row['shard_id']}/"))
            assert row["shard_id"] == f"{stem}.json.gz"
            duplicates.append((documents[line]["url"], row["digest"]))
    assert duplicates == [("https://example.org/15", "SAME")]


def test_the_manifest_and_the_listings_name_every_file(output: Path) -> None:
    manifest = json.loads((output / "manifest.json").read_text())
    assert manifest["documents"] == 24
    paths = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
    assert {file["path"] for file in manifest["files"]} == paths - {"manifest.json"}
    for file in manifest["files"]:
        content = (output / file["path"]).read_bytes()
        assert len(content) == file["bytes"]
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    rows = {
        folder: sum(file["rows"] for file in manifest["files"] if file["path"].startswith(folder))
        for folder in ("documents", "quality_signals", "minhash", "duplicates")
    }
    assert rows == {"documents": 24, "quality_signals": 24, "minhash": 24, "duplicates": 1}
    listed = [path.read_text().split() for path in (output / "listings").iterdir()]
    assert sorted(stem for stems_ in listed for stem in stems_) == sorted(
        stems(output, "documents")
    )
    assert {
        line.partition("_")[2]
        for line in ((output / "listings/en-2023-06-head_middle.txt").read_text().split())
    } == {"head", "middle"}


def test_partitions_and_tasks_change_no_byte(
    spark: SparkSession, tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redpajama_v2, "BYTES_PER_TASK", 20_000)
    other = exported(spark, tmp_path, 5, shards=2)
    first = json.loads((output / "manifest.json").read_text())
    assert json.loads((other / "manifest.json").read_text()) == first


def test_buckets_are_selected_and_shards_follow_the_documents(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redpajama_v2, "DOCUMENTS_PER_SHARD", 3)
    fill(spark, tmp_path / "root", "annotated", annotated())
    settings: dict[str, Any] = {
        "root": str(tmp_path / "root"),
        "format": "redpajama-v2",
        "buckets": ("head",),
    }
    folder = tmp_path / "output"
    record = export.run(
        context(spark, tmp_path / "root"), ExportConfig(output=str(folder), **settings)
    )
    assert (record.rows_out, record.reasons) == (6, {"slice": 1, "bucket": 18})
    # 16 documents of 2023-06 in five archives: at most one shard for each archive
    shards = {path.parts[-2] for path in (folder / "documents/2023-06").rglob("*.gz")}
    assert shards <= {f"{shard:04d}" for shard in range(5)}
    assert len(shards) > 1
    assert not (folder / "duplicates").exists()
    # --overwrite removes the earlier export, and keeps other files
    (folder / "mine.txt").write_text("mine")
    again = ExportConfig(output=str(folder), **settings)
    with pytest.raises(UserError, match="not empty: choose another folder"):
        export.run(context(spark, tmp_path / "root"), again)
    (folder / "documents/2023-06/old.json.gz").write_text("old")
    export.run(
        context(spark, tmp_path / "root"),
        ExportConfig(output=str(folder), overwrite=True, **settings),
    )
    assert (folder / "mine.txt").exists()
    assert not (folder / "documents/2023-06/old.json.gz").exists()


def test_mistakes_are_reported_in_one_line(spark: SparkSession, tmp_path: Path) -> None:
    root = tmp_path / "root"

    def run(output: Path) -> None:
        config = ExportConfig(root=str(root), format="redpajama-v2", output=str(output))
        export.run(context(spark, root), config)

    with pytest.raises(UserError, match="no table annotated yet: run `redpajama annotate` first"):
        run(tmp_path / "output")
    fill(spark, root, "annotated", annotated()[:1])
    for inside in (root, root / "documents", tmp_path):
        with pytest.raises(UserError, match="choose a folder outside of the root"):
            run(inside)
    fill(spark, root, "duplicates", DUPLICATES, inputs=[{"annotated": "older"}])
    with pytest.raises(UserError, match="run `redpajama dedup` again"):
        run(tmp_path / "output")


def test_a_folder_that_is_no_export_is_not_replaced(spark: SparkSession, tmp_path: Path) -> None:
    root, output = tmp_path / "root", tmp_path / "output"
    fill(spark, root, "annotated", annotated()[:1])
    (output / "documents").mkdir(parents=True)
    (output / "documents" / "letter.txt").write_text("mine")
    config = ExportConfig(root=str(root), format="redpajama-v2", output=str(output), overwrite=True)
    with pytest.raises(UserError, match="is not an earlier export"):
        export.run(context(spark, root), config)
    assert (output / "documents" / "letter.txt").exists()


def test_files_do_not_depend_on_the_batches(tmp_path: Path) -> None:
    fields = {field.name: field.type for field in to_arrow_schema(ANNOTATED)}
    names = (*v2.DOCUMENT_FIELDS.values(), "quality_signals", "minhash", "id")
    rows = []
    for i, row in enumerate(annotated()):
        group = {"snapshot_id": "2023-06", "shard": i // 9, "file_language": "en"}
        group["file_bucket"] = "head"
        kept = {name: row[name] for name in names}
        if i % 4 == 0:
            mark = dict.fromkeys(names) | {"id": row["id"]}
            rows.append(mark | group | {"is_document": False})
        rows.append(kept | group | {"is_document": True})
    columns_ = {name: pa.array([row[name] for row in rows], fields.get(name)) for name in rows[0]}
    table = pa.table(columns_)
    files = []
    for size in (1, 2, 100):
        work = redpajama_v2.files_of_shards(str(tmp_path / str(size)), duplicates=True)
        reports = work(iter(table.to_batches(max_chunksize=size)))
        files.append([row for report in reports for row in report.to_pylist()])
    assert files[0] == files[1] == files[2]
    assert [row["rows"] for row in files[0] if row["path"].startswith("docu")] == [9, 9, 7]
    assert [row["rows"] for row in files[0] if row["path"].startswith("dupl")] == [3, 2, 2]


def test_row_groups_have_ten_thousand_rows(tmp_path: Path) -> None:
    rows = ParquetRows(v2.DUPLICATES_SCHEMA)
    for i in range(10_001):
        rows.add(("a", f"a/{i}", "digest"))
    assert rows.put(str(tmp_path), "x.parquet").rows == 10_001
    assert pq.read_metadata(tmp_path / "x.parquet").num_row_groups == 2
