"""The interface of all stores, and the types and errors that they share."""

from __future__ import annotations

import abc
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, BinaryIO

READ_AHEAD = 1 << 20  # bytes; buffer size of readers


@dataclass(frozen=True, order=True)
class ObjectInfo:
    """URI, size and version of one object.

    Attributes
    ----------
    uri
        The object's URI.
    size
        In bytes; -1 if an https server does not send it in advance.
    version
        Differs between two versions of the object: the ETag for `s3://` and `https://` (the time
        of the last change if an https server sends no ETag), and the time of the last change in
        nanoseconds for files.
    """

    uri: str
    size: int
    version: str


class ObjectChanged(OSError):  # noqa: N818
    """An object was replaced while it was being read."""


class Conflict(Exception):  # noqa: N818
    """The condition of a conditional write failed, because another process wrote the object."""


def object_changed(uri: str) -> ObjectChanged:
    """Return the error for an object that was replaced while it was being read."""
    return ObjectChanged(f"{redacted(uri)} was replaced while it was being read; read it again")


def conflict(uri: str) -> Conflict:
    """Return the error for an object that another process wrote first."""
    return Conflict(f"{uri} was written by another process in the meantime")


class Store(abc.ABC):
    """A kind of storage: a file system, an object store or web servers.

    Methods raise the `OSError` that fits, with a message that a user can act on:
    `FileNotFoundError`, `PermissionError`, `ConnectionError`. URIs are spelled as
    `jobs.storage.locate` returns them.
    """

    @abc.abstractmethod
    def find(self, pattern: str) -> list[ObjectInfo]:
        """Return the objects that a URI, a folder or a glob matches, without hidden ones."""

    @abc.abstractmethod
    def stat(self, uri: str) -> ObjectInfo | None:
        """Return size and version of the object with exactly this URI, or None."""

    @abc.abstractmethod
    def open_stream(self, uri: str, offset: int) -> BinaryIO:
        """Open an object for sequential reading from byte `offset`."""

    @abc.abstractmethod
    def open_seekable(self, uri: str) -> BinaryIO:
        """Open an object for random access."""

    @abc.abstractmethod
    def read_range(self, uri: str, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from byte `offset`; fewer where the object ends."""

    @abc.abstractmethod
    def read_versioned(self, uri: str) -> tuple[bytes, str]:
        """Return the content of a small object and the version of that content."""

    @abc.abstractmethod
    def write_bytes(self, uri: str, data: bytes, if_version: str | None, create: bool) -> str:
        """Write an object atomically and return its version."""

    @abc.abstractmethod
    def write_file(self, uri: str, file: IO[bytes]) -> None:
        """Write an object atomically from the current position of a local file."""

    @abc.abstractmethod
    def list_objects(self, folder: str) -> Iterable[ObjectInfo]:
        """Return all objects below a folder, with hidden ones; URIs are relative to the folder."""

    @abc.abstractmethod
    def list_folders(self, folder: str) -> list[str]:
        """Return the names of the folders directly below a folder."""

    @abc.abstractmethod
    def remove_tree(self, uri: str) -> int:
        """Remove an object, or a folder with all objects below it; return the number removed."""


def redacted(uri: str) -> str:
    """Return a URI for messages, without the user name, password and query of a URL.

    >>> redacted("https://user:password@example.org/x.gz?signature=1f2e")
    'https://example.org/x.gz'
    """
    if not uri.startswith(("http://", "https://")):
        return uri
    return re.sub(r"(?<=://)[^/@]*@", "", uri.partition("?")[0])
