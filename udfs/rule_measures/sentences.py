"""Ends of lines and sentences, by the marks of many scripts."""

from __future__ import annotations

import re

# full stops of Latin, ideographic, Urdu, Devanagari, Khmer, Myanmar, Tibetan, Armenian and Ethiopic text;
# exclamation and question marks, also of Arabic
_SPACED_MARKS = ".!?"
_OTHER_MARKS = "。．！？｡؟۔।॥។៕။།։።"
_QUOTES = '"”」』'
_CLOSING = "\"”’'»“」』"
_TERMINAL = frozenset(_SPACED_MARKS + _OTHER_MARKS + _QUOTES)
_AFTER_MARK = frozenset(_CLOSING)
_MARKS = frozenset(_SPACED_MARKS + _OTHER_MARKS + "…")
_ELLIPSES = ("...", "…")
# words of titles, and initials, whose full stop ends no sentence
_TITLES = "".join(rf"(?<!\b{title}\.)" for title in ("Mr", "Mrs", "Ms", "Dr", "St", "vs", "Prof"))
# no repeated class is followed by another that may fail: the time is linear
_SPACED_END = re.compile(
    rf"[{_SPACED_MARKS}]{_TITLES}(?<!\b[A-Z]\.)[{_CLOSING})\]]{{0,3}}\s(?![a-z])"
)
_OTHER_END = re.compile(
    rf"[{_OTHER_MARKS}][{_CLOSING})）]{{0,3}}\s?(?=[^\s{_OTHER_MARKS}{_CLOSING})）])"
)


def ends_with_mark(line: str) -> bool:
    """Return whether a line ends a sentence.

    It ends with a terminal mark of any script, a straight or typographic quotation mark, or another
    closing quotation mark after a terminal mark. Thai and Lao have no mark: a letter of theirs ends it.

    Parameters
    ----------
    line
        A line without blanks around it.

    >>> [ends_with_mark(line) for line in ("So.", 'said "no"', "said ‘no.’", "the dogs’", "हुई।", "1:")]
    [True, True, True, False, True, False]
    """
    last = line[-1:]
    if last in _TERMINAL:
        return True
    if last in _AFTER_MARK:
        return line[-2:-1] in _MARKS
    return "\u0e01" <= last <= "\u0edf"


def ends_with_ellipsis(line: str) -> bool:
    """Return whether a line ends with `...` or `…`."""
    return line.endswith(_ELLIPSES)


def sentences(line: str) -> int:
    """Return the number of sentences of a line that has any text: one more than the ends within it.

    A sentence ends at a full stop, exclamation or question mark before a blank and no small letter; in
    scripts without blanks at the mark. Titles and initials end none. C4's code has NLTK's Punkt.

    >>> sentences("Mr. J. Smith paid 3.50 e.g. today. He left! So what?")
    3
    >>> sentences("他来了。「走！」她说。")
    3
    """
    count = 1 + len(_SPACED_END.findall(line))
    return count if line.isascii() else count + len(_OTHER_END.findall(line))
