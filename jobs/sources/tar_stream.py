"""Tar archives read as a stream in bounded memory: nothing is followed, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jobs.sources.faults import BAD_HEADER, Fault

BLOCK = 512
TRUNCATED_TAR = "truncated-tar"
_LONGEST_NOTE = 1 << 20  # of a long name or a pax header, in bytes
_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL = b"L", b"K", b"x", b"g"
_DIRECTORY = b"5"


class Bytes:
    """A stream made of chunks, read piece by piece.

    Attributes
    ----------
    position
        How many bytes were read.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._at = 0  # in what is held
        self.position = 0

    def some(self, most: int) -> bytes:
        """Return some bytes, at most so many; none at the end."""
        if self._at == len(self._held):
            self._held, self._at = next(self._chunks, b""), 0
        data = self._held[self._at : self._at + most]
        self._at += len(data)
        self.position += len(data)
        return data

    def exactly(self, size: int) -> bytes:
        """Return so many bytes, or fewer where the stream ends."""
        data = self.some(size)
        if len(data) < size:
            parts = [data]
            while data and (size := size - len(data)):
                data = self.some(size)
                parts.append(data)
            data = b"".join(parts)
        return data

    def peek(self, size: int) -> bytes:
        """Return what comes next without reading it, or less where the stream ends."""
        if len(self._held) - self._at < size:
            data = self.exactly(size)
            self.position -= len(data)
            self._held, self._at = data + self._held[self._at :], 0
        return self._held[self._at : self._at + size]

    def skip(self, size: int) -> bool:
        """Read over so many bytes; tell whether they were all there."""
        while size:
            data = self.some(size)
            if not data:
                return False
            size -= len(data)
        return True


@dataclass
class Entry:
    """A member of a tar; its content can be read until the next is asked for.

    Attributes
    ----------
    offset
        Where its header starts.
    mtime
        Seconds since 1970.
    is_file, is_folder
        Neither: a link, a device or something else that is never followed.
    """

    name: str
    size: int
    mtime: float
    offset: int
    is_file: bool
    is_folder: bool
    _stream: Bytes = field(repr=False)
    left: int = 0  # bytes of content that were not read

    def read(self, size: int = -1, /) -> bytes:
        """Return some of the content, at most `size` bytes; none at its end.

        Raises Fault where the archive ends within it.
        """
        most = self.left if size < 0 else min(size, self.left)
        data = self._stream.some(most) if most else b""
        if most and not data:
            raise Fault(TRUNCATED_TAR, f"the tar ends within {self.name}", offset=self.offset)
        self.left -= len(data)
        return data

    @property
    def is_safe(self) -> bool:
        """Whether the name stays below the folder that the archive is unpacked in."""
        name = self.name.replace("\\", "/")
        return not name.startswith("/") and ":" not in name[:2] and ".." not in name.split("/")


def is_tar(head: bytes) -> bool:
    """Tell from its first 512 bytes whether something is a tar."""
    return len(head) == BLOCK and any(head) and _checksum_fits(head)


def entries(stream: Bytes, *, marked: bool = False) -> Iterator[Entry]:
    """Yield the members of a tar, one after another; `marked` if its end must be marked.

    Read are the formats of V7, POSIX (ustar, pax) and GNU.

    Raises
    ------
    Fault
        `truncated-tar`, `bad-record-header`, and what the stream raises.
    """
    name: str | None = None  # what notes before a header say of it
    notes: dict[str, str] = {}
    while True:
        offset = stream.position
        head = stream.exactly(BLOCK)
        if not any(head):
            if marked and not head:
                raise Fault(TRUNCATED_TAR, "the tar ends without its end mark", offset=offset)
            return
        if len(head) < BLOCK:
            raise Fault(TRUNCATED_TAR, "the tar ends within a header", offset=offset)
        if not _checksum_fits(head):
            raise Fault(BAD_HEADER, f"no tar header at byte {offset}", offset=offset)
        kind, size = head[156:157], _number(head[124:136])
        if kind in (_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL):
            if size > _LONGEST_NOTE:
                message = f"a tar header of {size} bytes at byte {offset}"
                raise Fault(BAD_HEADER, message, offset=offset)
            content = stream.exactly(size)
            if len(content) < size or not stream.skip(-size % BLOCK):
                raise Fault(TRUNCATED_TAR, "the tar ends within a header", offset=offset)
            if kind == _LONG_NAME:
                name = _text(content)
            elif kind == _PAX:
                notes = _pax(content)
            continue
        size = int(notes["size"]) if notes.get("size", "").isdecimal() else size
        is_file = kind in (b"0", b"\0", b"7")
        entry = Entry(
            name=notes.get("path") or name or _name(head),
            size=size,
            mtime=_seconds(notes.get("mtime")) or _number(head[136:148]),
            offset=offset,
            is_file=is_file,
            is_folder=kind == _DIRECTORY,
            _stream=stream,
            left=size if is_file else 0,
        )
        yield entry
        name, notes = None, {}
        whole = stream.skip(entry.left)
        if is_file and not (whole and stream.skip(-size % BLOCK)):
            raise Fault(TRUNCATED_TAR, f"the tar ends within {entry.name}", offset=offset)


def _checksum_fits(head: bytes) -> bool:
    said = _number(head[148:156])
    return said == sum(head[:148]) + sum(head[156:]) + 8 * ord(" ")


def _number(digits: bytes) -> int:
    """Return a number of a header: octal digits, or GNU's binary for what they cannot hold."""
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
    """Return the records of a pax header: `LENGTH KEY=VALUE`, a line end behind each."""
    found: dict[str, str] = {}
    position = 0
    while position < len(content):
        length, blank, _ = content[position : position + 20].partition(b" ")
        if not blank or not length.isdigit() or int(length) < len(length) + 2:
            break
        record = content[position + len(length) + 1 : position + int(length) - 1]
        key, _, value = record.partition(b"=")
        found[_text(key)] = _text(value)
        position += int(length)
    return found


def _seconds(said: str | None) -> float:
    try:
        return max(0.0, float(said or 0))
    except ValueError:
        return 0.0
