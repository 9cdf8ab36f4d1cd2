"""RedPajama-V1's rules for source code: statistics of a file, and which files are dropped."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from typing import NamedTuple

_SUFFIXES = """
    .asm .bat .cmd .c .h .cs .cpp .hpp .c++ .h++ .cc .hh .C .H .cmake .css .dockerfile
    .f90 .f .f03 .f08 .f77 .f95 .for .fpp .go .hs .html .java .js .jl .lua .md .markdown
    .php .php3 .php4 .php5 .phps .phpt .pl .pm .pod .perl .ps1 .psd1 .psm1 .py .rb .rs .sql
    .scala .sh .bash .command .zsh .ts .tsx .tex .vb Dockerfile Makefile .xml .rst .m .smali
"""
# as in V1, case matters (.c is C and .C is C++), and fooMakefile ends with Makefile too
WHITELIST = tuple(_SUFFIXES.split())
_LETTERS = string.ascii_letters.encode()
_ALPHANUMERIC = _LETTERS + string.digits.encode()
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")


class FileStats(NamedTuple):
    """V1's statistics of a file without its copyright notice.

    Attributes
    ----------
    line_count
        The number of lines of `str.splitlines`.
    max_line_length
        The length of the longest line in characters, without its line end.
    avg_line_length
        The number of characters, with line ends, divided by the number of lines.
    alnum_prop
        The share of letters and digits (`str.isalnum`) among all characters.
    """

    line_count: int
    max_line_length: int
    avg_line_length: float
    alnum_prop: float


class Limits(NamedTuple):
    """The limits of a file that is kept; V1's are the defaults."""

    max_line_length: int = 1000
    max_mean_line_length: float = 100.0
    min_alphanumeric: float = 0.25
    min_letters_per_token: float = 1.5


_V1 = Limits()


def file_stats(content: str) -> FileStats:
    """Return the statistics of a file; all are 0 for an empty file."""
    if not content:
        return FileStats(0, 0, 0.0, 0.0)
    lengths = list(map(len, content.splitlines()))
    return FileStats(
        len(lengths),
        max(lengths),
        len(content) / len(lengths),
        _count(content, _ALPHANUMERIC, str.isalnum) / len(content),
    )


def letters(content: str) -> int:
    """Return the number of letters (`str.isalpha`)."""
    return _count(content, _LETTERS, str.isalpha)


def _count(content: str, ascii_members: bytes, member: Callable[[str], bool]) -> int:
    """Return the number of characters in a class, with one `bytes.translate` for those of ASCII."""
    ascii_content = content.encode("ascii", "ignore")
    count = len(ascii_content) - len(ascii_content.translate(None, ascii_members))
    if len(ascii_content) < len(content):
        count += sum(map(member, "".join(_NON_ASCII.findall(content))))
    return count


def drop_reason_of_path(path: str) -> str | None:
    """Return why a file is dropped by its path alone, or None."""
    if path.endswith(".crt"):
        return "certificate"
    return "license-file" if path == "LICENSE" else None


def is_whitelisted(path: str) -> bool:
    """Return whether a path ends with one of the suffixes that V1 keeps."""
    return path.endswith(WHITELIST)


def drop_reason_and_stats(
    content: str, path: str, tokens: Callable[[str], int], limits: Limits = _V1
) -> tuple[str | None, FileStats | None]:
    """Return why a file is dropped, or None, and its statistics if they were computed.

    Rules apply in V1's order, and the first that drops the file is the reason.

    Parameters
    ----------
    content
        The content without its copyright notice.
    tokens
        A function that counts the tokens of a text. It is called last. A cheaper bound would not
        spare calls: a token may be as short as a byte.
    """
    if not content:
        return "empty", None
    if not is_whitelisted(path):
        return "extension", None
    stats = file_stats(content)
    reason = violated_limit(stats, limits)
    if reason is None and has_few_letters(content, tokens(content), limits.min_letters_per_token):
        reason = "letters-per-token"
    return reason, stats


def violated_limit(stats: FileStats, limits: Limits = _V1) -> str | None:
    """Return the first limit that a file's statistics violate, or None.

    A value equal to a limit is allowed.
    """
    if stats.max_line_length > limits.max_line_length:
        return "max-line-length"
    if stats.avg_line_length > limits.max_mean_line_length:
        return "mean-line-length"
    return "alphanumeric" if stats.alnum_prop < limits.min_alphanumeric else None


def has_few_letters(content: str, tokens: int, minimum: float) -> bool:
    """Return whether a file has fewer letters per token than the minimum."""
    return tokens > 0 and letters(content) / tokens < minimum
