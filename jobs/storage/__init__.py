"""Read, write and list objects on local disks, S3, web servers and Databricks volumes.

A `uri` is a plain path, `file:///path`, `s3://bucket/key` (`s3a://` and `s3n://` mean the same),
`https://host/path`, `/Volumes/..` or `dbfs:/Volumes/..`. All settings come from the environment
(`jobs.storage.s3_client` lists them), so a driver and its executors behave alike.

Functions that list, look up or write objects raise `UserError` for what a user can correct: a path,
a bucket, credentials. Functions that open and read objects, which run in tasks, raise the `OSError`
that fits: `FileNotFoundError`, `PermissionError`, `ConnectionError`, `ObjectChanged`.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO, BinaryIO

from jobs.storage.files import FileStore
from jobs.storage.store import Conflict, ObjectChanged, ObjectInfo, redacted
from jobs.storage.uris import join, locate
from schemas.errors import UserError

__all__ = [
    "Conflict",
    "ObjectChanged",
    "ObjectInfo",
    "exists",
    "expand",
    "join",
    "list_folders",
    "list_names",
    "locate",
    "open_seekable",
    "open_stream",
    "read_bytes",
    "read_range",
    "read_versioned",
    "remove_tree",
    "stat",
    "write_bytes",
    "write_file",
]

LOOKUPS = 32  # concurrent look-ups; a crawl has 90,000 archives, and each takes a round trip


def expand(patterns: Sequence[str]) -> list[ObjectInfo]:
    """Return the objects that URIs, globs and folders match, without duplicates, sorted by URI.

    `*`, `?` and `[..]` match within one part of a path, `**` any number of parts. A folder matches
    all files below it. Names that start with `_` or `.` match only where they are spelled out.
    Relative paths are returned as absolute paths and `s3a://` as `s3://`, because the URI
    identifies an input.

    Raises UserError for a pattern that matches nothing or may not be read.
    """
    with ThreadPoolExecutor(LOOKUPS) as pool:
        objects = [info for infos in pool.map(_find, patterns) for info in infos]
    return sorted({info.uri: info for info in objects}.values())


def stat(uri: str) -> ObjectInfo | None:
    """Return size and version of one object, or None for a folder or a missing object."""
    store, address = locate(uri)
    with _user_errors("look up", uri):
        return store.stat(address)


def exists(uri: str) -> bool:
    """Return whether an object has this name, or any object is below it."""
    if stat(uri) is not None:
        return True
    store, address = locate(uri)
    with _user_errors("look up", uri), contextlib.suppress(io.UnsupportedOperation):
        return next(iter(store.list_objects(address)), None) is not None
    return False  # a web server, which has no listing


def open_stream(uri: str, *, offset: int = 0) -> BinaryIO:
    """Open an object for reading from byte `offset` to its end, in bounded memory.

    A lost connection is resumed where it broke off. Raises ObjectChanged if the object was replaced
    while it was being read.
    """
    store, address = locate(uri)
    return store.open_stream(address, offset)


def open_seekable(uri: str) -> BinaryIO:
    """Open an object for random access by range requests, as Parquet readers need it."""
    store, address = locate(uri)
    return store.open_seekable(address)


def read_range(uri: str, offset: int, length: int) -> bytes:
    """Return `length` bytes from byte `offset`; fewer, or none, where the object ends."""
    store, address = locate(uri)
    return store.read_range(address, offset, length)


def read_bytes(uri: str) -> bytes:
    """Return the whole content of a small object."""
    with open_stream(uri) as stream:
        return stream.read()


def read_versioned(uri: str) -> tuple[bytes, str] | None:
    """Return the content of a small object and its version, or None if it does not exist."""
    store, address = locate(uri)
    with _user_errors("read", uri):
        try:
            return store.read_versioned(address)
        except FileNotFoundError:
            return None


def write_bytes(
    uri: str, data: bytes, *, if_version: str | None = None, create: bool = False
) -> str:
    """Write an object atomically and return its version; readers see the old or the new content.

    Parameters
    ----------
    uri
        The object to write.
    data
        Its whole content.
    if_version
        Write only if the object has this version.
    create
        Write only if the object does not exist.

    Raises
    ------
    Conflict
        If the condition fails; nothing is written. Of several processes that write on the same
        condition, one succeeds. A file system without locks on folders (NFS, a Databricks volume)
        leaves microseconds in which two could, except for `create` where it has hard links.
    UserError
        If the object cannot be written.
    """
    if create and if_version is not None:
        raise ValueError("if_version and create exclude each other")
    store, address = locate(uri)
    with _user_errors("write", uri):
        return store.write_bytes(address, data, if_version, create)


def write_file(uri: str, file: IO[bytes]) -> None:
    """Write an object of any size atomically from a local file, which stays open.

    Raises UserError if the object cannot be written.
    """
    file.flush()
    file.seek(0)
    store, address = locate(uri)
    with _user_errors("write", uri):
        store.write_file(address, file)


def list_names(uri: str) -> list[ObjectInfo]:
    """Return all objects below a folder, with hidden ones, sorted by URI; none if it is missing.

    The returned URIs start with `uri` as spelled here.
    """
    store, address = locate(uri)
    with _user_errors("list", uri):
        return sorted(
            ObjectInfo(join(uri, info.uri), info.size, info.version)
            for info in store.list_objects(address)
        )


def list_folders(uri: str) -> list[str]:
    """Return the sorted names of the folders directly below a folder; none if it is missing."""
    store, address = locate(uri)
    with _user_errors("list", uri):
        return sorted(store.list_folders(address))


def remove_tree(uri: str) -> int:
    """Remove an object, or a folder with all objects below it; return the number removed."""
    store, address = locate(uri)
    if re.fullmatch(r"/*|s3://[^/]*/*", address):
        raise UserError(f"cannot remove {uri}: name a folder in it")
    with _user_errors("remove", uri):
        return store.remove_tree(address)


def _find(pattern: str) -> list[ObjectInfo]:
    store, address = locate(pattern)
    with _user_errors("read", pattern):
        objects = store.find(address)
    if not objects:
        printed = redacted(pattern)
        if isinstance(store, FileStore) and not os.path.isabs(address):
            printed += f" (in {os.getcwd()})"
        raise UserError(f"no object matches {printed}: check the address or the glob")
    return objects


@contextlib.contextmanager
def _user_errors(action: str, uri: str) -> Iterator[None]:
    """Turn an OSError into a UserError with a one-line message; ObjectChanged passes through."""
    try:
        yield
    except ObjectChanged:
        raise
    except OSError as error:
        if not error.strerror:  # a message written by a store, complete in itself
            raise UserError(str(error)) from error
        path = redacted(uri) if action == "write" else error.filename or redacted(uri)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = "free space there" if full else "check the path and its permissions"
        raise UserError(f"cannot {action} {path}: {error.strerror}; {hint}") from error
