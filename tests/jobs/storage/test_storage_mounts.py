"""Writes on mounts that lack some of a disk's calls, as volumes do."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from jobs import storage
from jobs.storage import atomic_file
from schemas.errors import UserError

REFUSALS = [errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL]


def refuse(code: int) -> Any:
    def call(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return call


def rewrites(root: Path) -> None:
    """Create a file, replace it conditionally three times and fail to replace an old version."""
    uri = f"{root}/x"
    versions = [storage.write_bytes(uri, b"0", create=True)]
    for i in range(1, 4):
        versions.append(storage.write_bytes(uri, b"%d" % i, if_version=versions[-1]))
        assert storage.read_versioned(uri) == (b"%d" % i, versions[-1])
    assert len(set(versions)) == 4
    with pytest.raises(storage.Conflict):
        storage.write_bytes(uri, b"lost", if_version=versions[0])
    with pytest.raises(storage.Conflict):
        storage.write_bytes(uri, b"lost", create=True)
    assert [path.name for path in root.iterdir()] == ["x"]


@pytest.mark.parametrize("code", [*REFUSALS, errno.EIO])
def test_without_hard_links_and_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "link", refuse(code))
    monkeypatch.setattr(fcntl, "flock", refuse(code))
    rewrites(tmp_path)


@pytest.mark.parametrize("code", REFUSALS)
def test_without_fsync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(os, "fsync", refuse(code))
    rewrites(tmp_path)


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_lost_content_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "fsync", refuse(code))
    with pytest.raises(UserError, match=os.strerror(code)):
        storage.write_bytes(f"{tmp_path}/x", b"0")
    assert list(tmp_path.iterdir()) == []


def test_where_folders_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.open

    def no_folders(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if os.path.isdir(path):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return own(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", no_folders)
    with atomic_file.lock(str(tmp_path)):
        monkeypatch.undo()
    rewrites(tmp_path)


def test_where_times_are_whole_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.utime

    def rounded(path: Any, *, ns: tuple[int, int]) -> None:
        whole = tuple(value // 10**9 * 10**9 for value in ns)
        own(path, ns=(whole[0], whole[1]))

    path = tmp_path / "new"
    path.write_bytes(b"new")
    now = time.time_ns() // 10**9 * 10**9
    own(path, ns=(now, now))
    monkeypatch.setattr(os, "utime", rounded)
    atomic_file.make_newer(str(path), now)
    assert path.stat().st_mtime_ns > now


def test_where_times_cannot_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "utime", refuse(errno.EPERM))
    path = tmp_path / "new"
    path.write_bytes(b"new")
    than = path.stat().st_mtime_ns
    atomic_file.make_newer(str(path), than)
    assert path.stat().st_mtime_ns > than
    assert path.read_bytes() == b"new"

    monkeypatch.setattr(time, "sleep", lambda _: None)
    with pytest.raises(OSError, match="earlier time"):
        atomic_file.make_newer(str(path), than + 10**15)


def test_a_folder_is_copied_where_it_cannot_be_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "a").mkdir(parents=True)
    (source / "STAMP").write_text("complete", encoding="utf-8")
    (source / "a" / "z").write_bytes(b"z")
    copied = []
    own = shutil.copyfile

    def copy(file: Path, to: Path) -> None:
        copied.append(file.name)
        own(file, to)

    monkeypatch.setattr(os, "rename", refuse(errno.EIO))
    monkeypatch.setattr(shutil, "copyfile", copy)
    atomic_file.move_folder(source, target, last="STAMP")
    assert copied == ["z", "STAMP"]
    assert (target / "a" / "z").read_bytes() == b"z"
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        atomic_file.move_folder(source, target, last="STAMP")
