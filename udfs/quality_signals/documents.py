"""A batch of documents, cut once into the lines, chunks and words that all signals use.

Everything is a flat array over the whole batch with offsets by document and by line, so that a
signal is a few array operations whatever the number of documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from udfs.quality_signals.arrays import Ints, offsets, segment_sum
from udfs.quality_signals.characters import (
    INFORMATION_SEPARATORS,
    SPACE,
    character_flags,
    code_points,
)
from udfs.quality_signals.chunks import number_chunks
from udfs.quality_signals.repeats import Repeats
from udfs.quality_signals.resources import Resources
from udfs.quality_signals.vocabulary import Vocabulary

Found = TypeVar("Found")

_SEPARATORS = frozenset(map(chr, INFORMATION_SEPARATORS))
_REGEX_CHUNK = re.compile(rf"[\S{''.join(sorted(_SEPARATORS))}]+")


class Documents:
    """Texts and the other inputs of signals.

    Parameters
    ----------
    texts
        Raw contents.
    languages, domains
        One a text: the language's code and the host of the address; None where unknown.
    resources
        Lists and models; without them a score is null or 0.0, as each signal documents.
    ccnet
        CCNet's fields by name, one value a text.
    """

    def __init__(
        self,
        texts: Sequence[str],
        languages: Sequence[str | None],
        domains: Sequence[str | None],
        resources: Resources,
        ccnet: Mapping[str, Sequence[Any]],
    ) -> None:
        self.texts = texts
        self.languages = languages
        self.domains = domains
        self.resources = resources
        self.ccnet = ccnet
        self._shared: dict[Hashable, Any] = {}
        self._cut()

    def _cut(self) -> None:
        """Find lines and chunks in the characters of all texts at once."""
        # every line ends with a newline here, and so no chunk spans two texts
        unfinished = np.array([text[-1:] not in ("", "\n") for text in self.texts], np.bool_)
        joined = "".join(
            [text + "\n" if add else text for text, add in zip(self.texts, unfinished, strict=True)]
        )
        codes = code_points(joined)
        line_ends = np.flatnonzero(codes == ord("\n")) + 1
        ends = offsets(self.lengths + unfinished)
        self.document_lines = np.searchsorted(line_ends, ends, side="right")
        # code points of each line, its newline included
        self.line_lengths = np.diff(line_ends, prepend=0)
        self.line_lengths[self.document_lines[1:][unfinished] - 1] -= 1

        space = np.ones(len(codes) + 1, np.bool_)
        np.not_equal(character_flags(codes) & SPACE, 0, out=space[1:])
        # chunks start at every second of these, and end at those between
        edges = np.flatnonzero(space[1:] != space[:-1])
        self.line_chunks = np.searchsorted(edges[::2], np.append(0, line_ends))
        chunks, self.chunks = number_chunks(codes, edges)
        self.raw_chunks = self.chunks
        # offsets of the documents in `raw_chunks`
        self._document_raw_chunks = self.line_chunks[self.document_lines]
        separators = (codes >= INFORMATION_SEPARATORS[0]) & (codes <= INFORMATION_SEPARATORS[-1])
        if self.resources.word_rule == "regex" and separators.any():
            chunks = self._cut_raw_chunks(chunks)
        self.vocabulary = Vocabulary(chunks, self.resources.word_rule)

    def _cut_raw_chunks(self, chunks: list[str]) -> list[str]:
        """Cut chunks into raw words again, where information separators are no whitespace."""
        numbers = {chunk: number for number, chunk in enumerate(chunks)}
        bounds = self._document_raw_chunks
        parts = [self.chunks[start:end] for start, end in pairwise(bounds.tolist())]
        for row, text in enumerate(self.texts):
            if not _SEPARATORS.isdisjoint(text):
                pieces = _REGEX_CHUNK.findall(text)
                of_piece = [numbers.setdefault(piece, len(numbers)) for piece in pieces]
                parts[row] = np.array(of_piece, np.int64)
        self.raw_chunks = np.concatenate(parts)
        self._document_raw_chunks = offsets([len(part) for part in parts])
        return list(numbers)

    def __len__(self) -> int:
        return len(self.texts)

    def by_language(self) -> Iterator[tuple[str | None, list[int]]]:
        """Yield each language of the batch with its documents."""
        rows: dict[str | None, list[int]] = {}
        for row, language in enumerate(self.languages):
            rows.setdefault(language, []).append(row)
        yield from rows.items()

    def shared(self, name: Hashable, make: Callable[[Documents], Found]) -> Found:
        """Return a value that several signals share, computed at the first call."""
        if name not in self._shared:
            self._shared[name] = make(self)
        value: Found = self._shared[name]
        return value

    # --- sizes and spans -----------------------------------------------------------------------

    @cached_property
    def lengths(self) -> Ints:
        """Code points of each document."""
        return np.fromiter(map(len, self.texts), np.int64, len(self.texts))

    @property
    def line_counts(self) -> Ints:
        """Lines of each document."""
        return np.diff(self.document_lines)

    @cached_property
    def line_spans(self) -> tuple[Ints, Ints]:
        """Return start and end of each line within its document, in code points."""
        ends = np.cumsum(self.line_lengths)
        before = np.repeat(offsets(self.lengths)[:-1], self.line_counts)
        return ends - self.line_lengths - before, ends - before

    def at_line_starts(self, fact: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return a property of the first chunk of each line; False for a line of whitespace."""
        return self._at(self.line_chunks[:-1], fact)

    def at_line_ends(self, fact: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return a property of the last chunk of each line; False for a line of whitespace."""
        return self._at(self.line_chunks[1:] - 1, fact)

    def _at(self, chunks: Ints, fact: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        filled = np.diff(self.line_chunks) > 0
        result = np.zeros(len(chunks), np.bool_)
        result[filled] = fact[self.chunks[chunks[filled]]]
        return result

    # --- raw words -----------------------------------------------------------------------------

    def sum_by_document(self, fact: npt.NDArray[Any]) -> Ints:
        """Sum a property of the chunks of raw words over each document."""
        return segment_sum(fact[self.raw_chunks], self._document_raw_chunks)

    def sum_by_line(self, fact: npt.NDArray[Any]) -> Ints:
        """Sum a property of chunks over each line."""
        return segment_sum(fact[self.chunks], self.line_chunks)

    @cached_property
    def raw_word_counts(self) -> Ints:
        """Raw words of each document."""
        return self.sum_by_document(self.vocabulary.raw_word_counts)

    # --- normalised words ----------------------------------------------------------------------

    @cached_property
    def _word_of_chunk(self) -> Ints:
        return self.vocabulary.word_of_chunk[self.chunks]

    @cached_property
    def words(self) -> Ints:
        """The normalised words of all documents in a row, as the vocabulary's numbers."""
        words: Ints = self._word_of_chunk[self._word_of_chunk != 0]
        return words

    @cached_property
    def line_words(self) -> Ints:
        """Offsets of the lines in `words`."""
        return offsets(segment_sum(self._word_of_chunk != 0, self.line_chunks))

    @cached_property
    def document_words(self) -> Ints:
        """Offsets of the documents in `words`."""
        return self.line_words[self.document_lines]

    @property
    def word_counts(self) -> Ints:
        """Normalised words of each document."""
        return np.diff(self.document_words)

    @cached_property
    def word_lengths(self) -> Ints:
        """Code points of each of `words`."""
        return self.vocabulary.word_lengths[self.words]

    @cached_property
    def word_chars(self) -> Ints:
        """Code points of all normalised words of each document."""
        return segment_sum(self.word_lengths, self.document_words)

    @property
    def normalized_lengths(self) -> Ints:
        """Code points of each normalised document: its words and one space between any two."""
        lengths: Ints = self.word_chars + np.maximum(self.word_counts - 1, 0)
        return lengths

    @cached_property
    def normalized_line_lengths(self) -> Ints:
        """Code points of each normalised line."""
        chars = segment_sum(self.word_lengths, self.line_words)
        lengths: Ints = chars + np.maximum(np.diff(self.line_words) - 1, 0)
        return lengths

    @cached_property
    def normalized(self) -> list[str]:
        """The normalised documents."""
        spelled = np.array(self.vocabulary.words, object)[self.words].tolist()
        bounds = self.document_words.tolist()
        return [" ".join(spelled[a:b]) for a, b in pairwise(bounds)]

    @cached_property
    def repeats(self) -> Repeats:
        """The n-grams of normalised words that a document has more than once."""
        return Repeats(self.words, self.document_words)
