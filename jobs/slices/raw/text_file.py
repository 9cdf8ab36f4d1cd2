"""The raw record of a book in a text file."""

from __future__ import annotations

from jobs.slices.raw.record import Pairs, Place, RawRecord, RecordNotFound, in_memory, readable
from jobs.sources.faults import Fault
from jobs.sources.text_files import read_whole
from udfs.extract import book_formats
from udfs.extract.errors import ExtractionError


def read(place: Place) -> RawRecord:
    """Return the file of a book, with the fields of its header.

    Raises
    ------
    RecordNotFound
        It cannot be read.
    """
    try:
        data = read_whole(place.uri, place.max_bytes)
        parsed = book_formats.read(place.uri, data, place.max_bytes)
    except (Fault, ExtractionError) as error:
        raise RecordNotFound(error.message) from error
    header: Pairs = [("encoding", parsed.encoding)]
    header += list(parsed.header._asdict().items()) if parsed.header else []
    headers = {"header": [(name, value) for name, value in header if value is not None]}
    return RawRecord("text file", len(data), headers, readable(data), in_memory(data))
