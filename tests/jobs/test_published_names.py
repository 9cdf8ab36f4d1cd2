"""What is published does not show where files are on the machine that made it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from backports import zstd
from earlier_root import PLACE, redpajama, unpack_root
from pyspark.sql import SparkSession

from jobs.storage.public_names import public_name, public_text, published


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("/home/me/my dumps/a.warc.gz", "a.warc.gz"),
        ("/home/me/dumps/", "dumps"),
        ("/home/me/*/Posts.xml", "Posts.xml"),
        ("file:/data/x", "x"),
        ("file:///data/x", "x"),
        ("dbfs:/Volumes/a/b/c.xml", "c.xml"),
        ("/Volumes/a/b/c.xml", "c.xml"),
        ("/", "/"),
        ("dumps/a.xml", "dumps/a.xml"),
        ("s3://bucket/key", "s3://bucket/key"),
        ("https://user:password@host/x?signature=1", "https://host/x"),
        ("mistral", "mistral"),
        ("", ""),
    ],
)
def test_a_local_path_is_its_last_part(uri: str, name: str) -> None:
    assert public_name(uri) == name


def test_settings_are_published_at_every_depth() -> None:
    values = {
        "models": "/opt/models",
        "input": ["/a/b", "c/d"],
        "n": 3,
        "of": {"x": ("/a/b", None)},
    }
    expected = {"models": "models", "input": ["b", "c/d"], "n": 3, "of": {"x": ["b", None]}}
    assert published(values) == expected


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("run `redpajama dedup --root /home/me/my data/root`", "run `redpajama dedup --root root`"),
        ("/home/me/my data/root/_runs/a.json is lost", "root/_runs/a.json is lost"),
        ("/home/me/my data/root2 is another", "my data/root2 is another"),
        ("cannot read '/home/me/a.json': no file", "cannot read 'a.json': no file"),
        ("c4: (/home/me/a.json:3, file:///b/c/d.json)", "c4: (a.json:3, d.json)"),
        ("c4:/data/x/*.json matches nothing", "c4:*.json matches nothing"),
        (
            "see https://x.org/home/me/my and s3://b/c/d",
            "see https://x.org/home/me/my and s3://b/c/d",
        ),
        ("dumps/a/b, ./c/d and either/or, 1/2 </p>", "dumps/a/b, ./c/d and either/or, 1/2 </p>"),
        ("/" * 100_000 + " /a" * 100_000, "/" * 100_000 + " /a" * 100_000),
    ],
    ids=range(9),
)
def test_local_paths_in_a_message_are_names(message: str, shown: str) -> None:
    assert public_text(message, "/home/me/my data/root/") == shown


def test_no_file_of_an_export_or_report_has_a_local_path(
    spark: SparkSession, tmp_path: Path
) -> None:
    root = unpack_root(tmp_path)
    lines = {
        "jsonl": "export --format jsonl --table mixture",
        "parquet": "export --format parquet --table corpus",
        "mixture": "export --format parquet --table mixture",
        "v2": "export --format redpajama-v2",
    }
    for name, line in lines.items():
        redpajama(spark, root, f"{line} --output {tmp_path / 'exports' / name}")
    redpajama(spark, root, f"report --output {tmp_path / 'exports' / 'report.html'}")
    contents = {path: read(path) for path in (tmp_path / "exports").rglob("*.*") if path.is_file()}
    kinds = {path.suffix for path in contents}
    assert {".zst", ".parquet", ".md", ".json", ".html", ".gz"} <= kinds
    for path, content in contents.items():
        for place in (str(tmp_path), str(PLACE), root):
            assert place not in content, path
    # and yet inputs have their names
    cards = [content for path, content in contents.items() if path.name == "README.md"]
    assert cards
    [report] = [json.loads(text) for path, text in contents.items() if path.name == "report.json"]
    assert report["root"] == "root"
    uris = {
        uri
        for path in contents
        if path.suffix == ".parquet" and "parquet" in path.parts
        for uri in pq.read_table(path).column("source_uri").to_pylist()
    }
    assert uris
    assert not any("/" in uri for uri in uris)


def read(path: Path) -> str:
    """Return what a file says, decompressed."""
    if path.suffix == ".parquet":
        return str(pq.ParquetFile(path).read().to_pylist())
    content = path.read_bytes()
    if path.suffix == ".zst":
        content = zstd.decompress(content)
    if path.suffix == ".gz":
        import gzip

        content = gzip.decompress(content)
    return content.decode("utf-8", "replace")
