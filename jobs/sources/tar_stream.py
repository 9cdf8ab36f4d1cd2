"""Read tar archives as a stream in bounded memory, without following links or writing files.

Own code, because `tarfile` in mode `r|` takes a broken header for the end: of five members with a
broken third header it yields two and raises nothing, where this module raises `bad-record-header`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jobs.sources.faults import BAD_HEADER, Fault

BLOCK = 512
TRUNCATED_TAR = "truncated-tar"
_MAX_EXTENSION = 1 << 20  # maximum size of a long name or a pax header in bytes
_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL = b"L", b"K", b"x", b"g"
_DIRECTORY = b"5"


class Bytes:
    """A binary stream over an iterator of chunks.

    Attributes
    ----------
    position
        Number of bytes read.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._next = 0  # index in the held bytes of the next one to read
        self.position = 0

    def some(self, most: int) -> bytes:
        """Return at least one byte and at most `most`; none at the end."""
        if self._next == len(self._held):
            self._held, self._next = next(self._chunks, b""), 0
        data = self._held[self._next : self._next + most]
        self._next += len(data)
        self.position += len(data)
        return data

    def exactly(self, size: int) -> bytes:
        """Return `size` bytes; fewer only at the end of the stream."""
        data = self.some(size)
        if len(data) < size:
            parts = [data]
            while data and (size := size - len(data)):
                data = self.some(size)
                parts.append(data)
            data = b"".join(parts)
        return data

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes without reading them; fewer only at the end."""
        if len(self._held) - self._next < size:
            data = self.exactly(size)
            self.position -= len(data)
            self._held, self._next = data + self._held[self._next :], 0
        return self._held[self._next : self._next + size]

    def skip(self, size: int) -> bool:
        """Skip `size` bytes; return False if the stream ends first."""
        while size:
            data = self.some(size)
            if not data:
                return False
            size -= len(data)
        return True


@dataclass
class Entry:
    """A member of a tar; its content can be read until the iterator moves to the next member.

    Attributes
    ----------
    offset
        Offset of its header.
    mtime
        Modification time in seconds since 1970.
    is_file, is_folder
        Both are False for links, devices and other types, which are never followed.
    """

    name: str
    size: int
    mtime: float
    offset: int
    is_file: bool
    is_folder: bool
    _stream: Bytes = field(repr=False)
    unread: int = 0  # bytes of content not read yet

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes of the content; none at its end.

        Raise a Fault if the archive ends within the content.
        """
        most = self.unread if size < 0 else min(size, self.unread)
        data = self._stream.some(most) if most else b""
        if most and not data:
            raise Fault(TRUNCATED_TAR, f"the tar ends within {self.name}", offset=self.offset)
        self.unread -= len(data)
        return data

    @property
    def is_safe(self) -> bool:
        """Return whether the name stays below the folder that the archive would be unpacked in."""
        name = self.name.replace("\\", "/")
        return not name.startswith("/") and ":" not in name[:2] and ".." not in name.split("/")


def is_tar(head: bytes) -> bool:
    """Return whether the first 512 bytes of an object are a tar header."""
    return len(head) == BLOCK and any(head) and _checksum_fits(head)


def entries(stream: Bytes, *, needs_end_mark: bool = False) -> Iterator[Entry]:
    """Yield the members of a tar in V7, POSIX (ustar, pax) or GNU format.

    With `needs_end_mark`, a tar without the block of zeros at its end is truncated.

    Raises
    ------
    Fault
        `truncated-tar`, `bad-record-header`, or a fault of the stream.
    """
    name: str | None = None  # long name from an extension header
    pax: dict[str, str] = {}  # fields from a pax extension header
    while True:
        offset = stream.position
        head = stream.exactly(BLOCK)
        if not any(head):
            if needs_end_mark and not head:
                raise Fault(TRUNCATED_TAR, "the tar ends without its end mark", offset=offset)
            return
        if len(head) < BLOCK:
            raise Fault(TRUNCATED_TAR, "the tar ends within a header", offset=offset)
        if not _checksum_fits(head):
            raise Fault(BAD_HEADER, f"no tar header at byte {offset}", offset=offset)
        kind, size = head[156:157], _number(head[124:136])
        if kind in (_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL):
            if size > _MAX_EXTENSION:
                message = f"a tar header of {size} bytes at byte {offset}"
                raise Fault(BAD_HEADER, message, offset=offset)
            content = stream.exactly(size)
            if len(content) < size or not stream.skip(-size % BLOCK):
                raise Fault(TRUNCATED_TAR, "the tar ends within a header", offset=offset)
            if kind == _LONG_NAME:
                name = _text(content)
            elif kind == _PAX:
                pax = _pax(content)
            continue
        size = int(pax["size"]) if pax.get("size", "").isdecimal() else size
        is_file = kind in (b"0", b"\0", b"7")
        entry = Entry(
            name=pax.get("path") or name or _name(head),
            size=size,
            mtime=_seconds(pax.get("mtime")) or _number(head[136:148]),
            offset=offset,
            is_file=is_file,
            is_folder=kind == _DIRECTORY,
            _stream=stream,
            unread=size if is_file else 0,
        )
        yield entry
        name, pax = None, {}
        whole = stream.skip(entry.unread)
        if is_file and not (whole and stream.skip(-size % BLOCK)):
            raise Fault(TRUNCATED_TAR, f"the tar ends within {entry.name}", offset=offset)


def _checksum_fits(head: bytes) -> bool:
    checksum = _number(head[148:156])
    return checksum == sum(head[:148]) + sum(head[156:]) + 8 * ord(" ")


def _number(digits: bytes) -> int:
    """Return a number of a header: octal digits, or GNU's binary form for larger numbers."""
    if digits[0] == 0x80:
        return int.from_bytes(digits[1:], "big")
    try:
        return max(0, int(digits.partition(b"\0")[0].strip() or b"0", 8))
    except ValueError:
        return 0


def _name(head: bytes) -> str:
    name = _text(head[:100])
    prefix = _text(head[345:500]) if head[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _text(data: bytes) -> str:
    data = data.partition(b"\0")[0]
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _pax(content: bytes) -> dict[str, str]:
    """Return the fields of a pax header, whose lines are `LENGTH KEY=VALUE`."""
    fields: dict[str, str] = {}
    position = 0
    while position < len(content):
        length, blank, _ = content[position : position + 20].partition(b" ")
        if not blank or not length.isdigit() or int(length) < len(length) + 2:
            break
        record = content[position + len(length) + 1 : position + int(length) - 1]
        key, _, value = record.partition(b"=")
        fields[_text(key)] = _text(value)
        position += int(length)
    return fields


def _seconds(value: str | None) -> float:
    try:
        return max(0.0, float(value or 0))
    except ValueError:
        return 0.0
