"""The raw record of a line of JSON, and the line itself for other formats of lines."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

from jobs.slices.raw import streams
from jobs.slices.raw.record import BEGINNING, Place, RawRecord, RecordNotFound, in_memory
from jobs.sources.faults import Fault
from jobs.sources.lines import split_lines
from udfs.extract import json_line
from udfs.extract.errors import ExtractionError

_BOM = b"\xef\xbb\xbf"
_SHORT = 300  # characters up to which a value is shown


def read(place: Place, id_of: Callable[[dict[str, Any], bytes], str], text: str) -> RawRecord:
    """Return the JSON line at a place.

    Parameters
    ----------
    id_of
        Returns the id of the document that a line makes, given its object and its bytes; raises
        ExtractionError for a line that makes none.
    text
        The key of the object's text.

    Raises
    ------
    RecordNotFound
        The line is not JSON, or makes another document.
    """
    packed = streams.packing(place.uri)
    line = line_at(streams.from_byte(place.uri, place.offset, packed, place.report), place)
    try:
        record = json_line.parse(line)
        check_id(id_of(record, line), place)
    except ExtractionError as error:
        raise RecordNotFound(f"the line there is no record: {error.message}") from error
    return RawRecord(
        "line of JSON",
        len(line),
        {"JSON": list(pairs(record))},
        str(record.get(text) or "")[:BEGINNING],
        in_memory(line),
        streams.read_to(place.offset, packed),
    )


def line_at(chunks: Generator[bytes, None, None], place: Place) -> bytes:
    """Return the first line of the chunks, which start at the place, without its line end.

    Raises
    ------
    RecordNotFound
        The chunks end before it, or it is longer than the place's `max_bytes`.
    """
    try:
        for position, line in split_lines(chunks, place.offset, place.max_bytes):
            if line is None:
                break
            return line if position else line.removeprefix(_BOM)
    except Fault as fault:
        raise RecordNotFound(fault.message) from fault
    finally:
        chunks.close()
    raise RecordNotFound("the file ends before it, or its line is too long")


def check_id(name: str, place: Place, what: str = "line") -> None:
    """Raise RecordNotFound unless the record at a place makes the document that is asked for."""
    if name != place.id:
        raise RecordNotFound(f"the {what} there is {name}")


def pairs(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield keys and values of a JSON object and of the objects in it; long texts by their length."""
    for key, value in record.items():
        if isinstance(value, dict) and not prefix:
            yield from pairs(value, f"{key}.")
        else:
            yield f"{prefix}{key}", shortened(value)


def shortened(value: Any) -> Any:
    """Return a value as it is shown: a long text as its length."""
    if isinstance(value, str) and len(value) > _SHORT:
        return f"{len(value):,} characters"
    return value
