"""Find templated texts: an equal frame that many documents have, around other data.

Recipes, weather reports, function calls and dumps of compilers share most of their n-grams with very many
other documents, which near-duplicates do not: an n-gram of theirs is in a few documents, and n-grams of
prose that many documents have are a small share of a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from udfs.near_duplicates.script_words import script_words
from udfs.near_duplicates.shingles import Hashes, shingle_hashes

NGRAM = 3

SHARE = 0.5
"""Share of a text's n-grams that many others have, from which it is templated."""

LEAST, LEAST_SHARE = 5, 0.02
"""Number of texts, and share of all, that are many."""

READ = 20_000
"""Characters of a text that are read."""

_FEWEST = 10  # n-grams of a text
_SHOWN = 40  # words of a frame
_DATA = "…"


class Template(NamedTuple):
    """A templated text.

    Attributes
    ----------
    place
        Index of the text.
    shared
        Share of its n-grams that many texts have.
    like
        Number of other texts that have half of these.
    frame
        Its first words, with an ellipsis for data.
    """

    place: int
    shared: float
    like: int
    frame: str


def find(texts: Sequence[str]) -> list[Template]:
    """Return the templated ones of some texts, those with most others like them first.

    Texts of fewer than 10 different n-grams are left out; equal texts count as one.

    >>> frame = "Weather in {0} today: light winds from the sea in the morning, and a high of {1} degrees"
    >>> pages = [frame.format(f"x{n}", f"y{n}") for n in range(8)]
    >>> found = find([*pages, "An essay about the sea and all that lives in it, written for children"])
    >>> len(found), found[0].like, found[0].frame
    (8, 7, '… today light winds from the sea in the morning and a high of …')
    """
    words = [script_words(text[:READ]) for text in texts]
    ngrams = [shingle_hashes(text, NGRAM) for text in words]
    distinct = [np.unique(hashes) for hashes in ngrams]
    first = {text: place for place, text in reversed(list(enumerate(words)))}
    used = [place for place in first.values() if len(distinct[place]) >= _FEWEST]
    if not used:
        return []
    values, counts = np.unique(
        np.concatenate([distinct[place] for place in used]), return_counts=True
    )
    common = values[counts > max(LEAST, LEAST_SHARE * len(used))]
    frames = {place: np.intersect1d(distinct[place], common) for place in used}
    found = [place for place in used if len(frames[place]) >= SHARE * len(distinct[place])]
    templates = [
        Template(
            place,
            len(frames[place]) / len(distinct[place]),
            sum(_has_half(frames[other], frames[place]) for other in found if other != place),
            _frame(words[place], np.isin(ngrams[place], common)),
        )
        for place in found
    ]
    return sorted(templates, key=lambda template: (-template.like, template.place))


def _has_half(hashes: Hashes, frame: Hashes) -> bool:
    return len(np.intersect1d(hashes, frame, assume_unique=True)) >= len(frame) / 2


def _frame(words: bytes, is_common: np.typing.NDArray[np.bool_]) -> str:
    """Return the first words that stand in common n-grams, with an ellipsis for runs of others."""
    split = words.split(b" ")
    covered = np.zeros(len(split), np.bool_)
    for back in range(NGRAM):
        covered[back : back + len(is_common)] |= is_common
    shown: list[str] = []
    for word, is_covered in zip(split, covered.tolist(), strict=True):
        text = word.decode("utf-8", "replace") if is_covered else _DATA
        if text != _DATA or shown[-1:] != [_DATA]:
            shown.append(text)
        if len(shown) == _SHOWN:
            break
    return " ".join(shown)
