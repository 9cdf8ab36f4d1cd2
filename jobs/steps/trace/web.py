"""The raw record of a web page: a record of WARC, WET or ARC, with its headers as they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator

from jobs import storage
from jobs.slices.names import hashed_name
from jobs.sources.arc_format import ArcFormat
from jobs.sources.buffer import Window
from jobs.sources.faults import Fault
from jobs.sources.framing import HEADER_LIMIT, Record
from jobs.sources.inflate import Inflated
from jobs.sources.warc_format import WarcFormat
from jobs.sources.warc_rows import Wanted, to_row
from jobs.steps.trace import streams
from jobs.steps.trace.record import NotThere, Pairs, Place, RawRecord, readable

_BLANK_LINE = re.compile(rb"\n\r?\n")
_LINE = re.compile(rb"\r?\n(?![ \t])")

Open = Callable[[], Generator[bytes, None, None]]


def record(place: Place) -> RawRecord:
    """The record at a place.

    Of an archive that is compressed record by record only its gzip member is read.

    Raises
    ------
    NotThere
        It is another one, or none.
    """
    reasons = []
    for opened, notes in _ways(place):
        try:
            return _read(opened, place, notes)
        except (Fault, NotThere) as error:
            reasons.append(error.message if isinstance(error, Fault) else str(error))
    raise NotThere(reasons[0])


def _ways(place: Place) -> Iterator[tuple[Open, list[str]]]:
    """How the record may be reached: an offset in gzip is of a member, or of what is inside."""
    packed = streams.packing(place.uri)
    if packed and streams.is_gzip(place.uri, place.offset):
        yield lambda: _members(place.uri, place.offset), []
    yield (
        lambda: streams.from_byte(place.uri, place.offset, packed, place.say),
        streams.read_to(place.offset, packed),
    )


def _members(uri: str, offset: int) -> Generator[bytes, None, None]:
    with storage.open_stream(uri, offset=offset) as stream:
        yield from Inflated(stream)


def _read(opened: Open, place: Place, notes: list[str]) -> RawRecord:
    wanted = Wanted(max_record_bytes=place.max_bytes)
    chunks = opened()
    window = Window(chunks)
    window.skip_newlines()
    # no further than the header: what is behind the record may be damaged
    head, begun = window.peek(window.find(_BLANK_LINE, HEADER_LIMIT) or 0), window.position
    for each in (WarcFormat, ArcFormat):
        if each.starts(window):
            found = each(wanted.record_types, place.max_bytes).read(window, place.offset)
            break
    else:
        raise NotThere(f"no record begins there, but {window.peek(24)!r}")
    size = window.position - begun
    chunks.close()
    if found is None:
        raise NotThere("the record there is neither a response nor a conversion")
    row = to_row(found, place.uri, wanted)
    named = row.record_id or hashed_name(place.uri, place.offset, row.url, row.date)
    if f"{place.slice}/{named}" != place.id:
        raise NotThere(f"the record there is {place.slice}/{named}")
    if place.digest and row.digest and row.digest != place.digest:
        raise NotThere(f"the record there has another digest, {row.digest}")
    return RawRecord(
        "ARC record" if each is ArcFormat else "WARC record",
        size,
        _headers(head, found, arc=each is ArcFormat),
        readable(row.content or b"", row.content_type),
        lambda: _part(opened(), begun, size),
        notes,
    )


def _headers(head: bytes, found: Record, *, arc: bool) -> dict[str, Pairs]:
    if arc:
        return {"ARC": [("", _text(head.partition(b"\n")[0]))]} | _http(found.block)
    return {"WARC": _fields(head)} | _http(found.block)


def _http(block: bytes) -> dict[str, Pairs]:
    """Of a response; a conversion has none."""
    if not block.startswith((b"HTTP/", b"ICY")):
        return {}
    return {"HTTP": _fields(_BLANK_LINE.split(block[:HEADER_LIMIT], 1)[0])}


def _fields(head: bytes) -> Pairs:
    """The fields as written; the first line, of the version or the status, has no name."""
    first, *lines = _LINE.split(head.strip(b"\r\n"))
    parted = (line.partition(b":") for line in lines)
    return [("", _text(first)), *((_text(name), _text(value)) for name, _, value in parted)]


def _text(data: bytes) -> str:
    try:
        return data.decode().strip()
    except UnicodeDecodeError:
        return data.decode("latin-1").strip()


def _part(chunks: Iterator[bytes], begun: int, size: int) -> Iterator[bytes]:
    """So many bytes from one on."""
    for chunk in chunks:
        part = chunk[begun : begun + size] if begun < len(chunk) else b""
        begun = max(0, begun - len(chunk))
        size -= len(part)
        if part:
            yield part
        if not size:
            return
