"""Objects wherever they are: paths, `s3://`, `https://` and Databricks volumes, read in one way.

A `uri` is a plain path, `file:///path`, `s3://bucket/key` (`s3a://` and `s3n://` mean the same),
`https://host/path`, `/Volumes/..` or `dbfs:/Volumes/..`. All settings come from the environment
(`jobs.storage.s3` names them), so a driver and its executors behave alike.

What a person may have got wrong (a path, a bucket, credentials) raises `UserError` where inputs
are listed and where anything is written. Opening and reading, which tasks do, raises the `OSError`
that fits: `FileNotFoundError`, `PermissionError`, `ConnectionError`, `ObjectChanged`.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO, BinaryIO

from jobs.storage.files import FileStore
from jobs.storage.store import Conflict, ObjectChanged, ObjectInfo, Store, redacted
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

LOOKUPS = 32  # at the same time; a crawl has 90,000 archives, each a round trip to look up
SUPPORTED = "a path, file://, s3://, https:// or /Volumes/.."


def expand(patterns: Sequence[str]) -> list[ObjectInfo]:
    """Return the objects that addresses, globs and folders name, by address, each once.

    `*`, `?` and `[..]` match within one part of a path, `**` any number of parts. A folder means
    all files below it. Names that start with `_` or `.` are left out unless they are spelled.
    Relative paths come back absolute, `s3a://` as `s3://`: the address identifies an input.

    Raises UserError for a pattern that names nothing or may not be read.
    """
    with ThreadPoolExecutor(LOOKUPS) as pool:
        found = [info for infos in pool.map(_find, patterns) for info in infos]
    return sorted({info.uri: info for info in found}.values())


def stat(uri: str) -> ObjectInfo | None:
    """Return size and version of one object; None where there is none, or a folder."""
    store, place = locate(uri)
    with _for_user("look up", uri):
        return store.stat(place)


def exists(uri: str) -> bool:
    """Tell whether there is an object of this name or any below it."""
    if stat(uri) is not None:
        return True
    store, place = locate(uri)
    with _for_user("look up", uri), contextlib.suppress(io.UnsupportedOperation):
        return next(iter(store.below(place)), None) is not None
    return False  # a web server: it lists nothing


def open_stream(uri: str, *, offset: int = 0) -> BinaryIO:
    """Open an object for reading from byte `offset` to its end, in bounded memory.

    A lost connection is taken up again where it broke off. Raises ObjectChanged if the object was
    replaced in the meantime.
    """
    store, place = locate(uri)
    return store.open_stream(place, offset)


def open_seekable(uri: str) -> BinaryIO:
    """Open an object for reading here and there, as Parquet's readers do, by range requests."""
    store, place = locate(uri)
    return store.open_seekable(place)


def read_range(uri: str, offset: int, length: int) -> bytes:
    """Return `length` bytes from byte `offset`; fewer, or none, where the object ends."""
    store, place = locate(uri)
    return store.read_range(place, offset, length)


def read_bytes(uri: str) -> bytes:
    """Return the whole content of a small object."""
    with open_stream(uri) as stream:
        return stream.read()


def read_versioned(uri: str) -> tuple[bytes, str] | None:
    """Return the content of a small object and its version, or None where there is none."""
    store, place = locate(uri)
    with _for_user("read", uri):
        try:
            return store.read_versioned(place)
        except FileNotFoundError:
            return None


def write_bytes(
    uri: str, data: bytes, *, if_version: str | None = None, create: bool = False
) -> str:
    """Write an object so that a reader sees the old content or the new, never a part; its version.

    With `if_version` only while the object still has that version, with `create` only while there
    is none: otherwise Conflict is raised and nothing is written. Of several processes that write on
    the same condition, one succeeds. A file system without locks on folders (NFS, a Databricks
    volume) leaves microseconds in which two could, except for `create` where it has hard links.

    Raises UserError for a place that cannot be written.
    """
    if create and if_version is not None:
        raise ValueError("if_version and create exclude each other")
    store, place = locate(uri)
    with _for_user("write", uri):
        return store.write_bytes(place, data, if_version, create)


def write_file(uri: str, file: IO[bytes]) -> None:
    """Write an object of any size from a local file, so that a reader sees the whole of it or nothing.

    Raises UserError for a place that cannot be written.
    """
    file.flush()
    file.seek(0)
    store, place = locate(uri)
    with _for_user("write", uri):
        store.write_file(place, file)


def list_names(uri: str) -> list[ObjectInfo]:
    """Return all objects below a folder, hidden ones too, by address; none if it is not there.

    The addresses start as `uri` is spelled here.
    """
    store, place = locate(uri)
    with _for_user("list", uri):
        return sorted(
            ObjectInfo(join(uri, below.uri), below.size, below.version)
            for below in store.below(place)
        )


def list_folders(uri: str) -> list[str]:
    """Return the names of the folders right below a folder, sorted; none if it is not there."""
    store, place = locate(uri)
    with _for_user("list", uri):
        return sorted(store.folder_names(place))


def remove_tree(uri: str) -> int:
    """Remove an object, or a folder and all below it; return how many objects were removed."""
    store, place = locate(uri)
    if re.fullmatch(r"/*|s3://[^/]*/*", place):
        raise UserError(f"cannot remove {uri}: name a folder in it")
    with _for_user("remove", uri):
        return store.remove_tree(place)


def join(uri: str, *parts: str) -> str:
    """Put names below an address, with one slash between them."""
    return "/".join([uri.rstrip("/"), *(part.strip("/") for part in parts)])


def locate(uri: str) -> tuple[Store, str]:
    """Return the store that an address is in, and the address as that store spells it.

    `file:` URIs are taken literally, as Hadoop does: `%20` is not a space.

    Raises UserError for a scheme that Python cannot reach, and for `s3://` without a bucket.
    """
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):/", uri)
    kind = scheme[1].lower() if scheme else "file"
    rest = uri[scheme.end() :].lstrip("/") if scheme else ""
    if kind in ("s3", "s3a", "s3n"):
        if not rest:
            raise UserError(f"no bucket is named by {uri}: write s3://BUCKET/KEY")
        return _s3_store(), f"s3://{rest}"
    if kind in ("http", "https"):
        return _http_store(), uri
    if kind == "file":
        return _file_store(), f"/{rest}" if scheme else uri
    if kind == "dbfs" and rest.startswith("Volumes/"):
        return _file_store(), f"/{rest}"
    raise UserError(f"cannot reach {uri}: {kind}:// is not supported; use {SUPPORTED}")


@functools.cache
def _file_store() -> Store:
    return FileStore()


@functools.cache
def _s3_store() -> Store:
    from jobs.storage.s3 import S3Store  # boto3 takes half a second to import

    return S3Store()


@functools.cache
def _http_store() -> Store:
    from jobs.storage.http import HttpStore

    return HttpStore()


def _find(pattern: str) -> list[ObjectInfo]:
    store, place = locate(pattern)
    with _for_user("read", pattern):
        found = store.find(place)
    if not found:
        named = redacted(pattern)
        if isinstance(store, FileStore) and not os.path.isabs(place):
            named += f" (in {os.getcwd()})"
        raise UserError(f"no object matches {named}: check the address or the glob")
    return found


@contextlib.contextmanager
def _for_user(action: str, uri: str) -> Iterator[None]:
    """Turn an OSError into the one line that a person needs."""
    try:
        yield
    except ObjectChanged:
        raise
    except OSError as error:
        if not error.strerror:  # a store's own sentence
            raise UserError(str(error)) from error
        place = redacted(uri) if action == "write" else error.filename or redacted(uri)
        raise UserError(
            f"cannot {action} {place}: {error.strerror}; check the path and its permissions"
        ) from error
