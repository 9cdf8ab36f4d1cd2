"""What `jobs.storage` promises, the same for folders and for a real S3 server."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.s3)])
def root(request: pytest.FixtureRequest) -> str:
    """Give an empty folder, once in the file system and once in an S3 bucket."""
    if request.param == "file":
        return str(request.getfixturevalue("tmp_path"))
    return str(request.getfixturevalue("s3").uri()).rstrip("/")


@pytest.fixture
def tree(root: str) -> str:
    for name in NAMES:
        storage.write_bytes(storage.join(root, name), name.encode())
    return root


def names(found: list[storage.ObjectInfo], root: str) -> list[str]:
    return [info.uri.removeprefix(root + "/") for info in found]


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
def test_a_pattern_names_the_same_objects_everywhere(
    tree: str, pattern: str, expected: list[str]
) -> None:
    found = storage.expand([f"{tree}/{pattern}"])

    assert names(found, tree) == expected
    assert [info.size for info in found] == [len(name) for name in expected]
    assert found == [storage.stat(info.uri) for info in found]


def test_patterns_that_overlap_give_each_object_once_in_order(tree: str) -> None:
    found = storage.expand([f"{tree}/*.txt", f"{tree}/2024", f"{tree}/**", f"{tree}/a.warc.gz"])

    assert names(found, tree) == sorted(
        name for name in NAMES if not any(part[0] in "._" for part in name.split("/"))
    )


@pytest.mark.parametrize("pattern", ["none.gz", "nope*", "nowhere/", "2023/_temp*/x"])
def test_a_pattern_that_names_nothing_is_the_users_error(tree: str, pattern: str) -> None:
    with pytest.raises(UserError) as raised:
        storage.expand([f"{tree}/a.warc.gz", f"{tree}/{pattern}"])

    assert f"{tree}/{pattern}" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_listing_names_hidden_objects_and_keeps_the_spelling_of_the_folder(tree: str) -> None:
    spelled = tree.replace("s3://", "s3a://") if tree.startswith("s3") else f"file://{tree}"

    assert names(storage.list_names(spelled), spelled) == sorted(NAMES)
    assert names(storage.list_names(f"{spelled}/2023/"), spelled) == [
        "2023/_temporary/d.warc.gz",
        "2023/a.warc.gz",
        "2023/deep/c.warc.gz",
    ]
    assert storage.list_folders(spelled) == ["2023", "2024"]
    assert storage.list_names(f"{tree}/nowhere") == storage.list_folders(f"{tree}/nowhere") == []


def test_removing_a_folder_leaves_its_neighbours(tree: str) -> None:
    storage.write_bytes(f"{tree}/2023-other/x", b"x")

    assert storage.remove_tree(f"{tree}/2023") == 3
    assert storage.remove_tree(f"{tree}/2023") == 0
    assert storage.remove_tree(f"{tree}/notes.txt") == 1
    left = {name for name in NAMES if name != "notes.txt" and not name.startswith("2023/")}
    assert names(storage.list_names(tree), tree) == sorted(left | {"2023-other/x"})
    assert not storage.exists(f"{tree}/2023")
    assert storage.exists(f"{tree}/2023-other")
    assert storage.exists(f"{tree}/2023-other/x")


@pytest.mark.parametrize("uri", ["/", "file:///", "s3://bucket", "s3a://bucket/"])
def test_nothing_removes_a_whole_bucket_or_disk(uri: str) -> None:
    with pytest.raises(UserError, match="name a folder"):
        storage.remove_tree(uri)


def test_an_object_is_read_whole_in_part_and_from_an_offset(root: str) -> None:
    uri, data = f"{root}/digits", b"0123456789"
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


def test_an_empty_object_can_be_read_in_every_way(root: str) -> None:
    uri = f"{root}/empty"
    storage.write_bytes(uri, b"")

    assert storage.read_bytes(uri) == storage.read_range(uri, 0, 9) == b""
    with storage.open_seekable(uri) as stream:
        assert (stream.seek(0, os.SEEK_END), stream.read()) == (0, b"")


def test_parquet_is_read_through_a_seekable_object(root: str) -> None:
    table = pa.table({"id": list(range(50_000)), "text": [f"document {i}" for i in range(50_000)]})
    packed = pa.BufferOutputStream()
    pq.write_table(table, packed, row_group_size=10_000)
    storage.write_bytes(f"{root}/x.parquet", packed.getvalue().to_pybytes())

    with storage.open_seekable(f"{root}/x.parquet") as stream:
        parquet = pq.ParquetFile(stream)
        assert parquet.read_row_group(3) == table.slice(30_000, 10_000)
        assert parquet.read() == table


@pytest.mark.parametrize(
    "read",
    [storage.read_bytes, storage.open_stream, storage.open_seekable],
    ids=lambda f: f.__name__,
)
def test_what_is_not_there_is_not_found(root: str, read: Callable[[str], object]) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.gz"):
        read(f"{root}/nothing.gz")
    assert storage.stat(f"{root}/nothing.gz") is None
    assert storage.read_versioned(f"{root}/nothing.gz") is None
    assert not storage.exists(f"{root}/nothing.gz")


def test_every_write_has_a_version_of_its_own(root: str) -> None:
    uri = f"{root}/_CURRENT.json"
    versions = []
    for i in range(20):
        versions.append(storage.write_bytes(uri, b"%d" % i))
        assert storage.read_versioned(uri) == (b"%d" % i, versions[-1])
        info = storage.stat(uri)
        assert info is not None
        assert info.version == versions[-1]
    assert len(set(versions)) == 20
    assert names(storage.list_names(root), root) == ["_CURRENT.json"]


def test_a_conditional_write_is_refused_when_its_condition_fails(root: str) -> None:
    uri = f"{root}/_CURRENT.json"
    with pytest.raises(storage.Conflict):
        storage.write_bytes(uri, b"lost", if_version="1")
    first = storage.write_bytes(uri, b"first", create=True)
    with pytest.raises(storage.Conflict):
        storage.write_bytes(uri, b"lost", create=True)
    second = storage.write_bytes(uri, b"second", if_version=first)
    with pytest.raises(storage.Conflict):
        storage.write_bytes(uri, b"lost", if_version=first)

    assert storage.read_versioned(uri) == (b"second", second)


def test_of_many_that_create_one_wins(root: str) -> None:
    start = threading.Barrier(8)

    def create(i: int) -> bytes | None:
        data = b"writer %d" % i
        start.wait()
        try:
            storage.write_bytes(f"{root}/lock", data, create=True)
        except storage.Conflict:
            return None
        return data

    with ThreadPoolExecutor(8) as pool:
        won = [data for data in pool.map(create, range(8)) if data]

    assert won == [storage.read_bytes(f"{root}/lock")]


def test_no_update_is_lost_when_many_write_on_a_version(root: str) -> None:
    uri = f"{root}/counter"
    storage.write_bytes(uri, b"0")

    def increment(_: int) -> int:
        conflicts = 0
        while True:
            found = storage.read_versioned(uri)
            assert found is not None
            try:
                storage.write_bytes(uri, b"%d" % (int(found[0]) + 1), if_version=found[1])
            except storage.Conflict:
                conflicts += 1
                continue
            return conflicts

    with ThreadPoolExecutor(4) as pool:
        conflicts = sum(pool.map(increment, range(40)))

    assert storage.read_bytes(uri) == b"40"
    assert conflicts > 0, "the writers never met: the test shows nothing"


def test_a_file_system_without_hard_links_still_creates_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    storage.write_bytes(f"{tmp_path}/x", b"1", create=True)
    with pytest.raises(storage.Conflict):
        storage.write_bytes(f"{tmp_path}/x", b"2", create=True)
    assert storage.read_bytes(f"{tmp_path}/x") == b"1"


def test_a_write_that_fails_leaves_the_old_content_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.write_bytes(f"{tmp_path}/x", b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space left"):
        storage.write_bytes(f"{tmp_path}/x", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_bytes() == b"old"


def test_a_place_that_cannot_be_written_is_the_users_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match=rf"cannot write {tmp_path}/file/x: Not a directory|exists"):
        storage.write_bytes(f"{tmp_path}/file/x", b"")


def test_if_version_and_create_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="exclude"):
        storage.write_bytes(f"{tmp_path}/x", b"", if_version="1", create=True)


def test_relative_paths_and_file_uris_come_back_as_one_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a b%20c").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)

    (found,) = storage.expand(["*", f"file://{tmp_path}/a b%20c", f"file:{tmp_path}", "./a b%20c"])

    assert found.uri == f"{tmp_path}/a b%20c"


def test_a_link_that_leads_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "gone.gz").symlink_to(tmp_path / "nothing")
    with pytest.raises(UserError, match=r"gone\.gz: No such file"):
        storage.expand([str(tmp_path)])


@pytest.mark.parametrize(
    ("uri", "place"),
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
def test_where_an_address_leads(uri: str, place: str) -> None:
    assert storage.locate(uri)[1] == place


@pytest.mark.parametrize("uri", ["abfss://c@a.dfs/x", "gs://b/x", "hdfs://n/x", "dbfs:/mnt/x"])
def test_a_scheme_out_of_reach_is_the_users_error(uri: str) -> None:
    with pytest.raises(UserError, match=r"is not supported; use a path, file://, s3://, https://"):
        storage.expand([uri])


def test_join_puts_one_slash_between() -> None:
    assert storage.join("s3://b/", "/x/", "y") == "s3://b/x/y"
    assert storage.join("/", "x") == "/x"
    assert storage.join("s3://b/x") == "s3://b/x"
