"""The raw record of a web page: a record of WARC, WET or ARC, with its headers as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator

from jobs import storage
from jobs.slices.names import hashed_name
from jobs.slices.raw import streams
from jobs.slices.raw.record import Pairs, Place, RawRecord, RecordNotFound, readable
from jobs.sources.arc_format import ArcFormat
from jobs.sources.archive import all_content
from jobs.sources.buffer import Window
from jobs.sources.compressions import open_members, read_dictionary
from jobs.sources.faults import Fault
from jobs.sources.framing import HEADER_LIMIT, Record
from jobs.sources.http_message import find_response
from jobs.sources.warc_format import WarcFormat
from jobs.sources.warc_rows import Wanted, to_row

_BLANK_LINE = re.compile(rb"\n\r?\n")
_LINE = re.compile(rb"\r?\n(?![ \t])")

Open = Callable[[], Generator[bytes, None, None]]


def read(place: Place) -> RawRecord:
    """Return the record at a place.

    If the archive is compressed record by record, only the record's gzip member is read.

    Raises
    ------
    RecordNotFound
        The place has another record, or none.
    """
    reasons = []
    for opened, notes in _ways(place):
        try:
            return _read(opened, place, notes)
        except (Fault, RecordNotFound) as error:
            reasons.append(error.message if isinstance(error, Fault) else str(error))
    raise RecordNotFound(reasons[0])


def _ways(place: Place) -> Iterator[tuple[Open, list[str]]]:
    """Yield the ways to reach the record: an offset in gzip is of a member, or of its content."""
    packed = streams.packing(place.uri)
    if packed and streams.packing(place.uri, place.offset) == packed:
        yield lambda: _from_member(place.uri, place.offset), []
    yield lambda: _from_byte(place, packed), streams.read_to(place.offset, packed)


def _from_member(uri: str, offset: int) -> Generator[bytes, None, None]:
    with storage.open_stream(uri) as beginning:
        dictionary = read_dictionary(beginning)
    with storage.open_stream(uri, offset=offset) as stream:
        yield from open_members(stream, dictionary)


def _from_byte(place: Place, packed: str | None) -> Generator[bytes, None, None]:
    if not packed:
        yield from streams.from_byte(place.uri, place.offset, packed, place.report)
        return
    with storage.open_stream(place.uri) as stream:
        content = all_content(open_members(stream))
        yield from streams.from_offset(content, place.offset, place.uri, place.report)


def _read(opened: Open, place: Place, notes: list[str]) -> RawRecord:
    wanted = Wanted(max_record_bytes=place.max_bytes)
    chunks = opened()
    window = Window(chunks)
    window.skip_newlines()
    # no further than the header: the archive may be damaged after the record
    head, start = window.peek(window.find(_BLANK_LINE, HEADER_LIMIT) or 0), window.position
    for format_ in (WarcFormat, ArcFormat):
        if format_.starts(window):
            record = format_(wanted.record_types, place.max_bytes).read(window, place.offset)
            break
    else:
        raise RecordNotFound(f"no record begins there, but {window.peek(24)!r}")
    size = window.position - start
    chunks.close()
    if record is None:
        raise RecordNotFound("the record there holds no page")
    row = to_row(record, place.uri, wanted)
    name = row.record_id or hashed_name(place.uri, place.offset, row.url, row.date)
    if f"{place.slice}/{name}" != place.id:
        raise RecordNotFound(f"the record there is {place.slice}/{name}")
    if place.digest and row.digest and row.digest != place.digest:
        raise RecordNotFound(f"the record there has another digest, {row.digest}")
    return RawRecord(
        "ARC record" if format_ is ArcFormat else "WARC record",
        size,
        _headers(head, record, arc=format_ is ArcFormat),
        readable(row.content or b"", row.content_type),
        lambda: _part(opened(), start, size),
        notes,
    )


def _headers(head: bytes, record: Record, *, arc: bool) -> dict[str, Pairs]:
    http = _http(record.block) if record.type == "response" else {}
    if arc:
        return {"ARC": [("", _text(head.partition(b"\n")[0]))]} | http
    return {"WARC": _fields(head)} | http


def _http(block: bytes) -> dict[str, Pairs]:
    """Return the HTTP header of a response; one that is not HTTP has none."""
    start, status = find_response(block)
    if status is None:
        return {}
    return {"HTTP": _fields(_BLANK_LINE.split(block[start:HEADER_LIMIT], 1)[0])}


def _fields(head: bytes) -> Pairs:
    """Return the fields as written; the first line, of the version or the status, has no name."""
    first, *lines = _LINE.split(head.strip(b"\r\n"))
    fields = (line.partition(b":") for line in lines)
    return [("", _text(first)), *((_text(name), _text(value)) for name, _, value in fields)]


def _text(data: bytes) -> str:
    try:
        return data.decode().strip()
    except UnicodeDecodeError:
        return data.decode("latin-1").strip()


def _part(chunks: Iterator[bytes], start: int, size: int) -> Iterator[bytes]:
    """Yield `size` bytes of the chunks' content, from the byte `start` on."""
    for chunk in chunks:
        part = chunk[start : start + size] if start < len(chunk) else b""
        start = max(0, start - len(chunk))
        size -= len(part)
        if part:
            yield part
        if not size:
            return
