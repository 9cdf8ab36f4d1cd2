"""Parts of inputs for runs of an estimate: whole small inputs, and pieces of large ones."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jobs import storage
from jobs.sources.archive import begins_record
from jobs.steps.ingest import inputs
from jobs.storage import ObjectInfo

Kind = Literal["whole", "prefix", "members", "lines"]
"""How an input can be cut.

`members` (web archives in gzip, a member a record) and `lines` have pieces anywhere, `prefix` one from
their beginning, whose last record becomes a row of quarantine/.
"""

# formats that have an index at their end or beside them
_WHOLE = re.compile(r"\.(7z|zip|epub|parquet|idx|bin|npy)$", re.IGNORECASE)
_GZIP = b"\x1f\x8b\x08"
_HEAD = 1 << 16
_BEYOND = 8 << 20  # bytes after a piece in which its last record must end
_NEARLY_WHOLE = 1.25  # an input not larger than this times a piece is read as it is
_REST = 0.1  # share of a part that is left out rather than read from one more input


@dataclass(frozen=True)
class Cut:
    """Bytes of an input as stored."""

    uri: str
    start: int
    end: int
    size: int

    @property
    def whole(self) -> bool:
        """Whether it is all of the input."""
        return self.start == 0 and self.end == self.size


def cuts(
    objects: Sequence[ObjectInfo], sizes: Sequence[float], kind_of: Callable[[str], Kind]
) -> list[list[Cut]]:
    """Return for each size parts of the inputs of about so many bytes, different ones as long as there are.

    Inputs are taken in an order of their own, so that neighbours in a list are not read together.

    Parameters
    ----------
    kind_of
        Returns how an input can be cut, asked for those that are larger than a part.
    """
    order = sorted(objects, key=lambda item: hashlib.sha256(item.uri.encode()).digest())
    every = [Cut(item.uri, 0, inputs.size(item), inputs.size(item)) for item in order]
    total = sum(cut.size for cut in every)
    parts: list[list[Cut]] = []
    index = offset = 0
    for wanted in sizes:
        if wanted >= (1 - _REST) * total:
            parts.append(every)
            continue
        part: list[Cut] = []
        missing = wanted
        while missing > _REST * wanted and len(part) < len(order):
            item = order[index % len(order)]
            size = inputs.size(item)
            rest = size - offset
            cut_as = "whole" if rest <= _NEARLY_WHOLE * missing else kind_of(item.uri)
            if cut_as == "whole":
                if part and rest > 2 * missing:
                    break
                part.append(Cut(item.uri, offset, size, size))
            else:
                part.append(Cut(item.uri, offset, offset + round(missing), size))
            if cut_as in ("whole", "prefix"):
                index, offset = index + 1, 0
            else:
                offset += round(missing)
            missing -= part[-1].end - part[-1].start
        parts.append(part)
    return parts


def kind(uri: str) -> Kind:
    """Return how an input can be cut, by its name and first bytes."""
    if _WHOLE.search(uri):
        return "whole"
    head = storage.read_range(uri, 0, _HEAD)
    if head.startswith(_GZIP):
        return "members" if _is_member(head) and _next_member(head, 1) is not None else "prefix"
    return "lines" if head.lstrip()[:1] == b"{" and b"\n" in head.rstrip() else "prefix"


def write(cut: Cut, kind: Kind, folder: Path) -> tuple[str, int]:
    """Write a cut below a folder, with its input's path; return the path and its bytes."""
    before = 1 if cut.start else 0  # whether a line ends there
    end = cut.end - cut.start + before
    data = storage.read_range(cut.uri, cut.start - before, end + _BEYOND)
    begin = 0
    if kind in ("members", "lines"):
        begin = _boundary(data, before, kind) if before else 0
        end = _boundary(data, end, kind)
    path = folder / re.sub(r"^\w+://", "", cut.uri).lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    return str(path), path.write_bytes(data[begin:end])


def _boundary(data: bytes, at: int, kind: Kind) -> int:
    """Return where the first record begins at a position or after it; the end of the data if none does."""
    if kind == "lines":
        newline = data.find(b"\n", at - 1)
        return len(data) if newline < 0 else newline + 1
    member = _next_member(data, at)
    return len(data) if member is None else member


def _next_member(data: bytes, start: int) -> int | None:
    for match in _magics(data, start):
        if _is_member(data[match : match + _HEAD]):
            return match
    return None


def _magics(data: bytes, start: int) -> Iterator[int]:
    at = data.find(_GZIP, start)
    while at >= 0:
        yield at
        at = data.find(_GZIP, at + 1)


def _is_member(data: bytes) -> bool:
    """Return whether a gzip member with a record of a web archive begins here."""
    try:
        return begins_record(zlib.decompressobj(31).decompress(data, 64))
    except zlib.error:
        return False
