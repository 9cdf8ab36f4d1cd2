"""Read items of evaluation sets from JSON, CSV, Parquet and text files."""

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
from schemas.errors import UserError, one_line
from udfs.decontamination.items import Item, Part, part_of
from udfs.near_duplicates.script_words import script_words

IDS = ("id", "task_id", "question_id", "uid", "idx", "key")
"""Fields that may name an item; the first one present does."""

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
        Lines that are not JSON, and items without text.
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
                parts = _parts(record, self._fields)
                text = script_words("\n".join(text for _, text in parts))
                if text:
                    self.items += 1
                    yield Item(self.name, _id(record, number), text, *_by_part(parts))
                else:
                    self.bad += 1
        except _DAMAGED as error:
            reason = one_line(error)
            raise UserError(f"cannot read evaluation set {self.file.uri}: {reason}") from error
        if not self.items:
            wanted = f" in {', '.join(self._fields)} (--fields)" if self._fields else ""
            raise UserError(f"evaluation set {self.file.uri} has no item with text{wanted}")


def find(patterns: Sequence[str], fields: Sequence[str] = ()) -> list[Evaluation]:
    """Return the evaluation sets of files, globs and folders.

    A set has the name of its file without extensions; if several files share one, their folder's name
    comes before it: `gsm8k/test`.

    Raises
    ------
    UserError
        A file does not exist, or two sets still have the same name.
    """
    files = storage.expand(patterns)
    stems = [_stem(file.uri) for file in files]
    sets: dict[str, Evaluation] = {}
    for file, stem in zip(files, stems, strict=True):
        folder = file.uri.rpartition("/")[0].rpartition("/")[2]
        name = f"{folder}/{stem}" if stems.count(stem) > 1 else stem
        if name in sets:
            raise UserError(
                f"{sets[name].file.uri} and {file.uri} are both evaluation set {name}: rename one"
            )
        sets[name] = Evaluation(name, file, _fields=tuple(fields))
    return list(sets.values())


def _stem(uri: str) -> str:
    name = uri.partition("?")[0].rpartition("/")[2]
    for ends in (_PACKED, _KINDS):
        name = next((name[: -len(end)] for end in ends if name.lower().endswith(end)), name)
    return _clean(name)


def _records(uri: str) -> Iterator[tuple[int, Any]]:
    """Yield number, from 1, and content of each item; None for a line that is not JSON."""
    name = uri.partition("?")[0].lower()
    if name.endswith(".parquet"):
        with storage.open_seekable(uri) as stream:
            batches = pq.ParquetFile(stream).iter_batches(batch_size=1000)
            yield from enumerate((row for batch in batches for row in batch.to_pylist()), start=1)
        return
    csv.field_size_limit(_LONGEST)  # a setting of the whole process
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
    """Yield the items of JSON lines, or of one array."""
    first = next((line for line in content if line.strip()), b"")
    if name.endswith(".json") and first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        array = _loaded(first + content.read())
        yield from enumerate(array if isinstance(array, list) else [None], start=1)
        return
    yield 1, _loaded(first)
    yield from ((n, _loaded(line)) for n, line in enumerate(content, start=2) if line.strip())


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):  # RecursionError: nested a thousand deep
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


def _parts(record: Any, fields: Sequence[str]) -> list[tuple[Part, str]]:
    """Return the texts of an item, or those of some fields, in their order, and the part of each."""
    if not isinstance(record, dict):
        return [] if fields else list(_strings_by_part(record, "question"))
    named = next((name for name in IDS if isinstance(record.get(name), str | int)), None)
    names = fields or [key for key in record if key != named]
    return [pair for name in names for pair in _strings_by_part(record.get(name), part_of(name))]


def _strings_by_part(value: Any, part: Part) -> Iterator[tuple[Part, str]]:
    """Yield the strings in a value, and in its lists and objects; a question may have answers in it."""
    pending = [(part, value)]
    while pending:
        part, value = pending.pop()
        if isinstance(value, str):
            yield part, value
        elif isinstance(value, dict):
            inner = [(part_of(key), content) for key, content in value.items()]
            named = part in ("question", "other")
            pending += reversed([(own if named else part, content) for own, content in inner])
        elif isinstance(value, list):
            pending += reversed([(part, content) for content in value])


def _by_part(parts: Sequence[tuple[Part, str]]) -> tuple[bytes, bytes, bytes]:
    """Return the words of question, answer and passage.

    Without a question other fields are one, or else the passage or the answer.
    """
    texts = {
        part: script_words("\n".join(text for other, text in parts if other == part))
        for part in ("question", "answer", "passage", "other")
    }
    asked = next((part for part in ("question", "other", "passage") if texts[part]), "answer")
    question = texts[asked]
    texts[asked] = b""
    return question, texts["answer"], texts["passage"]


def _clean(name: str) -> str:
    """Replace half surrogate pairs, which JSON can spell and Arrow rejects."""
    return name.encode("utf-8", "replace").decode("utf-8")
