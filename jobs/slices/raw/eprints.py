"""The raw record of a paper: a member of arXiv's tars, an e-print alone, or TeX files in a folder."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime, timezone

from jobs import storage
from jobs.slices.raw import streams
from jobs.slices.raw.record import Pairs, Place, RawRecord, RecordNotFound, readable
from jobs.sources.arxiv_ids import is_id, paper_id, stem
from jobs.sources.decompress import decompressed, plain
from jobs.sources.eprint import TEX_SUFFIXES, contents, is_support
from jobs.sources.faults import Fault
from jobs.sources.tar_stream import Bytes, Entry, entries
from jobs.sources.text_files import read_whole

_MAIN = re.compile(rb"\\document(?:class|style)(?![A-Za-z])|\\begin\s?\{document\}")
_PIECE = 1 << 20


def read(place: Place) -> RawRecord:
    """Return the e-print at a place.

    Raises
    ------
    RecordNotFound
        The place has another e-print, or none.
    """
    folder, _, name = place.uri.rpartition("/")
    try:
        if name.lower().endswith(TEX_SUFFIXES) and is_id(folder.rpartition("/")[2]):
            return _of_files(place, folder)
        if place.offset == 0 and place.id == f"arxiv/{paper_id(place.uri)}":
            return _alone(place)
        return _of_tar(place)
    except Fault as fault:
        raise RecordNotFound(fault.message) from fault


def _alone(place: Place) -> RawRecord:
    with storage.open_stream(place.uri) as stream:
        held, beginning = _held(stream, stem(place.uri), place)
    size = storage.stat(place.uri)
    return RawRecord(
        "e-print in a file of its own",
        size.size if size else 0,
        {"e-print": held},
        beginning,
        lambda: _whole(place.uri),
    )


def _of_files(place: Place, folder: str) -> RawRecord:
    """Return the TeX files of a folder that were ingested: together they are one paper."""
    uris = sorted(
        uri
        for uri in place.inputs
        if uri.rpartition("/")[0] == folder
        and (uri.lower().endswith(TEX_SUFFIXES) or is_support(uri))
    ) or [place.uri]
    files = {uri: read_whole(uri, place.max_bytes) for uri in uris}
    return RawRecord(
        "TeX files of a folder",
        sum(map(len, files.values())),
        {
            "files": [
                (uri[len(folder) + 1 :], f"{len(data):,} bytes") for uri, data in files.items()
            ]
        },
        _beginning(list(files.values())),
        lambda: iter(files.values()),
        ["--raw writes the files one after another"] if len(uris) > 1 else [],
    )


def _of_tar(place: Place) -> RawRecord:
    packed = streams.packing(place.uri)
    with _entry(place, packed) as entry:
        if f"arxiv/{paper_id(entry.name)}" != place.id:
            raise RecordNotFound(f"the member there is {entry.name}")
        when = f"{datetime.fromtimestamp(int(entry.mtime), timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        member: Pairs = [("name", entry.name), ("size", entry.size), ("mtime", when)]
        held, beginning = _held(entry, stem(entry.name), place)
        return RawRecord(
            "member of a tar",
            entry.size,
            {"tar": member, "e-print": held},
            beginning,
            lambda: _content(place, packed),
            streams.read_to(place.offset, packed),
        )


@contextlib.contextmanager
def _entry(place: Place, packed: str | None) -> Iterator[Entry]:
    chunks = streams.from_byte(place.uri, place.offset, packed, place.report)
    with contextlib.closing(chunks):
        entry = next(entries(Bytes(chunks)), None)
        if entry is None or not entry.is_file:
            raise RecordNotFound("no member of the tar begins there")
        yield entry


def _content(place: Place, packed: str | None) -> Iterator[bytes]:
    with _entry(place, packed) as entry:
        while data := entry.read(_PIECE):
            yield data


def _held(stream: object, name: str, place: Place) -> tuple[Pairs, str]:
    """Return an e-print's kind and TeX files, and the beginning of the main one."""
    try:
        eprint = contents(Bytes(decompressed(stream)), f"{name}.tex", place.max_bytes)  # type: ignore[arg-type]
    except Fault as fault:  # ingest put it into quarantine for the same fault
        return [("broken", fault.message)], ""
    pairs: Pairs = [("kind", eprint.kind)]
    pairs += [("file", f"{name}, {len(data):,} bytes") for name, data in eprint.tex]
    if eprint.others:
        pairs.append(("other files", eprint.others))
    if eprint.refused:
        pairs.append(("entries not followed", eprint.refused))
    return pairs, _beginning([data for _, data in eprint.tex])


def _beginning(files: list[bytes]) -> str:
    main = next((data for data in files if _MAIN.search(data)), files[0] if files else b"")
    return readable(main)


def _whole(uri: str) -> Iterator[bytes]:
    with storage.open_stream(uri) as stream:
        yield from plain(stream)
