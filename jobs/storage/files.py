"""Store for plain paths: local disks, shared file systems and Databricks volumes."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
from collections.abc import Iterator
from typing import IO, BinaryIO

from jobs.storage import atomic_file
from jobs.storage.patterns import glob_regex
from jobs.storage.store import READ_AHEAD, ObjectInfo, Store, conflict


class FileStore(Store):
    """Objects are files; a URI is an absolute path, or one relative to the working folder."""

    def find(self, pattern: str) -> list[ObjectInfo]:
        pattern = os.path.abspath(pattern)
        if os.path.isfile(pattern):
            return [_info(pattern)]
        if os.path.isdir(pattern):
            return [_info(path) for path in _walk(pattern, hidden=False)]
        regex = glob_regex(pattern)
        objects = []
        for match in glob.iglob(pattern, recursive=True):
            paths = _walk(match, hidden=False) if os.path.isdir(match) else [match]
            objects += [_info(path) for path in paths if regex.fullmatch(path)]
        return objects

    def stat(self, uri: str) -> ObjectInfo | None:
        try:
            return _info(uri) if not os.path.isdir(uri) else None
        except (FileNotFoundError, NotADirectoryError):
            return None

    def open_stream(self, uri: str, offset: int) -> BinaryIO:
        stream = open(uri, "rb", buffering=READ_AHEAD)  # noqa: SIM115
        stream.seek(offset)
        return stream

    def open_seekable(self, uri: str) -> BinaryIO:
        return open(uri, "rb")

    def read_range(self, uri: str, offset: int, length: int) -> bytes:
        with self.open_stream(uri, offset) as stream:
            return stream.read(length)

    def read_versioned(self, uri: str) -> tuple[bytes, str]:
        # the store replaces files by rename, so the content of an open file never changes
        with open(uri, "rb") as stream:
            return stream.read(), str(os.fstat(stream.fileno()).st_mtime_ns)

    def write_bytes(self, uri: str, data: bytes, if_version: str | None, create: bool) -> str:
        with atomic_file.temporary(uri) as (stream, path):
            stream.write(data)
            atomic_file.sync_and_close(stream)
            with atomic_file.lock(os.path.dirname(path)):
                current = self.stat(uri)
                if create and current:
                    raise conflict(uri)
                if if_version is not None and (not current or current.version != if_version):
                    raise conflict(uri)
                if current:
                    atomic_file.make_newer(path, int(current.version))
                if create:
                    atomic_file.rename_new(path, uri)
                else:
                    os.replace(path, uri)
                # a file system of an object store may give it another time when it is renamed
                return _info(uri).version

    def write_file(self, uri: str, file: IO[bytes]) -> None:
        with atomic_file.temporary(uri) as (stream, path):
            shutil.copyfileobj(file, stream)
            atomic_file.sync_and_close(stream)
            os.replace(path, uri)

    def list_objects(self, folder: str) -> Iterator[ObjectInfo]:
        for path in _walk(folder, hidden=True):
            with contextlib.suppress(FileNotFoundError):  # a temporary file of another process
                info = _info(path)
                yield ObjectInfo(os.path.relpath(path, folder), info.size, info.version)

    def list_folders(self, folder: str) -> list[str]:
        try:
            with os.scandir(folder) as entries:
                return [entry.name for entry in entries if entry.is_dir()]
        except FileNotFoundError:
            return []

    def remove_tree(self, uri: str) -> int:
        if os.path.isdir(uri):
            count = sum(1 for _ in _walk(uri, hidden=True))
            shutil.rmtree(uri)
            return count
        try:
            os.unlink(uri)
        except FileNotFoundError:
            return 0
        return 1


def _info(path: str) -> ObjectInfo:
    status = os.stat(path)
    return ObjectInfo(path, status.st_size, str(status.st_mtime_ns))


def _walk(folder: str, *, hidden: bool) -> Iterator[str]:
    """Yield the paths of all files below a folder, with or without hidden names."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # a missing folder is empty
            raise error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        if not hidden:
            folders[:] = [name for name in folders if name[0] not in "._"]
            names = [name for name in names if name[0] not in "._"]
        yield from (os.path.join(parent, name) for name in names)
