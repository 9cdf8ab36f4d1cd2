"""The script in which most of a text is written."""

from __future__ import annotations

import unicodedata
from collections import Counter

SAMPLE = 2_000
"""Characters at the beginning of a text that decide."""

MIXED = "mixed"

_MOST = 0.8  # of the letters, which are in one script
_NAMES = {"CJK": "Han", "HIRAGANA": "Han and kana", "KATAKANA": "Han and kana", "HANGUL": "Hangul"}


def script_of(text: str) -> str | None:
    """Return the script of 0.8 of the letters at the beginning of a text, else `mixed`; None without letters.

    The name is the first word of a letter's name in Unicode. Han with kana is one script.

    >>> script_of("Ein Text"), script_of("吾輩は猫である"), script_of("12")
    ('Latin', 'Han and kana', None)
    """
    letters = Counter(char for char in text[:SAMPLE] if char.isalpha())
    counts: Counter[str] = Counter()
    for char, n in letters.items():
        first = unicodedata.name(char, "unknown").partition(" ")[0]
        counts[_NAMES.get(first, first.capitalize())] += n
    if counts["Han and kana"]:
        counts["Han and kana"] += counts.pop("Han", 0)
    if not counts.total():
        return None
    name, n = counts.most_common(1)[0]
    return name if n >= _MOST * counts.total() else MIXED
