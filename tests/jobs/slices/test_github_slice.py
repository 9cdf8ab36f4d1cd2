"""Records of BigQuery's github_repos to documents, from JSON lines and from Parquet alike."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rows import collect, context, document, fill
from slices import kept, outcome_rows, rejected

from jobs import dedup
from jobs.sample.dumps import github as sample
from jobs.slices.github import SLICE
from jobs.slices.github_records import address, name
from schemas.settings.dedup import DedupConfig
from udfs.digest import sha1_digest
from udfs.near_duplicates import minhash_v2

CODE = '''# Copyright 2020 The Authors

def average(numbers):
    """Return the average of some numbers, or nothing without any."""
    return sum(numbers) / len(numbers) if numbers else None
'''


def record(
    path: str | None = "src/average.py", content: Any = CODE, **others: Any
) -> dict[str, Any]:
    return {
        "content": content,
        "id": hashlib.sha1(str(content).encode("utf-8", "replace")).hexdigest(),
        "repo_name": "some/repo",
        "ref": "refs/heads/master",
        "path": path,
        "mode": "33188",
        "size": "180",
        "binary": False,
        "copies": "2",
        "license": "bsd-3-clause",
        "language": [{"name": "Python", "bytes": "900"}, {"name": "C", "bytes": "3"}],
        **others,
    }


def dump(path: Path, *records: dict[str, Any] | bytes) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(list(records)), path, row_group_size=2)
        return path
    lines = [
        record if isinstance(record, bytes) else json.dumps(record).encode() for record in records
    ]
    path.write_bytes(gzip.compress(b"".join(line + b"\n" for line in lines)))
    return path


@pytest.mark.parametrize("file", ["a.jsonl.gz", "a.parquet"])
def test_a_file_becomes_a_document(tmp_path: Path, file: str) -> None:
    path = dump(tmp_path / file, record())
    [row] = outcome_rows(SLICE, path)
    text = CODE.partition("\n\n")[2]
    assert {name: row[name] for name in row if row[name] is not None} == {
        "id": "github/some/repo/src/average.py",
        "slice": "github",
        "snapshot": "local",
        "text": text,
        "url": "https://github.com/some/repo/blob/master/src/average.py",
        "digest": sha1_digest(CODE.encode()),
        "source": {"uri": str(path), "offset": 0},
        "license": "BSD-3-Clause",
        "metadata": [
            ("content_hash", hashlib.md5(CODE.encode()).hexdigest()),
            ("repo_name", "some/repo"),
            ("ref", "refs/heads/master"),
            ("path", "src/average.py"),
            ("blob_id", hashlib.sha1(CODE.encode()).hexdigest()),
            ("mode", "33188"),
            ("size", "180"),
            ("copies", "2"),
            ("programming_languages", "Python,C"),
            ("line_count", "3"),
            ("max_line_length", "69"),
            ("avg_line_length", str(len(text) / 3)),
            ("alnum_prop", str(sum(map(str.isalnum, text)) / len(text))),
        ],
        "length": len(text),
        "nlines": 4,
        "source_domain": "github.com",
        "outcome": "kept",
    }


def test_every_record_has_one_outcome(tmp_path: Path) -> None:
    path = dump(
        tmp_path / "a.jsonl.gz",
        record(),
        record(license="gpl-3.0"),
        record(license="my own"),
        record(license=None, content=None),
        record(content=None),
        record(content=None, binary="true"),
        record("a/b.crt", license="agpl-3.0"),
        record("a/b.crt"),
        record("LICENSE"),
        record("a.txt", content=""),
        record("a.txt"),
        record(content="# Copyright\n"),
        record(content="x = 1 # " + "long " * 200),
        record(content=7),
        record(path=None),
        b'{"content": "cut',
        record(content="x" * 5000),
        {"content": CODE, "path": "a.py", "license": "mit"},
        record("half.py", content=CODE + "\ud800\0"),
    )
    rows = outcome_rows(SLICE, path, max_record_bytes=4096)
    assert rejected(rows) == {
        "counted license-gpl-3.0": 1,
        "counted license-agpl-3.0": 1,
        "counted license-other": 1,
        "counted license-none": 1,
        "counted no-content": 1,
        "counted binary": 1,
        "counted certificate": 1,
        "counted license-file": 1,
        "counted empty": 2,
        "counted extension": 1,
        "counted max-line-length": 1,
        "quarantine bad-record": 2,
        "quarantine broken-json": 1,
        "quarantine record-too-large": 1,
    }
    documents = kept(rows)
    assert [row["text"][-1] for row in documents] == ["\n", "\n", "\N{REPLACEMENT CHARACTER}"]
    assert [row["url"] is None for row in documents] == [False, True, False]
    assert documents[1]["id"].startswith("github/")


def test_json_and_parquet_give_the_same(tmp_path: Path) -> None:
    records = [record(f"{n}.py", content=CODE + str(n)) for n in range(9)]
    records[3] = record("no.txt")
    one = outcome_rows(SLICE, dump(tmp_path / "a.jsonl.gz", *records))
    two = outcome_rows(SLICE, dump(tmp_path / "a.parquet", *records))
    assert [{**row, "source": 0, "uri": 0} for row in one] == [
        {**row, "source": 0, "uri": 0} for row in two
    ]
    assert [row["source"]["offset"] for row in kept(two)] == [0, 1, 2, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    "language", ["Python", ["Python"], [{"name": "Python"}], {"name": "Python"}]
)
def test_programming_languages(tmp_path: Path, language: Any) -> None:
    [row] = outcome_rows(SLICE, dump(tmp_path / "a.jsonl.gz", record(language=language)))
    metadata = dict(row["metadata"])
    assert metadata["programming_languages"] == "Python"
    assert "language" not in metadata


def test_names_and_addresses() -> None:
    assert name("a/b", "refs/heads/master", "c d.py", "f00") == "a/b/c d.py"
    assert name("a/b", None, "c.py", "f00") == "a/b/c.py"
    branches = ["refs/heads/main", "refs/heads/x/y", "refs/tags/v1"]
    names = [name("a/b", ref, "c.py", None) for ref in branches]
    assert names == ["a/b@main/c.py", "a/b@x%2Fy/c.py", "a/b@refs%2Ftags%2Fv1/c.py"]
    assert name(None, None, "c.py", "f00") == "f00/c.py"
    assert name(None, None, "c.py", None) is None
    assert address("a/b", "refs/heads/x/y", "c d#?é%.py") == (
        "https://github.com/a/b/blob/x/y/c%20d%23%3F%C3%A9%25.py"
    )
    assert address("a/b", None, "c.py") == "https://github.com/a/b/blob/HEAD/c.py"


def test_settings(tmp_path: Path) -> None:
    path = dump(tmp_path / "a.jsonl.gz", record(license="gpl-3.0"))
    assert len(kept(outcome_rows(SLICE, path, licenses=("gpl*",)))) == 1
    path = dump(tmp_path / "b.jsonl.gz", record())
    for setting, value, reason in [
        ("max_line_length", 68, "max-line-length"),
        ("max_mean_line_length", 50.0, "mean-line-length"),
        ("min_alphanumeric", 0.99, "alphanumeric"),
        ("min_letters_per_token", 9.0, "letters-per-token"),
    ]:
        settings: dict[str, Any] = {setting: value}
        assert rejected(outcome_rows(SLICE, path, **settings)) == {f"counted {reason}": 1}
    assert len(kept(outcome_rows(SLICE, path, max_line_length=69))) == 1


def test_broken_files_are_one_row_each(tmp_path: Path) -> None:
    parquet = dump(tmp_path / "a.parquet", record())
    parquet.write_bytes(parquet.read_bytes()[:-9])
    (tmp_path / "b.parquet").write_bytes(b"")
    (tmp_path / "b2.parquet").write_bytes(b"no\nParquet\n" * 9)
    (tmp_path / "b3").write_bytes(parquet.read_bytes())
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b"{}")[:-4])
    rows = outcome_rows(SLICE, tmp_path)
    assert rejected(rows) == {"quarantine corrupt-parquet": 4, "quarantine truncated-gzip": 1}


def test_content_hash_as_v1(
    conformance: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    """Of the original, whatever becomes of its notice."""
    cases = conformance("github.content_hash")
    records = [record(f"{n}.py", content=case["input"]) for n, case in enumerate(cases)]
    path = dump(tmp_path / "a.jsonl.gz", *records)
    rows = outcome_rows(SLICE, path, min_letters_per_token=0.0, min_alphanumeric=0.0)
    hashes = {dict(row["metadata"])["path"]: dict(row["metadata"]) for row in kept(rows)}
    assert len(hashes) == len(cases)
    for n, case in enumerate(cases):
        assert hashes[f"{n}.py"]["content_hash"] == case["expected"]


def test_the_sample_is_what_it_says(tmp_path: Path) -> None:
    planted = sample.write(tmp_path, 0)
    rows = outcome_rows(SLICE, tmp_path)
    expected = Counter(record["outcome"] for record in planted)
    assert len(kept(rows)) == expected.pop("kept")
    assert Counter({key.split()[1]: n for key, n in rejected(rows).items()}) == expected
    again = tmp_path / "again"
    again.mkdir()
    sample.write(again, 0)
    for path in again.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_dedup_finds_a_copy_in_another_file(spark: Any, tmp_path: Path) -> None:
    dump(tmp_path / "a.jsonl.gz", record("one.py"), record("other.py", content=CODE * 2))
    dump(tmp_path / "b.parquet", record("vendor/two.py", repo_name="another/repo"))
    rows = kept(outcome_rows(SLICE, tmp_path / "a.jsonl.gz", tmp_path / "b.parquet"))
    annotated = [
        document(
            "",
            row["text"],
            id=row["id"],
            slice="github",
            digest=row["digest"],
            bucket="all",
            minhash=minhash_v2.signatures([row["text"]])[0],
        )
        for row in rows
    ]
    root = tmp_path / "root"
    fill(spark, root, "annotated", annotated)
    dedup.run(context(spark, root), DedupConfig(root=str(root)))
    duplicates = collect(spark, root, "duplicates", "id", "survivor_id", "kind")
    pair = {"github/some/repo/one.py", "github/another/repo/vendor/two.py"}
    exact = [row for row in duplicates if row[2] == "exact"]
    assert [set(row[:2]) for row in exact] == [pair]
