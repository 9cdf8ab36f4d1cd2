"""Lines that are no text by RefinedWeb's line-wise rules (Penedo et al. 2023, appendix G.2)."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from udfs.rule_measures.scripts import words as words_of

_CAPITALS, _SMALL = string.ascii_uppercase.encode(), string.ascii_lowercase.encode() + b" "
_FEW = 10  # words of a short line
_COUNTED = (
    "likes?|comments?|views?|shares?|repl(?:y|ies)|followers?|votes?|posts?|retweets?|reviews?"
)
_COUNTER = re.compile(rf"\W*\d[\d.,]*[km]?\+?\s+(?:{_COUNTED})\W*", re.IGNORECASE)
# the paper names these examples of its patterns, one at each place in a line
_PATTERN = re.compile(
    r"^\W*sign[ -]?in\b|\bread more\W*$|\bitems? in (?:your )?cart\b", re.IGNORECASE
)


def no_text_words(lines: Sequence[str]) -> float | None:
    """Return the share of the words in lines that are no text; None without words.

    Such a line has one word, has only digits and marks, is mainly capitals (more than half of its
    characters), is a counter (`3 likes`), or has at most ten words and `Sign in` at its beginning,
    `Read more` at its end or `items in cart`. Words have a letter or a digit; in scripts without blanks
    each character is one.

    Parameters
    ----------
    lines
        Lines without blanks around them, none empty.
    """
    words = flagged = 0
    for line in lines:
        # of a long line the words that are marks alone do not matter
        count = line.count(" ") + 1
        if count <= 2 * _FEW:
            count = words_of(line)
        words += count
        if count and _is_no_text(line, count):
            flagged += count
    return flagged / words if words else None


def _is_no_text(line: str, words: int) -> bool:
    if words == 1 or not any(map(str.isalpha, line)):
        return True
    if 2 * _capitals(line) > len(line):
        return True
    if words > _FEW:
        return False
    return _COUNTER.fullmatch(line) is not None or _PATTERN.search(line) is not None


def _capitals(line: str) -> int:
    data = line.encode("utf-8", "surrogatepass")
    if line.isascii():
        return len(data) - len(data.translate(None, _CAPITALS))
    # most lines have more small letters than others, or no capital
    if 2 * len(data.translate(None, _SMALL)) <= len(line) or line == line.lower():
        return 0
    return sum(map(str.isupper, line))
