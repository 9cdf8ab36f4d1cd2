r"""Distinct chunks of a batch and their properties.

A chunk is what stands between two whitespaces. Every rule of V2 on words looks at a chunk alone: a
raw word never crosses whitespace, and normalising deletes and changes characters within a chunk
without ever adding whitespace (lower-casing a final sigma looks at its neighbours, but not beyond
whitespace). So each fact is found once per distinct chunk and then looked up for the text.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Set
from functools import cached_property
from itertools import count
from typing import Literal

import numpy as np
import numpy.typing as npt

from udfs.quality_signals import characters
from udfs.quality_signals.arrays import Ints, offsets, segment_sum
from udfs.quality_signals.characters import WORD_FLAG, WordRule

_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]+")
_LONG_WORD = 1000  # characters
_TERMINAL_MARKS = ".!?”"
_ELLIPSIS, _DOT = ord("…"), ord(".")
# bullet, triangular bullet, triangles, white bullet, squares, small squares, en dash
_BULLETS = "\u2022\u2023\u25b6\u25c0\u25e6\u25a0\u25a1\u25aa\u25ab\u2013"


def normalize(text: str) -> str:
    """Return V2's normal form: no ASCII punctuation, lower case, single spaces, NFD, in this order."""
    return " ".join(decompose(_PUNCTUATION.sub("", text).lower().split()))


def decompose(words: list[str], form: Literal["NFD", "NFKD"] = "NFD") -> list[str]:
    """Return the decomposition of each word, in time linear in their lengths.

    `unicodedata` sorts a run of combining marks in time that grows with its square, so that a word
    of a million marks takes it an hour.
    """
    if max(map(len, words), default=0) <= _LONG_WORD:
        return unicodedata.normalize(form, "\n".join(words)).split("\n") if words else []
    return [
        unicodedata.normalize(form, word)
        if len(word) <= _LONG_WORD
        else _decompose_long(word, form)
        for word in words
    ]


def _decompose_long(word: str, form: Literal["NFD", "NFKD"]) -> str:
    """Return it by its definition: decompose each character, then sort each run of marks by class."""
    chars = set(word)
    word = word.translate({ord(char): unicodedata.normalize(form, char) for char in chars})
    marks = "".join(char for char in set(word) if unicodedata.combining(char))
    if not marks:
        return word
    return re.sub(f"[{re.escape(marks)}]{{2,}}", _sort_marks, word)


def _sort_marks(run: re.Match[str]) -> str:
    return "".join(sorted(run[0], key=unicodedata.combining))


def numbering() -> defaultdict[str, int]:
    """A mapping that numbers words from 0 in the order of their first look-up."""
    return defaultdict(count().__next__)


class Vocabulary:
    """Properties of each distinct chunk, as arrays over the chunks' numbers."""

    def __init__(self, chunks: list[str], word_rule: WordRule) -> None:
        self.chunks = chunks
        self._word_flag = WORD_FLAG[word_rule]
        self._joined = "".join([chunk + "\n" for chunk in chunks])

    @cached_property
    def _bounds(self) -> Ints:
        """Return the start of each chunk in the joined text; its newline belongs to it."""
        return offsets(np.fromiter(map(len, self.chunks), np.int64, len(self.chunks)) + 1)

    @cached_property
    def _codes(self) -> characters.Codes:
        return characters.code_points(self._joined)

    @cached_property
    def _flags(self) -> characters.Flags:
        return characters.character_flags(self._codes)

    # --- raw words -----------------------------------------------------------------------------

    @cached_property
    def _raw_word_starts(self) -> Ints:
        """Return the start of each raw word in the joined text: a run of word characters, or of others."""
        kind = self._flags & (self._word_flag | characters.NEWLINE)
        changes = np.ones(len(kind), np.bool_)
        np.not_equal(kind[1:], kind[:-1], out=changes[1:])
        return np.flatnonzero(changes & (kind != characters.NEWLINE))

    @cached_property
    def _chunk_of_raw_word(self) -> Ints:
        return np.searchsorted(self._bounds, self._raw_word_starts, side="right") - 1

    @cached_property
    def _raw_word_flags(self) -> characters.Flags:
        """Return the flags that any character of each raw word has."""
        if not len(self._raw_word_starts):
            return np.zeros(0, np.uint16)
        merged: characters.Flags = np.bitwise_or.reduceat(self._flags, self._raw_word_starts)
        return merged

    def _count_raw_words(self, chosen: npt.NDArray[np.bool_]) -> Ints:
        return np.bincount(self._chunk_of_raw_word[chosen], minlength=len(self.chunks))

    def _spell_raw_words(self, chosen: npt.NDArray[np.bool_]) -> list[str]:
        # each runs up to the next one, or to the newline after its chunk
        ends = np.append(self._raw_word_starts[1:], len(self._joined))
        ends = np.minimum(ends, self._bounds[self._chunk_of_raw_word + 1] - 1)
        spans = zip(self._raw_word_starts[chosen].tolist(), ends[chosen].tolist(), strict=True)
        return [self._joined[start:end] for start, end in spans]

    @cached_property
    def raw_word_counts(self) -> Ints:
        """Return the number of raw words of each chunk."""
        return np.bincount(self._chunk_of_raw_word, minlength=len(self.chunks))

    @cached_property
    def alphabetic_counts(self) -> Ints:
        """Return the number of raw words with an ASCII letter."""
        return self._count_raw_words((self._raw_word_flags & characters.LETTER) != 0)

    @cached_property
    def all_caps_counts(self) -> Ints:
        """Return the number of raw words for which `str.isupper` holds."""
        cased = self._raw_word_flags & (characters.UPPER | characters.LOWER)
        return self._count_raw_words(cased == characters.UPPER)

    @property
    def raw_words(self) -> list[str]:
        """Return the raw words of all chunks in a row; `raw_word_counts` has the number of each chunk."""
        return self._spell_raw_words(np.ones(len(self._raw_word_starts), np.bool_))

    def count_raw_words_in(self, chosen: Set[str]) -> Ints:
        """Return how many raw words of each chunk are in a set."""
        # most chunks are one raw word
        hits = np.fromiter(map(chosen.__contains__, self.chunks), np.int64, len(self.chunks))
        several = self.raw_word_counts > 1
        firsts = characters.code_points("".join({word[0] for word in chosen if word}))
        asked = several[self._chunk_of_raw_word]
        asked &= np.isin(self._codes[self._raw_word_starts], firsts)
        words = self._spell_raw_words(asked)
        is_chosen = np.fromiter(map(chosen.__contains__, words), np.bool_, len(words))
        owners = self._chunk_of_raw_word[asked][is_chosen]
        hits[several] = np.bincount(owners, minlength=len(hits))[several]
        return hits

    # --- characters of the raw text ------------------------------------------------------------

    @cached_property
    def upper_counts(self) -> Ints:
        """Return the number of upper-case characters of each chunk."""
        return segment_sum((self._flags & characters.UPPER) != 0, self._bounds)

    @cached_property
    def _last_codes(self) -> characters.Codes:
        return self._codes[self._bounds[1:] - 2]

    @cached_property
    def ends_with_terminal_mark(self) -> npt.NDArray[np.bool_]:
        """Return whether each chunk ends with one of `. ! ? ”`."""
        marks: npt.NDArray[np.bool_] = np.isin(
            self._last_codes, characters.code_points(_TERMINAL_MARKS)
        )
        return marks

    @cached_property
    def ends_with_ellipsis(self) -> npt.NDArray[np.bool_]:
        """Return whether each chunk ends with `...` or `…`."""
        dots = self._last_codes == _DOT
        dots &= np.diff(self._bounds) > 3
        last = self._bounds[1:][dots] - 2
        dots[dots] = (self._codes[last - 1] == _DOT) & (self._codes[last - 2] == _DOT)
        ellipses: npt.NDArray[np.bool_] = dots | (self._last_codes == _ELLIPSIS)
        return ellipses

    @cached_property
    def starts_with_bullet(self) -> npt.NDArray[np.bool_]:
        """Return whether each chunk starts with a bullet point."""
        return np.isin(self._codes[self._bounds[:-1]], characters.code_points(_BULLETS))

    # --- the normalised word -------------------------------------------------------------------

    @cached_property
    def _normalized(self) -> tuple[defaultdict[str, int], Ints]:
        text = characters.spelled(self._codes[(self._flags & characters.PUNCTUATION) == 0]).lower()
        pieces = decompose(text.split("\n")[:-1])
        words = numbering()
        words[""]  # takes number 0: all of the chunk was punctuation
        return words, np.fromiter(map(words.__getitem__, pieces), np.int64, len(pieces))

    @cached_property
    def words(self) -> list[str]:
        """Return the distinct normalised words; number 0 is the empty string, which is no word."""
        return list(self._normalized[0])

    @property
    def word_numbers(self) -> dict[str, int]:
        """Return the number of each normalised word."""
        return self._normalized[0]

    @property
    def word_of_chunk(self) -> Ints:
        """Return the normalised word of each chunk, 0 for a chunk that normalisation empties."""
        return self._normalized[1]

    @cached_property
    def word_lengths(self) -> Ints:
        """Return the number of code points of each normalised word."""
        return np.fromiter(map(len, self.words), np.int64, len(self.words))

    @cached_property
    def numeric_counts(self) -> Ints:
        """Return the number of numeric characters of each normalised word."""
        flags = characters.character_flags(characters.code_points("".join(self.words)))
        return segment_sum((flags & characters.NUMERIC) != 0, offsets(self.word_lengths))
