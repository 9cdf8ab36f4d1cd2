"""The raw record of a book: its text file, of which the header tells what it is."""

from __future__ import annotations

from jobs.slices.books import NAME, file_name
from jobs.sources.faults import Fault
from jobs.sources.text_files import read_whole
from jobs.steps.trace import lines
from jobs.steps.trace.record import NotThere, Pairs, Place, RawRecord, one, readable
from udfs.extract import book
from udfs.extract.errors import ExtractionError


def record(place: Place) -> RawRecord:
    """The file of a book, or the line that it is.

    Raises
    ------
    NotThere
        It cannot be read, or the line is another one.
    """
    if place.id != f"{NAME}/{file_name(place.uri)}":
        return lines.book_line(place)
    try:
        data = read_whole(place.uri, place.max_bytes)
        found = book.from_bytes(data)
    except (Fault, ExtractionError) as error:
        raise NotThere(error.message) from error
    header: Pairs = [("encoding", found.encoding)]
    header += list(found.header._asdict().items()) if found.header else []
    headers = {"header": [(name, value) for name, value in header if value is not None]}
    return RawRecord("text file", len(data), headers, readable(data), one(data))
