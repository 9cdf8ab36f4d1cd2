"""The raw record of a paper: a member of arXiv's tars, an e-print alone, or TeX files in a folder."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime, timezone

from jobs import storage
from jobs.sources.arxiv_ids import is_id, paper_id, stem
from jobs.sources.decompress import decompressed, plain
from jobs.sources.eprint import TEX_SUFFIXES, contents
from jobs.sources.faults import Fault
from jobs.sources.tar_stream import Bytes, Entry, entries
from jobs.sources.text_files import read_whole
from jobs.steps.trace import streams
from jobs.steps.trace.record import NotThere, Pairs, Place, RawRecord, readable

_MAIN = re.compile(rb"\\document(?:class|style)(?![A-Za-z])|\\begin\s?\{document\}")
_PIECE = 1 << 20


def record(place: Place) -> RawRecord:
    """The e-print of a place.

    Raises
    ------
    NotThere
        It is another one, or none.
    """
    folder, _, name = place.uri.rpartition("/")
    try:
        if name.lower().endswith(TEX_SUFFIXES) and is_id(folder.rpartition("/")[2]):
            return _of_files(place, folder)
        if place.offset == 0 and place.id == f"arxiv/{paper_id(place.uri)}":
            return _alone(place)
        return _of_tar(place)
    except Fault as fault:
        raise NotThere(fault.message) from fault


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
    """TeX files are a paper together: those that were ingested of its folder."""
    uris = sorted(
        each
        for each in place.inputs
        if each.rpartition("/")[0] == folder and each.lower().endswith(TEX_SUFFIXES)
    ) or [place.uri]
    found = {uri: read_whole(uri, place.max_bytes) for uri in uris}
    return RawRecord(
        "TeX files of a folder",
        sum(map(len, found.values())),
        {
            "files": [
                (uri[len(folder) + 1 :], f"{len(data):,} bytes") for uri, data in found.items()
            ]
        },
        _beginning(list(found.values())),
        lambda: iter(found.values()),
        ["--raw writes the files one after another"] if len(uris) > 1 else [],
    )


def _of_tar(place: Place) -> RawRecord:
    packed = streams.packing(place.uri)
    with _entry(place, packed) as entry:
        if f"arxiv/{paper_id(entry.name)}" != place.id:
            raise NotThere(f"the member there is {entry.name}")
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
    chunks = streams.from_byte(place.uri, place.offset, packed, place.say)
    with contextlib.closing(chunks):
        entry = next(entries(Bytes(chunks)), None)
        if entry is None or not entry.is_file:
            raise NotThere("no member of the tar begins there")
        yield entry


def _content(place: Place, packed: str | None) -> Iterator[bytes]:
    with _entry(place, packed) as entry:
        while data := entry.read(_PIECE):
            yield data


def _held(stream: object, name: str, place: Place) -> tuple[Pairs, str]:
    """What is in an e-print: its kind and its TeX files; and the beginning of the main one."""
    try:
        found = contents(Bytes(decompressed(stream)), f"{name}.tex", place.max_bytes)  # type: ignore[arg-type]
    except Fault as fault:  # as it was when ingest put it into quarantine
        return [("broken", fault.message)], ""
    said: Pairs = [("kind", found.kind)]
    said += [("file", f"{name}, {len(data):,} bytes") for name, data in found.tex]
    if found.others:
        said.append(("other files", found.others))
    if found.refused:
        said.append(("entries not followed", found.refused))
    return said, _beginning([data for _, data in found.tex])


def _beginning(files: list[bytes]) -> str:
    main = next((data for data in files if _MAIN.search(data)), files[0] if files else b"")
    return readable(main)


def _whole(uri: str) -> Iterator[bytes]:
    with storage.open_stream(uri) as stream:
        yield from plain(stream)
