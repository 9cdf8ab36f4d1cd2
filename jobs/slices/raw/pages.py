"""The raw record of an article: a page of a MediaWiki export, as its XML."""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from jobs import storage
from jobs.slices.raw import streams
from jobs.slices.raw.record import BEGINNING, Place, RawRecord, RecordNotFound, in_memory
from jobs.sources.bzip2_streams import Run, read_streams
from jobs.sources.decompress import decompressed
from jobs.sources.faults import Fault
from jobs.sources.mediawiki_cuts import Cutter
from jobs.sources.mediawiki_header import Header, read_header
from jobs.sources.mediawiki_pages import Content, parse_page

_BZIP2 = "bzip2"
_STEP = 10_000  # pages between two lines of progress


def read(place: Place) -> RawRecord:
    """Return the page at a place; in a bzip2 dump, the offset is that of the page's stream.

    Raises
    ------
    RecordNotFound
        The dump does not have the page there.
    """
    packed = streams.packing(place.uri)
    wanted = place.id.rpartition("/")[2]
    try:
        with storage.open_stream(place.uri) as stream:
            header = read_header(decompressed(stream))
        match = _find(place, packed, header, wanted)
    except Fault as fault:
        raise RecordNotFound(fault.message) from fault
    if match is None:
        where = "in the bzip2 stream there" if packed == _BZIP2 else "there"
        raise RecordNotFound(f"page {wanted} is not {where}")
    data, page, before = match
    fields = {"dbname": header.wiki, "xml:lang": header.language} | page._asdict()
    del fields["text"]
    notes = [] if packed == _BZIP2 else streams.read_to(place.offset, packed)
    if before:
        notes = [f"{before:,} pages of its bzip2 stream come before it"]
    return RawRecord(
        "page of a MediaWiki export",
        len(data),
        {"page": [(name, value) for name, value in fields.items() if value is not None]},
        (page.text or "")[:BEGINNING],
        in_memory(data),
        notes,
    )


def _find(
    place: Place, packed: str | None, header: Header, wanted: str
) -> tuple[bytes, Content, int] | None:
    """Return the page as bytes, its fields, and how many pages were read before it."""
    cutter = Cutter(
        header.encoding,
        first=place.offset == 0,
        position=0 if packed == _BZIP2 else place.offset,
        by_stream=packed == _BZIP2,
        max_bytes=place.max_bytes,
    )
    mark, before = wanted.encode(header.encoding), 0
    with contextlib.closing(_runs(place, packed)) as runs:
        for _, data, fault in cutter.cuts(runs):
            # parsing a page is slow, and most cannot be the one
            page = None if fault or mark not in data else _parsed(data, header.encoding)
            if page and str(page.page_id) == wanted:
                return data, page, before
            if packed != _BZIP2:
                return None
            before += 1
            if before % _STEP == 0:
                place.report(f"{before:,} pages of the bzip2 stream read")
    return None


def _parsed(data: bytes, encoding: str) -> Content | None:
    """Return a page's fields; None for a broken page."""
    try:
        return parse_page(data, encoding)
    except Fault:
        return None


def _runs(place: Place, packed: str | None) -> Generator[Run, None, None]:
    if packed == _BZIP2:
        with storage.open_stream(place.uri, offset=place.offset) as stream:
            yield from read_streams(stream, place.offset, place.offset + 1)
        return
    for chunk in streams.from_byte(place.uri, place.offset, packed, place.report):
        yield Run(chunk, 0, True)
