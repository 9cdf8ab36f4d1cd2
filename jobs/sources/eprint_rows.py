"""Rows of e-prints, read from tars of the arXiv bucket, single e-prints or plain TeX files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import NamedTuple

from jobs import storage
from jobs.sources.arxiv_ids import is_id, month, paper_id, stem
from jobs.sources.decompress import decompressed
from jobs.sources.eprint import PDF, TEX, Contents, contents, is_junk, is_support, of_file
from jobs.sources.faults import EMPTY, STORAGE, TOO_LARGE, Fault
from jobs.sources.inflate import GZIP_MAGIC
from jobs.sources.objects import MAX_RECORD_BYTES
from jobs.sources.splits import ByteRange
from jobs.sources.tar_stream import BLOCK, Bytes, Entry, entries, is_tar
from schemas.errors import one_line

REFUSED = "refused-entry"
_EPRINT_SUFFIXES = (".gz", ".pdf")


class Eprint(NamedTuple):
    """The columns of `schemas.sources.eprints`."""

    uri: str
    offset: int
    arxiv_id: str | None = None
    yymm: str | None = None
    timestamp: str | None = None
    kind: str | None = None
    tex: list[tuple[str, bytes]] | None = None
    others: int = 0
    refused: int = 0
    error: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class PaperFiles(ByteRange):
    """The TeX files of a paper in one folder; `uri` is the first of them.

    Style files and 00README follow the TeX files.
    """

    uris: tuple[str, ...] = ()


def read_eprints(byte_range: ByteRange, max_bytes: int = MAX_RECORD_BYTES) -> Iterator[Eprint]:
    """Yield the e-prints of a byte range; the last row may be the fault that ends it."""
    try:
        if isinstance(byte_range, PaperFiles):
            yield _paper_files_row(byte_range, max_bytes)
            return
        with storage.open_stream(byte_range.uri) as stored:
            stream = Bytes(decompressed(stored))
            head = stream.peek(BLOCK)
            if not head:
                raise Fault(EMPTY, "the object is empty")
            yield from _read(byte_range.uri, stream, max_bytes)
    except Fault as fault:
        yield _failed(byte_range.uri, fault.offset, fault)
    except OSError as error:
        yield _failed(byte_range.uri, 0, Fault(STORAGE, f"{type(error).__name__}: {error}"))


def _read(uri: str, stream: Bytes, max_bytes: int) -> Iterator[Eprint]:
    if is_tar(stream.peek(BLOCK)) and _is_bucket_tar(stream):
        yield from _bucket_tar_rows(uri, stream, max_bytes)
        return
    content = contents(stream, stem(uri) + ".tex", max_bytes)
    if content.tex:
        _drain(stream, max_bytes)
    yield _eprint(uri, 0, uri, content, content.newest or _gzip_time(uri))


def _bucket_tar_rows(uri: str, stream: Bytes, max_bytes: int) -> Iterator[Eprint]:
    for entry in entries(stream, needs_end_mark=True):
        if entry.is_folder or is_junk(entry.name):
            continue
        if not entry.is_file or not entry.is_safe:
            fault = Fault(REFUSED, f"not followed: {entry.name[:200]}")
            yield _failed(uri, entry.offset, fault)
            continue
        if entry.name.lower().endswith(".pdf"):
            yield _eprint(uri, entry.offset, entry.name, Contents(PDF, [], 1), entry.mtime)
            continue
        member = _Member(entry)
        try:
            inner = Bytes(decompressed(member))
            content = contents(inner, stem(entry.name) + ".tex", max_bytes)
            if content.tex:
                _drain(inner, max_bytes)
        except Fault as fault:
            if member.fault:  # a fault of the tar, not of the e-print
                raise
            yield _failed(uri, entry.offset, fault, entry.name)
            continue
        yield _eprint(uri, entry.offset, entry.name, content, entry.mtime)


class _Member:
    """A tar member as a stream; `fault` keeps a fault of the tar raised while reading it."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self.fault: Fault | None = None

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._entry.read(size)
        except Fault as fault:
            self.fault = fault
            fault.offset = self._entry.offset
            raise


def _drain(stream: Bytes, max_bytes: int) -> None:
    """Read the rest of an e-print, up to `max_bytes`, so that its checksum is verified."""
    budget = max_bytes
    while budget > 0 and (data := stream.some(1 << 20)):
        budget -= len(data)


def _is_bucket_tar(stream: Bytes) -> bool:
    """Return whether a tar holds many e-prints, judged by its first file."""
    # the headers of folders precede the first file and vary in number
    for blocks in (4, 16):
        window = stream.peek(blocks * BLOCK)
        try:
            for entry in entries(Bytes(iter([window]))):
                if entry.is_file and not is_junk(entry.name):
                    name = entry.name.lower()
                    return name.endswith(_EPRINT_SUFFIXES) and is_id(stem(entry.name))
        except Fault:
            continue
    return False


def _paper_files_row(files: PaperFiles, max_bytes: int) -> Eprint:
    folder = files.uri.rpartition("/")[0]
    tex: list[tuple[str, bytes]] = []
    kinds: list[str] = []
    others, budget = 0, max_bytes
    for uri in files.uris:
        try:
            with storage.open_stream(uri) as stored:
                stream = Bytes(decompressed(stored))
                content = of_file(stream, uri[len(folder) + 1 :], budget)
        except Fault as fault:
            if fault.error == TOO_LARGE:
                fault.message = f"the TeX files have more than {max_bytes} bytes"
            return _failed(uri, 0, fault, uri)
        except OSError as error:
            return _failed(uri, 0, Fault(STORAGE, f"{type(error).__name__}: {error}"), uri)
        tex += content.tex
        others += content.others
        budget -= sum(len(data) for _, data in content.tex)
        if not is_support(uri):
            kinds.append(content.kind)
    kind = TEX if TEX in kinds else kinds[-1]
    return _eprint(files.uri, 0, files.uri, Contents(kind, tex, others), 0.0)


def _eprint(uri: str, offset: int, path: str, content: Contents, seconds: float) -> Eprint:
    name = paper_id(path)
    return Eprint(
        uri,
        offset,
        name,
        month(name),
        _time(seconds),
        content.kind,
        content.tex,
        content.others,
        content.refused,
    )


def _failed(uri: str, offset: int, fault: Fault, path: str | None = None) -> Eprint:
    name = paper_id(path) if path else None
    message = one_line(f"{name + ': ' if name else ''}{fault.message}")
    return Eprint(
        uri, offset, name, month(name) if name else None, error=fault.error, message=message
    )


def _time(seconds: float) -> str | None:
    try:
        time = datetime.fromtimestamp(int(seconds), timezone.utc) if seconds else None
    except (OverflowError, OSError, ValueError):
        return None
    return f"{time:%Y-%m-%dT%H:%M:%SZ}" if time else None


def _gzip_time(uri: str) -> float:
    """Return the modification time in a gzip header, in seconds since 1970; 0 if none."""
    head = storage.read_range(uri, 0, 8)
    return float(int.from_bytes(head[4:8], "little")) if head.startswith(GZIP_MAGIC) else 0.0
