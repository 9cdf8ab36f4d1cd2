"""A file of a block list: one format, which its first line with an entry or rule tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from udfs.addresses.list_lines import ADBLOCK, HOSTS, INVALID, PLAIN, Line, read_line

# of a hundred lines one may be of another format: lists of millions of lines have some rubbish
_TOLERATED = 0.01
_READ = (PLAIN, HOSTS, ADBLOCK)
_SHOWN = 60  # characters of a line


class ListError(Exception):
    """A file is of no format that is read, or of several; the message is one line that names the line."""


class ListFile:
    """Reads the entries of a file.

    Parameters
    ----------
    lines
        The lines of the file.
    urls
        As of `udfs.addresses.list_lines.read_line`.

    Attributes
    ----------
    format
        The format; None before a line tells.
    left_out
        Number of entries, rules and lines that block no page, by kind.
    """

    def __init__(self, lines: Iterable[str], *, urls: bool = False) -> None:
        self.format: str | None = None
        self.left_out = Counter[str]()
        self._lines = lines
        self._urls = urls
        self._read = 0  # lines of the format
        self._other = 0  # lines of other formats
        self._first_other = self._first_invalid = ""

    def entries(self) -> Iterator[str]:
        """Yield the entries.

        Raises
        ------
        ListError
            After them: the file is of several formats, of one that is not read, or of none.
        """
        is_adblock = False
        for number, text in enumerate(self._lines, 1):
            line = read_line(text, is_adblock=is_adblock, urls=self._urls)
            if line is None:
                continue
            if self.format is None and line.format in _READ:
                self.format = line.format
                is_adblock = line.format == ADBLOCK
            if line.format is not None and line.format == self.format:
                self._read += 1
                yield from line.entries
                n, kind = line.left_out
                if n:
                    self.left_out[kind] += n
            else:
                self._count_other(line, f"line {number}: {text.strip()[:_SHOWN]!r}")
        self._check()

    def _count_other(self, line: Line, shown: str) -> None:
        if line.format is None:
            self._first_invalid = self._first_invalid or shown
            self.left_out[INVALID] += 1
        else:
            format_name = f"a line of {line.format}" if line.format in _READ else line.format
            self._first_other = self._first_other or f"{shown} is {format_name}"
            self._other += 1
            self.left_out["lines of another format"] += 1

    def _check(self) -> None:
        if self._other > _TOLERATED * self._read:
            in_format = f", in {self.format}" if self.format else ""
            raise ListError(
                f"{self._first_other}{in_format}: give {PLAIN}, {HOSTS} or {ADBLOCK}, one format a file"
            )
        if self.left_out[INVALID] > self._read:
            raise ListError(f"{self._first_invalid} has no domain and no URL, as most lines")
