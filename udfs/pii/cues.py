"""Words before four numbers with dots that show whether they are an IP address, in many languages."""

from __future__ import annotations

import functools
import re
from importlib import resources

_SHORTEST_BEGINNING = 3

# what may be between a word and the numbers: signs, up to two words, and other numbers
_BETWEEN = re.compile(
    r"[^\w.!?]{0,4}(?:no|nr|n°|º)?[.:]?[^\w]{0,4}"
    r"(?:(?:[^\W\d][\w-]*|\d+)[^\w.!?]{1,3}){0,2}"
    r"(?:[\d.]+\d(?:\s?[,;&/–-]\s?|\s(?:and|or|to|und|oder|bis|et|ou|à|y|o|e|и|или|до|和|と|及)\s|[,;]?\s){1,2}){0,4}"
    r"[\"'(<\[=:>\s]{0,3}",
    re.IGNORECASE,
)


_WORD = re.compile(r"[^\W\d_]+\d?")


@functools.cache
def _lists() -> dict[str, list[str]]:
    """Return the words of each kind; those after which no space is needed by the kind and +."""
    lists: dict[str, list[str]] = {}
    file = resources.files("udfs.pii") / "cues.txt"
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, words = line.partition(": ")
            lists.setdefault(kind, []).extend(words.split())
    return lists


@functools.cache
def _words() -> dict[str, str]:
    """Return kinds by word; those of beginnings by the word with a *."""
    spaced = {kind: words for kind, words in _lists().items() if not kind.endswith("+")}
    return {word: kind for kind, words in reversed(spaced.items()) for word in words}


@functools.cache
def _unspaced() -> re.Pattern[str]:
    groups = [
        f"(?P<{kind[:-1]}>{'|'.join(words)})"
        for kind, words in _lists().items()
        if kind.endswith("+")
    ]
    return re.compile("|".join(groups))


def last_cue(before: str) -> str | None:
    """Return the kind of the last word before numbers that hints at what they are; None without one.

    Parameters
    ----------
    before
        The line up to the numbers.

    Returns
    -------
    str or None
        `host`, `version`, `section` or `telephone`; the last three only where the numbers follow the word
        at once, or after few words or other numbers.
    """
    last, end = None, -1
    for word in _WORD.finditer(before):
        kind = _kind(word[0].lower())
        if kind:
            last, end = kind, word.end()
    if not before.isascii():
        for match in _unspaced().finditer(before):
            if match.end() > end:
                last, end = match.lastgroup, match.end()
    return last if last == "host" or (last and _BETWEEN.fullmatch(before, end)) else None


def _kind(word: str) -> str | None:
    kind = _words().get(word)
    if kind is None:
        for length in range(len(word), _SHORTEST_BEGINNING - 1, -1):
            kind = _words().get(f"{word[:length]}*")
            if kind:
                break
    return kind
