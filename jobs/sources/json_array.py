"""Elements of a JSON array of objects, one by one: a file of any size is one array in many sets.

An element is cut out by its brackets and strings, and not parsed. Where one does not end, as after a
quotation mark too few, reading goes on at the next text that looks as the element's beginning did, a few
times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobs.sources.faults import STORAGE, TOO_LARGE, Fault

BROKEN = "broken-json"

_BLANK = b" \t\r\n"
_BETWEEN = re.compile(rb"[^\s,]")
_STRUCTURE = re.compile(rb'["{}\[\]]')
_IN_STRING = re.compile(rb'["\\]')
_HEAD = re.compile(rb'\{\s*"[^"\\]{0,100}"\s*:')
_BOM = b"\xef\xbb\xbf"
_RETRIES = 20
_CHUNK = 1 << 20

Element = tuple[int, bytes, Fault | None]
"""Offset, content, None; or offset, b"" and the fault in its place."""


class Window:
    """The part of a file that is in memory."""

    def __init__(self, chunks: Iterator[bytes], position: int = 0) -> None:
        self._chunks = chunks
        self.data = bytearray()
        self.position = position  # of data[0] in the file

    def more(self) -> bool:
        """Read on; return whether there was more."""
        before = len(self.data)
        while len(self.data) - before < _CHUNK:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self.data += chunk
        return len(self.data) > before

    def skip(self, size: int) -> None:
        """Forget the first bytes."""
        del self.data[:size]
        self.position += size


def begins_array(head: bytes) -> bool:
    """Return whether a file with this beginning is a JSON array, and not JSON lines.

    >>> begins_array(b'  [ {"a": 1},'), begins_array(b'{"a": [1]}')
    (True, False)
    """
    return head.removeprefix(_BOM).lstrip(_BLANK).startswith(b"[")


def elements(chunks: Iterator[bytes], max_bytes: int) -> Iterator[Element]:
    """Yield the objects of a file that is one JSON array.

    Text between elements that is neither blank nor a comma is one fault up to the next object. A fault of
    the store or of a compression ends the file.
    """
    window, retries = Window(chunks), 0
    try:
        window.more()
        head = bytes(window.data[: len(_BOM) + 64])
        window.skip(head.index(b"[") + 1)
        while (start := _next(window)) is not None:
            if window.data[start : start + 1] == b"]":
                return
            window.skip(start)
            offset = window.position
            if window.data[:1] != b"{":
                yield offset, b"", Fault(BROKEN, "text between the elements of the array")
                if not _skip_to(window, re.compile(rb"\{")):
                    return
                continue
            size = _size(window, max_bytes)
            if size:
                yield offset, bytes(window.data[:size]), None
                window.skip(size)
                continue
            too_large = len(window.data) > max_bytes
            error = TOO_LARGE if too_large else BROKEN
            why = f"has more than {max_bytes} bytes" if too_large else "does not end"
            yield offset, b"", Fault(error, f"the element of the array {why}")
            retries += 1
            beginning = _HEAD.match(bytes(window.data[:200]))
            if retries > _RETRIES or not beginning:
                return
            window.skip(1)
            if not _skip_to(window, re.compile(re.escape(beginning[0]))):
                return
    except OSError as error:
        fault = Fault(STORAGE, f"{type(error).__name__}: {error}")
        yield window.position, b"", fault
    except Fault as fault:
        yield window.position, b"", fault


def _next(window: Window) -> int | None:
    """Return where the next element or the array's end is in the window; None at the file's end."""
    while not (match := _BETWEEN.search(window.data)):
        window.skip(len(window.data))
        if not window.more():
            return None
    return match.start()


def _skip_to(window: Window, pattern: re.Pattern[bytes]) -> bool:
    """Skip to the next match of a pattern of at most 200 bytes; return False if there is none."""
    while True:
        if match := pattern.search(window.data):
            window.skip(match.start())
            return True
        window.skip(max(0, len(window.data) - 200))
        if not window.more():
            return False


def _size(window: Window, max_bytes: int) -> int | None:
    """Return the size of the object that the window begins with; None if it does not end, or is too large."""
    position = depth = 0
    in_string = False
    while True:
        match = (_IN_STRING if in_string else _STRUCTURE).search(window.data, position)
        if not match:
            position = len(window.data)
            if position > max_bytes or not window.more():
                return None
            continue
        mark, position = bytes(match[0]), match.end()
        if position > max_bytes:
            return None
        if mark == b"\\":
            if position >= len(window.data) and not window.more():
                return None
            position += 1
        elif mark == b'"':
            in_string = not in_string
        elif mark in b"{[":
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                return position


def element_at(chunks: Iterator[bytes], max_bytes: int) -> bytes | None:
    """Return the object that the chunks begin with; None if it does not end within `max_bytes`."""
    window = Window(chunks)
    window.more()
    size = _size(window, max_bytes) if window.data[:1] == b"{" else None
    return bytes(window.data[:size]) if size else None
