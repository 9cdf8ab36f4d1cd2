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
from udfs.addresses.blocklists import Blocklist, parse
from udfs.addresses.hash_set import HashSet

_LISTS = ("domains", "urls")  # files in a category's folder of UT1


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
    """A list as workers load it: its name and the address of its hashes."""

    name: str
    uri: str


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
    """Hash each list into a file for all workers, and print its length.

    Raises
    ------
    UserError
        A list has no entry.
    """
    stored = []
    for number, blocklist in enumerate(given):
        bad = Counter[str]()
        hashes = HashSet(_entries(blocklist.files, bad))
        if not len(hashes):
            raise UserError(f"--blocklists: {blocklist.files[0].uri} has no domain and no URL")
        skipped = f", {bad.total():,} lines without a domain or URL" if bad else ""
        context.print(f"curate: block list {blocklist.name}: {len(hashes):,} entries{skipped}")
        uri = storage.join(folder, f"{number}.hashes")
        storage.write_bytes(uri, hashes.to_bytes())
        stored.append(Stored(blocklist.name, uri))
    return stored


def _entries(files: Sequence[ObjectInfo], bad: Counter[str]) -> Iterator[str]:
    """Yield the entries of some files; count the lines without one in `bad`, by file."""
    for file in files:
        with storage.open_stream(file.uri) as stream:
            for entry in parse(line.decode("utf-8", "replace") for line in stream):
                if entry is None:
                    bad[file.uri] += 1
                else:
                    yield entry


def blocked_by(lists: Sequence[Stored]) -> Column:
    """Return the first list that holds a document's `url` or `source_domain`; null if none does."""
    held = tuple(lists)

    def names(urls: pd.Series, source_domains: pd.Series) -> pd.Series:
        pages = urls.tolist(), source_domains.tolist()
        first: list[str | None] = [None] * len(urls)
        for blocklist in held:
            blocked = load(blocklist.uri).blocks(*pages)
            first = [
                name or (blocklist.name if on else None)
                for name, on in zip(first, blocked, strict=True)
            ]
        return pd.Series(first, dtype=object)

    lookup = pandas_udf(names, T.StringType())  # type: ignore[call-overload]
    column: Column = lookup(F.col("url"), F.col("source_domain"))
    return column


@functools.lru_cache(maxsize=32)
def load(uri: str) -> Blocklist:
    """Load a stored list; a worker does so once."""
    return Blocklist(HashSet.from_bytes(storage.read_bytes(uri)))
