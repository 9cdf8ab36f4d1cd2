"""Plain paths: local disks, shared file systems and Databricks volumes."""

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
    """Objects are files; an address is an absolute path, or one relative to the working folder."""

    def find(self, pattern: str) -> list[ObjectInfo]:
        pattern = os.path.abspath(pattern)
        if os.path.isfile(pattern):
            return [_info(pattern)]
        if os.path.isdir(pattern):
            return [_info(path) for path in _walk(pattern, hidden=False)]
        regex = glob_regex(pattern)
        found = []
        for hit in glob.iglob(pattern, recursive=True):
            paths = _walk(hit, hidden=False) if os.path.isdir(hit) else [hit]
            found += [_info(path) for path in paths if regex.fullmatch(path)]
        return found

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
        # a file that is written by rename never changes once it is open
        with open(uri, "rb") as stream:
            return stream.read(), str(os.fstat(stream.fileno()).st_mtime_ns)

    def write_bytes(self, uri: str, data: bytes, if_version: str | None, create: bool) -> str:
        with _temporary(uri) as (stream, temporary):
            stream.write(data)
            _finish(stream)
            with _lock(os.path.dirname(temporary)):
                current = self.stat(uri)
                if create and current:
                    raise conflict(uri)
                if if_version is not None and (not current or current.version != if_version):
                    raise conflict(uri)
                version = _make_newer(temporary, current)
                _publish(temporary, uri, create)
            return version

    def write_file(self, uri: str, file: IO[bytes]) -> None:
        with _temporary(uri) as (stream, temporary):
            shutil.copyfileobj(file, stream)
            _finish(stream)
            os.replace(temporary, uri)

    def below(self, folder: str) -> Iterator[ObjectInfo]:
        for path in _walk(folder, hidden=True):
            with contextlib.suppress(FileNotFoundError):  # another process's temporary file
                info = _info(path)
                yield ObjectInfo(os.path.relpath(path, folder), info.size, info.version)

    def folder_names(self, folder: str) -> list[str]:
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
def _temporary(uri: str) -> Iterator[tuple[IO[bytes], str]]:
    """Open a file beside the one that is to be written, and see that it does not stay there."""
    folder, name = os.path.split(os.path.abspath(uri))
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f".{name}.{uuid.uuid4().hex}.tmp")
    try:
        with open(path, "xb") as stream:
            yield stream, path
    finally:
        with contextlib.suppress(FileNotFoundError):  # it was renamed
            os.unlink(path)


def _finish(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()  # a volume may have the content only then


def _info(path: str) -> ObjectInfo:
    status = os.stat(path)
    return ObjectInfo(path, status.st_size, str(status.st_mtime_ns))


def _walk(folder: str, *, hidden: bool) -> Iterator[str]:
    """Yield the paths of all files below a folder, with or without hidden names."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # a folder that is not there holds nothing
            raise error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        if not hidden:
            folders[:] = [name for name in folders if name[0] not in "._"]
            names = [name for name in names if name[0] not in "._"]
        yield from (os.path.join(parent, name) for name in names)


@contextlib.contextmanager
def _lock(folder: str) -> Iterator[None]:
    """Let one process at a time compare a version and rename.

    The lock is on the folder itself, so no lock file stays behind, and it ends with its process.
    Where the file system has no such locks (NFS, FUSE), what is left is a window of microseconds
    between the comparison and the rename.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_newer(temporary: str, current: ObjectInfo | None) -> str:
    """Make sure that two versions never have the same time, however fast they come."""
    written = os.stat(temporary).st_mtime_ns
    if current and written <= int(current.version):
        written = int(current.version) + 1
        os.utime(temporary, ns=(written, written))
    return str(written)


def _publish(temporary: str, path: str, create: bool) -> None:
    """Give a finished file its name: at once, and with `create` only if nothing has it yet."""
    if create:
        try:
            os.link(temporary, path)
            return
        except FileExistsError:
            raise conflict(path) from None
        except OSError as error:
            # no hard links here, as on a Databricks volume
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
                raise
    os.replace(temporary, path)
