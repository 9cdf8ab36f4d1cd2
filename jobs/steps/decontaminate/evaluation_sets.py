"""Evaluation sets as items with text, from files of the usual formats wherever they are."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from jobs import storage
from jobs.storage import ObjectInfo
from schemas.errors import UserError
from udfs.decontamination.ngram_index import Item
from udfs.decontamination.normal_form import normal

IDS = ("id", "task_id", "question_id", "uid", "idx", "key")
"""Fields that name an item, the first that is there."""

_PACKED = (".gz", ".zst")
_TABLES = {".csv": ",", ".tsv": "\t"}
_KINDS = (".parquet", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt")
_LONGEST = 1 << 26  # characters of a field of CSV
_DAMAGED = (OSError, EOFError, zlib.error, csv.Error, pa.ArrowException)


@dataclass
class Evaluation:
    """An evaluation set: its name, its file, and what reading it counted.

    Attributes
    ----------
    items
        Items with text.
    bad
        Lines that are no JSON object, and items without any text.
    """

    name: str
    file: ObjectInfo
    items: int = 0
    bad: int = 0
    _fields: Sequence[str] = field(default=(), repr=False)

    def read(self) -> Iterator[Item]:
        """Yield the items.

        Raises
        ------
        UserError
            The file cannot be read, or has no item with text.
        """
        try:
            for number, record in _records(self.file.uri):
                text = normal("\n".join(_texts(record, self._fields)))
                if text:
                    self.items += 1
                    yield Item(self.name, _id(record, number), text)
                else:
                    self.bad += 1
        except _DAMAGED as error:
            said = " ".join(str(error).split())
            raise UserError(f"cannot read evaluation set {self.file.uri}: {said}") from error
        if not self.items:
            wanted = f" in {', '.join(self._fields)} (--fields)" if self._fields else ""
            raise UserError(f"evaluation set {self.file.uri} has no item with text{wanted}")


def find(patterns: Sequence[str], fields: Sequence[str] = ()) -> list[Evaluation]:
    """Return the evaluation sets of files, globs and folders.

    A set is called as its file, without what the name ends in; where several are called so, with the
    name of its folder: `gsm8k/test`.

    Raises
    ------
    UserError
        There is no such file, or two sets have one name even so.
    """
    files = storage.expand(patterns)
    stems = [_stem(file.uri) for file in files]
    found: dict[str, Evaluation] = {}
    for file, stem in zip(files, stems, strict=True):
        folder = file.uri.rpartition("/")[0].rpartition("/")[2]
        name = f"{folder}/{stem}" if stems.count(stem) > 1 else stem
        if name in found:
            raise UserError(
                f"{found[name].file.uri} and {file.uri} are both evaluation set {name}: rename one"
            )
        found[name] = Evaluation(name, file, _fields=tuple(fields))
    return list(found.values())


def _stem(uri: str) -> str:
    name = uri.partition("?")[0].rpartition("/")[2]
    for ends in (_PACKED, _KINDS):
        name = next((name[: -len(end)] for end in ends if name.lower().endswith(end)), name)
    return _clean(name)


def _records(uri: str) -> Iterator[tuple[int, Any]]:
    """Number, from 1, and content of each item; None for a line that is not JSON."""
    name = uri.partition("?")[0].lower()
    if name.endswith(".parquet"):
        with storage.open_seekable(uri) as stream:
            batches = pq.ParquetFile(stream).iter_batches(batch_size=1000)
            yield from enumerate((row for batch in batches for row in batch.to_pylist()), start=1)
        return
    csv.field_size_limit(_LONGEST)  # of all CSV that the process reads
    packed = next((end for end in _PACKED if name.endswith(end)), "")
    name = name.removesuffix(packed)
    with storage.open_stream(uri) as stream:
        content = _unpacked(stream, packed)
        if name.endswith((".jsonl", ".ndjson", ".json")):
            yield from _json(content, name)
            return
        lines = io.TextIOWrapper(content, "utf-8-sig", errors="replace", newline="")
        for end, delimiter in _TABLES.items():
            if name.endswith(end):
                yield from enumerate(csv.DictReader(lines, delimiter=delimiter), start=1)
                return
        yield from ((n, line) for n, line in enumerate(lines, start=1) if line.strip())


def _json(content: IO[bytes], name: str) -> Iterator[tuple[int, Any]]:
    """Lines of JSON, or one array."""
    first = next((line for line in content if line.strip()), b"")
    if name.endswith(".json") and first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        whole = _loaded(first + content.read())
        yield from enumerate(whole if isinstance(whole, list) else [None], start=1)
        return
    yield 1, _loaded(first)
    yield from ((n, _loaded(line)) for n, line in enumerate(content, start=2) if line.strip())


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):  # also what is nested a thousand deep
        return None


def _unpacked(stream: IO[bytes], packed: str) -> IO[bytes]:
    if packed == ".gz":
        return io.BufferedReader(gzip.GzipFile(fileobj=stream))
    if packed == ".zst":
        return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd"))
    return stream


def _id(record: Any, number: int) -> str:
    if isinstance(record, dict):
        for name in IDS:
            if isinstance(record.get(name), str | int):
                return _clean(str(record[name]))
    return str(number)


def _texts(record: Any, fields: Sequence[str]) -> Iterator[str]:
    """All text of an item, or that of some fields, in their order."""
    if not isinstance(record, dict):
        if not fields:
            yield from _strings(record)
        return
    named = next((name for name in IDS if isinstance(record.get(name), str | int)), None)
    for name in fields or [each for each in record if each != named]:
        yield from _strings(record.get(name))


def _strings(value: Any) -> Iterator[str]:
    """The texts in a value, and in the lists and objects in it."""
    rest = [value]
    while rest:
        each = rest.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            rest += reversed(each.values())
        elif isinstance(each, list):
            rest += reversed(each)


def _clean(name: str) -> str:
    """Half a surrogate pair, which JSON can spell, is no text to Arrow."""
    return name.encode("utf-8", "replace").decode("utf-8")
