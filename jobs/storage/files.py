"""Store for plain paths: local disks, shared file systems and Databricks volumes."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import os
import shutil
import uuid
from collections.abc import Iterator
from typing import IO, BinaryIO

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
        with _temporary_file(uri) as (stream, temporary):
            stream.write(data)
            _sync_and_close(stream)
            with _lock(os.path.dirname(temporary)):
                current = self.stat(uri)
                if create and current:
                    raise conflict(uri)
                if if_version is not None and (not current or current.version != if_version):
                    raise conflict(uri)
                version = _advance_time(temporary, current)
                _rename(temporary, uri, create)
            return version

    def write_file(self, uri: str, file: IO[bytes]) -> None:
        with _temporary_file(uri) as (stream, temporary):
            shutil.copyfileobj(file, stream)
            _sync_and_close(stream)
            os.replace(temporary, uri)

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


@contextlib.contextmanager
def _temporary_file(uri: str) -> Iterator[tuple[IO[bytes], str]]:
    """Open a temporary file in the folder of `uri`; remove it at the end if it was not renamed."""
    folder, name = os.path.split(os.path.abspath(uri))
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f".{name}.{uuid.uuid4().hex}.tmp")
    try:
        with open(path, "xb") as stream:
            yield stream, path
    finally:
        with contextlib.suppress(FileNotFoundError):  # renamed
            os.unlink(path)


def _sync_and_close(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()  # a Databricks volume may upload the content only now


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


@contextlib.contextmanager
def _lock(folder: str) -> Iterator[None]:
    """Lock a folder, so that one process at a time compares a version and renames.

    The lock is on the folder itself: it leaves no lock file, and the kernel releases it when the
    process ends. A file system without such locks (NFS, FUSE) leaves a window of microseconds
    between comparison and rename.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _advance_time(temporary: str, current: ObjectInfo | None) -> str:
    """Set a file's time past the current version's if it is not, and return it as its version.

    Two writes within one tick of the clock thus have different versions.
    """
    modified = os.stat(temporary).st_mtime_ns
    if current and modified <= int(current.version):
        modified = int(current.version) + 1
        os.utime(temporary, ns=(modified, modified))
    return str(modified)


def _rename(temporary: str, path: str, create: bool) -> None:
    """Rename a finished file atomically; with `create`, raise Conflict if `path` exists."""
    if create:
        try:
            os.link(temporary, path)
            return
        except FileExistsError:
            raise conflict(path) from None
        except OSError as error:
            # the file system has no hard links, as a Databricks volume
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
                raise
    os.replace(temporary, path)
