"""Read block lists, store them for the workers as sorted hashes, and look documents up."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd
from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.functions import pandas_udf

from jobs import storage
from jobs.runtime.context import Context
from jobs.storage import ObjectInfo
from schemas.errors import UserError
from udfs.addresses.blocklists import Blocklist
from udfs.addresses.hash_set import HashSet
from udfs.addresses.list_file import ListError, ListFile

_URLS = "urls"
_LISTS = ("domains", _URLS)  # files in a category's folder of UT1


@dataclass(frozen=True)
class Given:
    """A list as the user gives it: its name (of its category or file) and its files."""

    name: str
    files: tuple[ObjectInfo, ...]

    def to_dict(self) -> dict[str, object]:
        """Return name and file versions, for a run's record and digest."""
        return {"name": self.name, "files": [[file.uri, file.version] for file in self.files]}


@dataclass(frozen=True)
class Stored:
    """A list as workers load it: its name, the address of its hashes, and the number of its entries."""

    name: str
    uri: str
    entries: int


def find(uris: Sequence[str]) -> list[Given]:
    """Return the lists at some addresses: files, or folders with `CATEGORY/domains` and `CATEGORY/urls`.

    Raises
    ------
    UserError
        An address has no list, or two lists have the same name.
    """
    lists: dict[str, Given] = {}
    for uri in uris:
        for given in _at(uri):
            if given.name in lists:
                raise UserError(f"--blocklists: two lists are called {given.name}: rename one")
            lists[given.name] = given
    return list(lists.values())


def _at(uri: str) -> list[Given]:
    file = storage.stat(uri)
    if file is not None:
        return [Given(PurePosixPath(uri).stem, (file,))]
    lists: dict[str, list[ObjectInfo]] = {}
    for stored in sorted(storage.list_names(uri), key=lambda stored: stored.uri):
        category, _, name = stored.uri.rpartition("/")
        if name in _LISTS:
            lists.setdefault(category.rpartition("/")[2], []).append(stored)
    if not lists:
        raise UserError(
            f"--blocklists: no list at {uri}: expected a file, or folders with `domains`"
        )
    return [Given(name, tuple(files)) for name, files in sorted(lists.items())]


def store(context: Context, given: Sequence[Given], folder: str) -> list[Stored]:
    """Hash each list into a file for all workers; print its length, and what it has beside entries.

    Raises
    ------
    UserError
        A list has no entry, or a file of it several formats or one that is not read.
    """
    stored = []
    for number, blocklist in enumerate(given):
        left_out = Counter[str]()
        hashes = HashSet(_entries(blocklist.files, left_out))
        if not len(hashes):
            raise UserError(f"--blocklists: {blocklist.files[0].uri} has no domain and no URL")
        rest = ", ".join(f"{n:,} {kind}" for kind, n in sorted(left_out.items()))
        not_read = f"; not read: {rest}" if rest else ""
        context.print(f"curate: block list {blocklist.name}: {len(hashes):,} entries{not_read}")
        uri = storage.join(folder, f"{number}.hashes")
        storage.write_bytes(uri, hashes.to_bytes())
        stored.append(Stored(blocklist.name, uri, len(hashes)))
    return stored


def _entries(files: Sequence[ObjectInfo], left_out: Counter[str]) -> Iterator[str]:
    """Yield the entries of some files, and count what else they have."""
    for file in files:
        with storage.open_stream(file.uri) as stream:
            lines = (line.decode("utf-8", "replace") for line in stream)
            list_file = ListFile(lines, urls=file.uri.rpartition("/")[2] == _URLS)
            try:
                yield from list_file.entries()
            except ListError as error:
                raise UserError(f"--blocklists: {file.uri}, {error}") from error
            left_out.update(list_file.left_out)


def holding(lists: Sequence[Stored]) -> Column:
    """Return the names of the lists that hold a document's `url` or `source_domain`, in their order."""
    held = tuple(lists)

    def names(urls: pd.Series, source_domains: pd.Series) -> pd.Series:
        pages = urls.tolist(), source_domains.tolist()
        by_document: list[list[str]] = [[] for _ in urls]
        for blocklist in held:
            for on, is_blocked in zip(by_document, load(blocklist.uri).blocks(*pages), strict=True):
                if is_blocked:
                    on.append(blocklist.name)
        column: pd.Series = pd.Series(by_document, dtype=object)
        return column

    lookup = pandas_udf(names, T.ArrayType(T.StringType()))  # type: ignore[call-overload]
    on_lists: Column = lookup(F.col("url"), F.col("source_domain"))
    return on_lists


@functools.lru_cache(maxsize=32)
def load(uri: str) -> Blocklist:
    """Load a stored list; a worker does so once."""
    return Blocklist(HashSet.from_bytes(storage.read_bytes(uri)))
