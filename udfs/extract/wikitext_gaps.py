"""Close the gaps that removed markup leaves in a line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from udfs.extract.wikitext_marks import BULLET, END_GUESS, GAP, GUESS, LOST, UNKNOWN_PRICE

_GAPS = re.compile(f"[{GAP}{LOST}{GUESS}{END_GUESS}]+")
_GUESS = re.compile(f"{GUESS}[^{GUESS}{END_GUESS}]*{END_GUESS}")
# "$5 ($ in dollars)": a short parenthesis with an unknown price contains nothing else
_PRICE_IN_PARENTHESES = re.compile(
    rf" ?\([^(){UNKNOWN_PRICE}]{{0,40}}{UNKNOWN_PRICE}[^()]{{0,80}}\)"
)
# a template that the text follows without a blank is a box, which its page has in the same line
_BOX_BEFORE_TEXT = re.compile(rf"^[{GAP}{LOST}]*{_GUESS.pattern}(?=[^\s,;:)])")
_WORD = re.compile(r"[^\W_]")
_SEPARATORS = " ,;:、，；"
_IN_EMPTY = _SEPARATORS + "/–-"
_OPENING, _CLOSING = tuple("([（［"), tuple(")]）］")
_ENDS_CLAUSE = re.compile(r"[,.](?:\s|$)")
# the longest end of a text that is joined with the text before it to find its parenthesis
_MAX_JOINED = 40


def close_gaps(line: str) -> tuple[str, int]:
    """Return a line without marks, and how many templates in it have an unknown text.

    Parentheses that only held removed markup go, and separators beside it:
    "(born x; 1900)" becomes "(1900)" where x was removed. A template that is alone on its line is a box
    beside the text, and is not counted.

    >>> close_gaps(f"a ({GAP}; 1900), f() is {LOST}.")
    ('a (1900), f() is.', 1)
    """
    if UNKNOWN_PRICE in line:
        line = _PRICE_IN_PARENTHESES.sub("", line).replace(UNKNOWN_PRICE, GAP)
    lost = line.count(LOST)
    # in a list, one of the wiki's own templates may be the item
    may_be_box = lost or (GUESS in line and not line.startswith(BULLET))
    if may_be_box and not _WORD.search(_GUESS.sub("", line)):
        return "", 0
    if may_be_box:
        line = _BOX_BEFORE_TEXT.sub(LOST, line)
    pieces = _GAPS.split(_WITH_GUESS.sub(r"\1", line) if GUESS in line else line)
    return ("".join(_joined(pieces)), lost) if len(pieces) > 1 else (pieces[0], lost)


# a guess takes the place of its mark
_WITH_GUESS = re.compile(f"{LOST}?{GUESS}([^{GUESS}{END_GUESS}]*){END_GUESS}")


def _joined(pieces: Iterable[str]) -> list[str]:
    """Return the parts of a line, given the texts between the gaps."""
    done: list[str] = []
    left = ""
    for number, right in enumerate(pieces):
        if number == 0:
            left = right
            continue
        while done and len(left) < _MAX_JOINED and not left.strip(_IN_EMPTY):
            left = done.pop() + left
        before, after = _at_gap(left, right)
        if len(before) > _MAX_JOINED:  # keep the last part short
            done.append(before[:-_MAX_JOINED])
            before = before[-_MAX_JOINED:]
        left = before + after
        if len(left) > 2 * _MAX_JOINED:
            done.append(left[:-_MAX_JOINED])
            left = left[-_MAX_JOINED:]
    return [*done, left]


def _at_gap(left: str, right: str) -> tuple[str, str]:
    """Return the texts on both sides of a gap, without what only the gap needed."""
    while (bare_left := left.rstrip(_IN_EMPTY)).endswith(_OPENING):
        bare_right = right.lstrip(_IN_EMPTY)
        if not bare_right.startswith(_CLOSING):
            break
        left, right = (
            bare_left[:-1].rstrip(" "),
            bare_right[1:],
        )  # nothing else is in the parentheses
    bare_left, bare_right = left.rstrip(_SEPARATORS), right.lstrip(_SEPARATORS)
    if bare_left.endswith(_OPENING) or bare_right.startswith(_CLOSING):
        return bare_left, bare_right
    left_end, right_start = left.rstrip(" "), right.lstrip(" ")
    if right_start[:1] in (",", ";") and left_end[-1:] in (",", ";"):
        rest = right_start.lstrip(" ,;")
        return left_end, f" {rest}" if rest and right_start[1:2] == " " else rest
    if _ENDS_CLAUSE.match(right_start):
        return (left_end.rstrip(" ,;") if right_start[0] == "." else left_end), right_start
    if left_end != left and right_start != right:
        return left_end, f" {right_start}"
    return left, right
