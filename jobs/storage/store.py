"""What every kind of store can do, and the words they share."""

from __future__ import annotations

import abc
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, BinaryIO

READ_AHEAD = 1 << 20  # bytes that a buffered reader asks a store for at once


@dataclass(frozen=True, order=True)
class ObjectInfo:
    """One object: its address, its size in bytes, and what tells one version of it from the next.

    `size` is -1 where an https server does not tell it in advance.
    `version` is the ETag for `s3://` and `https://` (the time of the last change where an https
    server gives no ETag), and the time of the last change in nanoseconds for files.
    """

    uri: str
    size: int
    version: str


class ObjectChanged(OSError):  # noqa: N818
    """An object was replaced while it was being read."""


class Conflict(Exception):  # noqa: N818
    """A conditional write came too late: somebody else has written the object."""


def object_changed(uri: str) -> ObjectChanged:
    return ObjectChanged(f"{redacted(uri)} was replaced while it was being read; read it again")


def conflict(uri: str) -> Conflict:
    return Conflict(f"{uri} was written by another process in the meantime")


class Store(abc.ABC):
    """One kind of place where objects are kept.

    A store raises the `OSError` that fits, with a message a user can act on: `FileNotFoundError`,
    `PermissionError`, `ConnectionError`. Addresses come as `locate` in the package spells them.
    """

    @abc.abstractmethod
    def find(self, pattern: str) -> list[ObjectInfo]:
        """Return what an address, a folder or a glob names; hidden objects are left out."""

    @abc.abstractmethod
    def stat(self, uri: str) -> ObjectInfo | None:
        """Return the object of exactly this address, or None."""

    @abc.abstractmethod
    def open_stream(self, uri: str, offset: int) -> BinaryIO:
        """Open for reading from start to end."""

    @abc.abstractmethod
    def open_seekable(self, uri: str) -> BinaryIO:
        """Open for reading here and there."""

    @abc.abstractmethod
    def read_range(self, uri: str, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; fewer where the object ends."""

    @abc.abstractmethod
    def read_versioned(self, uri: str) -> tuple[bytes, str]:
        """Return a small object's content and the version that it is of."""

    @abc.abstractmethod
    def write_bytes(self, uri: str, data: bytes, if_version: str | None, create: bool) -> str:
        """Write an object whole or not at all, and return its version."""

    @abc.abstractmethod
    def write_file(self, uri: str, file: IO[bytes]) -> None:
        """Write an object from the start of a local file, whole or not at all."""

    @abc.abstractmethod
    def below(self, folder: str) -> Iterable[ObjectInfo]:
        """Return every object below a folder, hidden ones too, named relative to the folder."""

    @abc.abstractmethod
    def folder_names(self, folder: str) -> list[str]:
        """Return the names of the folders right below a folder."""

    @abc.abstractmethod
    def remove_tree(self, uri: str) -> int:
        """Remove an object, or a folder with all below it; return how many objects went."""


def redacted(uri: str) -> str:
    """Return a URI without the user name, password and query of a URL, to be printed."""
    if not uri.startswith(("http://", "https://")):
        return uri
    return re.sub(r"(?<=://)[^/@]*@", "", uri.partition("?")[0])
