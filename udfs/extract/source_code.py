"""RedPajama-V1's rules for source code: what it measures of a file, and which files it leaves out."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from typing import NamedTuple

# case counts, as in V1: .c is C and .C is C++, and fooMakefile ends with Makefile as well
WHITELIST = (
    *(".asm", ".bat", ".cmd", ".c", ".h", ".cs", ".cpp", ".hpp", ".c++", ".h++", ".cc", ".hh"),
    *(".C", ".H", ".cmake", ".css", ".dockerfile", ".f90", ".f", ".f03", ".f08", ".f77", ".f95"),
    *(".for", ".fpp", ".go", ".hs", ".html", ".java", ".js", ".jl", ".lua", ".md", ".markdown"),
    *(".php", ".php3", ".php4", ".php5", ".phps", ".phpt", ".pl", ".pm", ".pod", ".perl", ".ps1"),
    *(".psd1", ".psm1", ".py", ".rb", ".rs", ".sql", ".scala", ".sh", ".bash", ".command", ".zsh"),
    *(".ts", ".tsx", ".tex", ".vb", "Dockerfile", "Makefile", ".xml", ".rst", ".m", ".smali"),
)
_LETTERS = string.ascii_letters.encode()
_ALPHANUMERIC = _LETTERS + string.digits.encode()
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


class FileStats(NamedTuple):
    """What V1 measures of a file without its notice.

    Attributes
    ----------
    line_count, max_line_length
        Lines as `str.splitlines` has them, and the characters of the longest, without its end.
    avg_line_length
        All characters, line ends included, by lines.
    alnum_prop
        The share of letters and digits (`str.isalnum`) among all characters.
    """

    line_count: int
    max_line_length: int
    avg_line_length: float
    alnum_prop: float


class Limits(NamedTuple):
    """What a file may be; V1's numbers."""

    max_line_length: int = 1000
    max_mean_line_length: float = 100.0
    min_alphanumeric: float = 0.25
    min_letters_per_token: float = 1.5


_V1 = Limits()


def file_stats(content: str) -> FileStats:
    """Return the measures of a file; all 0 for an empty one."""
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
    """Return how many characters are letters (`str.isalpha`)."""
    return _count(content, _LETTERS, str.isalpha)


def _count(content: str, ascii_members: bytes, member: Callable[[str], bool]) -> int:
    """Count the characters of a class, those of ASCII without a step of Python for each."""
    plain = content.encode("ascii", "ignore")
    count = len(plain) - len(plain.translate(None, ascii_members))
    if len(plain) < len(content):
        count += sum(map(member, "".join(_BEYOND_ASCII.findall(content))))
    return count


def left_out(path: str) -> str | None:
    """Return why a file is left out by its path before its content is looked at."""
    if path.endswith(".crt"):
        return "certificate"
    return "license-file" if path == "LICENSE" else None


def whitelisted(path: str) -> bool:
    """Tell whether a path ends as one of the languages that V1 keeps."""
    return path.endswith(WHITELIST)


def judged(
    content: str, path: str, tokens: Callable[[str], int], limits: Limits = _V1
) -> tuple[str | None, FileStats | None]:
    """Return why a file is left out, V1's first reason, or None; and its measures where it has any.

    Parameters
    ----------
    content
        Without its notice.
    tokens
        Counts a text's tokens. It is asked last and of few that could be left out without: no count
        that is certain is cheaper, since a token may be as little as a byte.
    """
    if not content:
        return "empty", None
    if not whitelisted(path):
        return "extension", None
    stats = file_stats(content)
    reason = discarded(stats, limits)
    if reason is None and few_letters(content, tokens(content), limits.min_letters_per_token):
        reason = "letters-per-token"
    return reason, stats


def discarded(stats: FileStats, limits: Limits = _V1) -> str | None:
    """Return the limit that a file's measures are beyond; one that is reached is not passed."""
    if stats.max_line_length > limits.max_line_length:
        return "max-line-length"
    if stats.avg_line_length > limits.max_mean_line_length:
        return "mean-line-length"
    return "alphanumeric" if stats.alnum_prop < limits.min_alphanumeric else None


def few_letters(content: str, tokens: int, least: float) -> bool:
    """Tell whether a file has fewer letters a token than the least."""
    return tokens > 0 and letters(content) / tokens < least
