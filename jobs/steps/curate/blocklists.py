"""Block lists read, kept for the workers as sorted hashes, and asked."""

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

_LISTS = ("domains", "urls")  # the files in a category's folder of UT1


@dataclass(frozen=True)
class Given:
    """A list as it was given: its name, which is its category or its file's, and its files."""

    name: str
    files: tuple[ObjectInfo, ...]

    def to_dict(self) -> dict[str, object]:
        """What it was, for a run's record and digest."""
        return {"name": self.name, "files": [[each.uri, each.version] for each in self.files]}


@dataclass(frozen=True)
class Stored:
    """A list as the workers load it: its name and the file of its hashes."""

    name: str
    uri: str


def find(uris: Sequence[str]) -> list[Given]:
    """The lists at some addresses: files, or folders with `CATEGORY/domains` and `CATEGORY/urls`.

    Raises
    ------
    UserError
        There is none at one of them, or two have one name.
    """
    found: dict[str, Given] = {}
    for uri in uris:
        for given in _at(uri):
            if given.name in found:
                raise UserError(f"--blocklists: two lists are called {given.name}: rename one")
            found[given.name] = given
    return list(found.values())


def _at(uri: str) -> list[Given]:
    file = storage.stat(uri)
    if file is not None:
        return [Given(PurePosixPath(uri).stem, (file,))]
    lists: dict[str, list[ObjectInfo]] = {}
    for each in sorted(storage.list_names(uri), key=lambda each: each.uri):
        category, _, name = each.uri.rpartition("/")
        if name in _LISTS:
            lists.setdefault(category.rpartition("/")[2], []).append(each)
    if not lists:
        raise UserError(
            f"--blocklists: no list at {uri}: expected a file, or folders with `domains`"
        )
    return [Given(name, tuple(files)) for name, files in sorted(lists.items())]


def store(context: Context, given: Sequence[Given], folder: str) -> list[Stored]:
    """Hash each list into a file, once for all workers; say how long it is.

    Raises
    ------
    UserError
        A list has no entry.
    """
    stored = []
    for number, each in enumerate(given):
        bad = Counter[str]()
        hashes = HashSet(_entries(each.files, bad))
        if not len(hashes):
            raise UserError(f"--blocklists: {each.files[0].uri} has no domain and no URL")
        wrong = f", {bad.total():,} lines that name nothing" if bad else ""
        context.print(f"curate: block list {each.name}: {len(hashes):,} entries{wrong}")
        uri = storage.join(folder, f"{number}.hashes")
        storage.write_bytes(uri, hashes.to_bytes())
        stored.append(Stored(each.name, uri))
    return stored


def _entries(files: Sequence[ObjectInfo], bad: Counter[str]) -> Iterator[str]:
    """The entries of some files; the lines that name nothing are counted by file."""
    for file in files:
        with storage.open_stream(file.uri) as stream:
            for entry in parse(line.decode("utf-8", "replace") for line in stream):
                if entry is None:
                    bad[file.uri] += 1
                else:
                    yield entry


def blocked_by(lists: Sequence[Stored]) -> Column:
    """The name of the first list that a document, by `url` and `source_domain`, is on; else null."""
    held = tuple(lists)

    def names(urls: pd.Series, source_domains: pd.Series) -> pd.Series:
        pages = urls.tolist(), source_domains.tolist()
        found: list[str | None] = [None] * len(urls)
        for each in held:
            told = load(each.uri).blocks(*pages)
            found = [
                was or (each.name if on else None) for was, on in zip(found, told, strict=True)
            ]
        return pd.Series(found, dtype=object)

    told = pandas_udf(names, T.StringType())  # type: ignore[call-overload]
    column: Column = told(F.col("url"), F.col("source_domain"))
    return column


@functools.lru_cache(maxsize=32)
def load(uri: str) -> Blocklist:
    """Load a list that was stored; a worker does so once."""
    return Blocklist(HashSet.from_bytes(storage.read_bytes(uri)))
