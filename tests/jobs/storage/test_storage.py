"""The functions of `jobs.storage`, on a local folder and on a real S3 server."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs import storage
from schemas.errors import UserError

NAMES = [
    "a.warc.gz",
    "b.warc.gz",
    "notes.txt",
    "_SUCCESS",
    ".hidden.gz",
    "2023/a.warc.gz",
    "2023/deep/c.warc.gz",
    "2023/_temporary/d.warc.gz",
    "2024/a.wet.gz",
]


@pytest.fixture
def tree(any_root: str) -> str:
    for name in NAMES:
        storage.write_bytes(storage.join(any_root, name), name.encode())
    return any_root


def names(objects: list[storage.ObjectInfo], root: str) -> list[str]:
    return [info.uri.removeprefix(root + "/") for info in objects]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a.warc.gz", ["a.warc.gz"]),
        ("*.gz", ["a.warc.gz", "b.warc.gz"]),
        ("?.warc.gz", ["a.warc.gz", "b.warc.gz"]),
        ("[!a].warc.gz", ["b.warc.gz"]),
        ("_*", ["_SUCCESS"]),
        ("**/*.warc.gz", ["2023/a.warc.gz", "2023/deep/c.warc.gz", "a.warc.gz", "b.warc.gz"]),
        ("*/a.*", ["2023/a.warc.gz", "2024/a.wet.gz"]),
        ("2023", ["2023/a.warc.gz", "2023/deep/c.warc.gz"]),
        ("2023/", ["2023/a.warc.gz", "2023/deep/c.warc.gz"]),
        ("202[34]", ["2023/a.warc.gz", "2023/deep/c.warc.gz", "2024/a.wet.gz"]),
        ("2023/_temporary", ["2023/_temporary/d.warc.gz"]),
    ],
)
def test_a_pattern_matches_the_same_objects_on_files_and_s3(
    tree: str, pattern: str, expected: list[str]
) -> None:
    objects = storage.expand([f"{tree}/{pattern}"])

    assert names(objects, tree) == expected
    assert [info.size for info in objects] == [len(name) for name in expected]
    assert objects == [storage.stat(info.uri) for info in objects]


def test_overlapping_patterns_return_each_object_once_in_order(tree: str) -> None:
    objects = storage.expand([f"{tree}/*.txt", f"{tree}/2024", f"{tree}/**", f"{tree}/a.warc.gz"])

    assert names(objects, tree) == sorted(
        name for name in NAMES if not any(part[0] in "._" for part in name.split("/"))
    )


@pytest.mark.parametrize("pattern", ["none.gz", "nope*", "nowhere/", "2023/_temp*/x"])
def test_a_pattern_without_a_match_is_a_user_error(tree: str, pattern: str) -> None:
    with pytest.raises(UserError) as raised:
        storage.expand([f"{tree}/a.warc.gz", f"{tree}/{pattern}"])

    assert f"{tree}/{pattern}" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_listing_includes_hidden_objects_and_keeps_the_spelling_of_the_folder(tree: str) -> None:
    spelled = tree.replace("s3://", "s3a://") if tree.startswith("s3") else f"file://{tree}"

    assert names(storage.list_names(spelled), spelled) == sorted(NAMES)
    assert names(storage.list_names(f"{spelled}/2023/"), spelled) == [
        "2023/_temporary/d.warc.gz",
        "2023/a.warc.gz",
        "2023/deep/c.warc.gz",
    ]
    assert storage.list_folders(spelled) == ["2023", "2024"]
    assert storage.list_names(f"{tree}/nowhere") == []
    assert storage.list_folders(f"{tree}/nowhere") == []


def test_removing_a_folder_leaves_its_neighbours(tree: str) -> None:
    storage.write_bytes(f"{tree}/2023-other/x", b"x")

    assert storage.remove_tree(f"{tree}/2023") == 3
    assert storage.remove_tree(f"{tree}/2023") == 0
    assert storage.remove_tree(f"{tree}/notes.txt") == 1
    remaining = {name for name in NAMES if name != "notes.txt" and not name.startswith("2023/")}
    assert names(storage.list_names(tree), tree) == sorted(remaining | {"2023-other/x"})
    assert not storage.exists(f"{tree}/2023")
    assert storage.exists(f"{tree}/2023-other")
    assert storage.exists(f"{tree}/2023-other/x")


@pytest.mark.parametrize("uri", ["/", "file:///", "s3://bucket", "s3a://bucket/"])
def test_a_whole_bucket_or_disk_is_not_removed(uri: str) -> None:
    with pytest.raises(UserError, match="name a folder"):
        storage.remove_tree(uri)


def test_an_object_is_read_whole_by_range_and_from_an_offset(any_root: str) -> None:
    uri, data = f"{any_root}/digits", b"0123456789"
    storage.write_bytes(uri, data)

    assert storage.read_bytes(uri) == data
    assert storage.read_range(uri, 3, 4) == b"3456"
    assert storage.read_range(uri, 8, 99) == b"89"
    assert storage.read_range(uri, 10, 1) == storage.read_range(uri, 3, 0) == b""
    with storage.open_stream(uri, offset=4) as stream:
        assert (stream.read(3), stream.tell(), stream.read(), stream.read()) == (
            b"456",
            7,
            b"789",
            b"",
        )
    with storage.open_stream(uri, offset=10) as stream:
        assert stream.read() == b""


def test_an_empty_object_can_be_read_in_every_way(any_root: str) -> None:
    uri = f"{any_root}/empty"
    storage.write_bytes(uri, b"")

    assert storage.read_bytes(uri) == storage.read_range(uri, 0, 9) == b""
    with storage.open_seekable(uri) as stream:
        assert (stream.seek(0, os.SEEK_END), stream.read()) == (0, b"")


def test_parquet_is_read_from_a_seekable_object(any_root: str) -> None:
    table = pa.table({"id": list(range(50_000)), "text": [f"document {i}" for i in range(50_000)]})
    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer, row_group_size=10_000)
    storage.write_bytes(f"{any_root}/x.parquet", buffer.getvalue().to_pybytes())

    with storage.open_seekable(f"{any_root}/x.parquet") as stream:
        parquet = pq.ParquetFile(stream)
        assert parquet.read_row_group(3) == table.slice(30_000, 10_000)
        assert parquet.read() == table


@pytest.mark.parametrize("size", [0, 1, 20 << 20], ids=["empty", "one byte", "in parts"])
def test_a_file_of_any_size_is_written(any_root: str, size: int) -> None:
    content = random.Random(size).randbytes(size)
    storage.write_bytes(f"{any_root}/x", b"previous content")
    with tempfile.TemporaryFile() as file:
        file.write(content)
        storage.write_file(f"{any_root}/x", file)
        file.seek(0)
        assert file.read(9) == content[:9]  # write_file leaves the file open
    assert storage.read_bytes(f"{any_root}/x") == content
    assert [info.uri for info in storage.list_names(any_root)] == [f"{any_root}/x"]


@pytest.mark.parametrize(
    "read",
    [storage.read_bytes, storage.open_stream, storage.open_seekable],
    ids=lambda f: f.__name__,
)
def test_a_missing_object_is_reported(any_root: str, read: Callable[[str], object]) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.gz"):
        read(f"{any_root}/nothing.gz")
    assert storage.stat(f"{any_root}/nothing.gz") is None
    assert storage.read_versioned(f"{any_root}/nothing.gz") is None
    assert not storage.exists(f"{any_root}/nothing.gz")


def test_relative_paths_and_file_uris_are_returned_as_one_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a b%20c").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)

    (info,) = storage.expand(["*", f"file://{tmp_path}/a b%20c", f"file:{tmp_path}", "./a b%20c"])

    assert info.uri == f"{tmp_path}/a b%20c"


def test_a_broken_symbolic_link_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "link.gz").symlink_to(tmp_path / "nothing")
    with pytest.raises(UserError, match=r"link\.gz: No such file"):
        storage.expand([str(tmp_path)])


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("/Volumes/main/raw/x.gz", "/Volumes/main/raw/x.gz"),
        ("dbfs:/Volumes/main/raw/x.gz", "/Volumes/main/raw/x.gz"),
        ("file:///data/x", "/data/x"),
        ("data/x", "data/x"),
        ("a:b/c", "a:b/c"),
        ("s3n://bucket/a key?#", "s3://bucket/a key?#"),
        ("S3A://bucket/k", "s3://bucket/k"),
        ("https://data.example.org/x?y=1", "https://data.example.org/x?y=1"),
    ],
)
def test_locate_returns_the_spelling_of_the_store(uri: str, address: str) -> None:
    assert storage.locate(uri)[1] == address


@pytest.mark.parametrize("uri", ["abfss://c@a.dfs/x", "gs://b/x", "hdfs://n/x", "dbfs:/mnt/x"])
def test_an_unsupported_scheme_is_a_user_error(uri: str) -> None:
    with pytest.raises(UserError, match=r"is not supported; use a path, file://, s3://, https://"):
        storage.expand([uri])


def test_a_uri_without_a_bucket_is_a_user_error() -> None:
    with pytest.raises(UserError, match="s3a:// names no bucket: write s3://BUCKET"):
        storage.list_names("s3a://")


def test_join_puts_one_slash_between_names() -> None:
    assert storage.join("s3://b/", "/x/", "y") == "s3://b/x/y"
    assert storage.join("/", "x") == "/x"
    assert storage.join("s3://b/x") == "s3://b/x"
