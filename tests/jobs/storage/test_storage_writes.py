"""Atomic and conditional writes."""

from __future__ import annotations

import errno
import os
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jobs import storage
from schemas.errors import UserError


def test_every_write_has_a_new_version(any_root: str) -> None:
    uri = f"{any_root}/_CURRENT.json"
    versions = []
    for i in range(20):
        versions.append(storage.write_bytes(uri, b"%d" % i))
        assert storage.read_versioned(uri) == (b"%d" % i, versions[-1])
        info = storage.stat(uri)
        assert info is not None
        assert info.version == versions[-1]
    assert len(set(versions)) == 20
    assert [info.uri for info in storage.list_names(any_root)] == [uri]


def test_a_version_is_new_even_if_the_clock_went_back(tmp_path: Path) -> None:
    first = storage.write_bytes(f"{tmp_path}/x", b"1")
    ahead = int(first) + 10**12
    os.utime(tmp_path / "x", ns=(ahead, ahead))

    assert int(storage.write_bytes(f"{tmp_path}/x", b"2", if_version=str(ahead))) > ahead


def test_a_conditional_write_fails_if_its_condition_does(any_root: str) -> None:
    uri = f"{any_root}/_CURRENT.json"
    with pytest.raises(storage.Conflict):
        storage.write_bytes(uri, b"lost", if_version="1")
    first = storage.write_bytes(uri, b"first", create=True)
    with pytest.raises(storage.Conflict):
        storage.write_bytes(uri, b"lost", create=True)
    second = storage.write_bytes(uri, b"second", if_version=first)
    with pytest.raises(storage.Conflict):
        storage.write_bytes(uri, b"lost", if_version=first)

    assert storage.read_versioned(uri) == (b"second", second)


def test_of_concurrent_creations_one_succeeds(any_root: str) -> None:
    start = threading.Barrier(8)

    def create(i: int) -> bytes | None:
        data = b"writer %d" % i
        start.wait()
        try:
            storage.write_bytes(f"{any_root}/lock", data, create=True)
        except storage.Conflict:
            return None
        return data

    with ThreadPoolExecutor(8) as pool:
        written = [data for data in pool.map(create, range(8)) if data]

    assert written == [storage.read_bytes(f"{any_root}/lock")]


def test_no_concurrent_conditional_update_is_lost(any_root: str) -> None:
    uri = f"{any_root}/counter"
    storage.write_bytes(uri, b"0")

    def increment(_: int) -> int:
        conflicts = 0
        while True:
            current = storage.read_versioned(uri)
            assert current is not None
            content, version = current
            try:
                storage.write_bytes(uri, b"%d" % (int(content) + 1), if_version=version)
            except storage.Conflict:
                conflicts += 1
                continue
            return conflicts

    with ThreadPoolExecutor(4) as pool:
        conflicts = sum(pool.map(increment, range(40)))

    assert storage.read_bytes(uri) == b"40"
    assert conflicts > 0, "no writes were concurrent: the test shows nothing"


def test_an_object_is_created_once_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    storage.write_bytes(f"{tmp_path}/x", b"1", create=True)
    with pytest.raises(storage.Conflict):
        storage.write_bytes(f"{tmp_path}/x", b"2", create=True)
    assert storage.read_bytes(f"{tmp_path}/x") == b"1"


def test_a_failed_write_leaves_the_old_content_and_no_temporary_file(
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


def test_a_path_that_cannot_be_written_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match=rf"cannot write {tmp_path}/file/x: Not a directory|exists"):
        storage.write_bytes(f"{tmp_path}/file/x", b"")


def test_if_version_and_create_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="exclude"):
        storage.write_bytes(f"{tmp_path}/x", b"", if_version="1", create=True)


@pytest.mark.parametrize("kind", [storage.Conflict, storage.ObjectChanged])
def test_errors_can_be_pickled(kind: type[Exception]) -> None:
    error = pickle.loads(pickle.dumps(kind("x was replaced")))
    assert (type(error), str(error)) == (kind, "x was replaced")


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "No space left on device; free space there"),
        (errno.EDQUOT, "Disk quota exceeded; free space there"),
        (errno.EROFS, "Read-only file system; check the path and its permissions"),
    ],
)
def test_a_write_that_fails_names_the_object_and_the_remedy(
    number: int, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UserError) as raised:
        storage.write_bytes(f"{tmp_path}/x", b"1")
    assert str(raised.value) == f"cannot write {tmp_path}/x: {hint}"
    assert list(tmp_path.iterdir()) == []
