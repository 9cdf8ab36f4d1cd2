"""The raw record of a document, by its slice."""

from __future__ import annotations

from collections.abc import Callable

from jobs.sources.parquet_rows import is_parquet
from jobs.steps.trace import book_files, eprints, lines, pages, parquet, web
from jobs.steps.trace.record import Place, RawRecord


def find(place: Place) -> RawRecord:
    """The record that a document was made from, which is checked to be the one by its id.

    Raises
    ------
    NotThere
        The archive has another record there, or none.
    OSError
        It cannot be read.
    """
    return _READERS[place.slice](place)


def _github(place: Place) -> RawRecord:
    return parquet.record(place) if is_parquet(place.uri) else lines.github_line(place)


_READERS: dict[str, Callable[[Place], RawRecord]] = {
    "common_crawl": web.record,
    "c4": lines.c4_line,
    "github": _github,
    "arxiv": eprints.record,
    "books": book_files.record,
    "wikipedia": pages.record,
    "stackexchange": lines.post,
}
