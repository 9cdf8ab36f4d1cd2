"""Measures of extracted text against what is known of a page's content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
SHINGLE = 4
_RUN = 10
# shorter text is next to nothing, in characters
NEXT_TO_EMPTY = 50


class Score(NamedTuple):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the multiset of runs of four words; a shorter text is one run."""
    words = _WORD.findall(text)
    last = max(len(words) - SHINGLE + 1, min(len(words), 1))
    return Counter(tuple(words[first : first + SHINGLE]) for first in range(last))


def body_score(texts: Sequence[str], bodies: Sequence[str]) -> Score:
    """Return the mean precision and recall of the shingles of pages' texts.

    Each page weighs the same; a page without text has no precision. This is the measure of
    https://github.com/scrapinghub/article-extraction-benchmark (2020).
    """
    precisions, recalls = [], []
    for text, body in zip(texts, bodies, strict=True):
        taken, true = shingles(text), shingles(body)
        common = (taken & true).total()
        if taken:
            precisions.append(common / taken.total())
        if true:
            recalls.append(common / true.total())
    return Score(_mean(precisions), _mean(recalls))


def agreement(text: str, other: str) -> float:
    """Return the F1 of the shingles of two texts; 1 if both are empty."""
    one, two = shingles(text), shingles(other)
    both = one.total() + two.total()
    return 2 * (one & two).total() / both if both else 1.0


def string_score(
    texts: Sequence[str], wanted: Sequence[Iterable[str]], unwanted: Sequence[Iterable[str]]
) -> Score:
    """Return precision and recall of all pages' strings that must be in the text.

    Strings that must not be there, and are, lower the precision. White space is folded. This is the
    measure of https://github.com/adbar/trafilatura (tests/evaluate.py).
    """
    taken = missing = wrong = 0
    for text, good, bad in zip(texts, wanted, unwanted, strict=True):
        folded = fold(text)
        hits = [fold(string) in folded for string in good]
        taken += sum(hits)
        missing += len(hits) - sum(hits)
        wrong += sum(fold(string) in folded for string in bad)
    return Score(_share(taken, taken + wrong), _share(taken, taken + missing))


def is_next_to_empty(text: str) -> bool:
    """Return whether a text is shorter than `NEXT_TO_EMPTY` characters."""
    return len(fold(text)) < NEXT_TO_EMPTY


def kept_beyond_ascii(texts: Sequence[str], bodies: Sequence[str]) -> float:
    """Return the share of the bodies' characters beyond ASCII that are in the texts.

    Spaces beyond ASCII do not count, because extractors write blanks for them.
    """
    kept = true = 0
    for text, body in zip(texts, bodies, strict=True):
        characters = _beyond_ascii(body)
        kept += (characters & _beyond_ascii(text)).total()
        true += characters.total()
    return _share(kept, true)


def _beyond_ascii(text: str) -> Counter[str]:
    return Counter(
        character for character in text if character > "\x7f" and not character.isspace()
    )


def share_taken(text: str, whole: str) -> float:
    """Return the share of a page's characters, without white space, that a text has."""
    return _share(len(_SPACE.sub("", text)), len(_SPACE.sub("", whole)))


def prose_taken(text: str, paragraphs: Sequence[str]) -> float:
    """Return the share of paragraphs' runs of ten characters that are in a text, white space aside.

    Characters are the units because many scripts put no blanks between words.
    """
    taken = set(_runs(text))
    runs = [run for paragraph in paragraphs for run in _runs(paragraph)]
    return _share(sum(run in taken for run in runs), len(runs))


def _runs(text: str) -> list[str]:
    squeezed = _SPACE.sub("", text)
    return [squeezed[first : first + _RUN] for first in range(len(squeezed) - _RUN + 1)]


def fold(text: str) -> str:
    """Return a text with one blank for each run of white space."""
    return _SPACE.sub(" ", text).strip()


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
