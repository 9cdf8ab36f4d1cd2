r"""The distinct chunks of a batch, and what is known of each.

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
from functools import cached_property
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt

from udfs.quality_signals import characters
from udfs.quality_signals.arrays import Ints, offsets, segment_sum
from udfs.quality_signals.characters import WORD_FLAG, WordRule

_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]+")
_TERMINAL_MARKS = (".", "!", "?", "”")
_ELLIPSES = ("...", "…")
# bullet, triangular bullet, triangles, white bullet, squares, small squares, en dash
_BULLETS = tuple("\u2022\u2023\u25b6\u25c0\u25e6\u25a0\u25a1\u25aa\u25ab\u2013")


def normalize(text: str) -> str:
    """V2's normal form: no ASCII punctuation, lower case, single spaces, NFD, in this order."""
    text = _PUNCTUATION.sub("", text).lower()
    return unicodedata.normalize("NFD", " ".join(text.split()))


def numbering() -> defaultdict[str, int]:
    """A mapping that numbers words from 0 in the order it is asked for them."""
    return defaultdict(count().__next__)


class Vocabulary:
    """Facts on each distinct chunk, as arrays over the chunks' numbers."""

    def __init__(self, chunks: list[str], word_rule: WordRule) -> None:
        self.chunks = chunks
        self._word_flag = WORD_FLAG[word_rule]
        self._joined = "".join([chunk + "\n" for chunk in chunks])

    @cached_property
    def _bounds(self) -> Ints:
        """Where each chunk starts in the joined text; its newline belongs to it."""
        return offsets(np.fromiter(map(len, self.chunks), np.int64, len(self.chunks)) + 1)

    @cached_property
    def _flags(self) -> characters.Flags:
        return characters.character_flags(self._joined)

    def _ends_with(self, endings: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        hits = (chunk.endswith(endings) for chunk in self.chunks)
        return np.fromiter(hits, np.bool_, len(self.chunks))

    # --- raw words -----------------------------------------------------------------------------

    @cached_property
    def _raw_word_starts(self) -> Ints:
        """Where each raw word starts in the joined text: a run of word characters, or of anything else."""
        kind = self._flags & (self._word_flag | characters.SEPARATOR)
        changes = np.ones(len(kind), np.bool_)
        np.not_equal(kind[1:], kind[:-1], out=changes[1:])
        return np.flatnonzero(changes & (kind != characters.SEPARATOR))

    @cached_property
    def _raw_word_flags(self) -> characters.Flags:
        """The flags that any character of each raw word has."""
        if not len(self._raw_word_starts):
            return np.zeros(0, np.uint8)
        merged: characters.Flags = np.bitwise_or.reduceat(self._flags, self._raw_word_starts)
        return merged

    def _count_raw_words(self, chosen: npt.NDArray[np.bool_]) -> Ints:
        marks = np.zeros(len(self._flags), np.int8)
        marks[self._raw_word_starts[chosen]] = 1
        return segment_sum(marks, self._bounds)

    @cached_property
    def raw_word_counts(self) -> Ints:
        """Raw words of each chunk."""
        return self._count_raw_words(np.ones(len(self._raw_word_starts), np.bool_))

    @cached_property
    def alphabetic_counts(self) -> Ints:
        """Raw words with an ASCII letter."""
        return self._count_raw_words((self._raw_word_flags & characters.LETTER) != 0)

    @cached_property
    def all_caps_counts(self) -> Ints:
        """Raw words for which `str.isupper` holds."""
        cased = self._raw_word_flags & (characters.UPPER | characters.LOWER)
        return self._count_raw_words(cased == characters.UPPER)

    @cached_property
    def raw_words(self) -> list[str]:
        """The raw words of all chunks, one after the other; `raw_word_counts` says whose."""
        # each runs up to the next one; the last of a chunk has the newline as well
        bounds = [*self._raw_word_starts.tolist(), len(self._joined)]
        return [self._joined[start:end].rstrip("\n") for start, end in pairwise(bounds)]

    # --- characters of the raw text ------------------------------------------------------------

    @cached_property
    def upper_counts(self) -> Ints:
        """Upper-case characters of each chunk."""
        return segment_sum((self._flags & characters.UPPER) != 0, self._bounds)

    @cached_property
    def ends_with_terminal_mark(self) -> npt.NDArray[np.bool_]:
        """The chunk ends with one of `. ! ? ”`."""
        return self._ends_with(_TERMINAL_MARKS)

    @cached_property
    def ends_with_ellipsis(self) -> npt.NDArray[np.bool_]:
        """The chunk ends with `...` or `…`."""
        return self._ends_with(_ELLIPSES)

    @cached_property
    def starts_with_bullet(self) -> npt.NDArray[np.bool_]:
        """The chunk starts with a bullet point."""
        hits = (chunk.startswith(_BULLETS) for chunk in self.chunks)
        return np.fromiter(hits, np.bool_, len(self.chunks))

    # --- the normalised word -------------------------------------------------------------------

    @cached_property
    def _normalized(self) -> tuple[defaultdict[str, int], Ints]:
        text = _PUNCTUATION.sub("", self._joined).lower()
        pieces = unicodedata.normalize("NFD", text).split("\n")[:-1]
        words = numbering()
        words[""]  # takes number 0: all of the chunk was punctuation
        return words, np.fromiter(map(words.__getitem__, pieces), np.int64, len(pieces))

    @cached_property
    def words(self) -> list[str]:
        """The distinct normalised words; number 0 is the empty one, which is no word."""
        return list(self._normalized[0])

    @property
    def word_numbers(self) -> dict[str, int]:
        """Normalised word to its number."""
        return self._normalized[0]

    @property
    def word_of_chunk(self) -> Ints:
        """The normalised word of each chunk, 0 where nothing is left of it."""
        return self._normalized[1]

    @cached_property
    def word_lengths(self) -> Ints:
        """Code points of each normalised word."""
        return np.fromiter(map(len, self.words), np.int64, len(self.words))

    @cached_property
    def numeric_counts(self) -> Ints:
        """Numeric characters of each normalised word."""
        flags = characters.character_flags("".join(self.words))
        return segment_sum((flags & characters.NUMERIC) != 0, offsets(self.word_lengths))
