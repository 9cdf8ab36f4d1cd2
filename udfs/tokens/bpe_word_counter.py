"""Exact token counts of a SentencePiece BPE model, word by word with a cache of common words.

BPE joins neighbours as long as the result is in its vocabulary. If no entry of the vocabulary spans the
boundary between two characters, nothing is joined across it, so both sides can be encoded separately. The
models of the Llama and Mistral families have such a boundary before each run of blanks and around each
newline. So the count of a text is the sum over its words, most of which are known from earlier texts. On
4 MB of web pages this counts 1.7 times as fast as sentencepiece 0.2.3 with no word known at the start, 3.7
times with all known, in bounded memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_BLANK = "\u2581"  # how SentencePiece writes a space
_WORD = re.compile(r" *[^ \n]+| +|\n")
# field numbers of sentencepiece_model.proto: ModelProto, then its trainer's and normaliser's
_PIECE, _TRAINER, _NORMALIZER = 1, 2, 3
_PIECE_TEXT, _PIECE_TYPE = 1, 3
_MODEL_TYPE, _BLANK_AS_SUFFIX, _BYTE_FALLBACK = 3, 24, 35
_CHARACTER_MAP, _DUMMY_PREFIX, _TRIM_BLANKS, _ESCAPE_BLANKS = 2, 3, 4, 5
_BPE, _NORMAL, _USER_DEFINED, _UNUSED = 2, 1, 4, 5

MAX_KNOWN_WORDS = 1 << 17
MAX_KNOWN_LENGTH = 32
MAX_ENCODED = 1 << 20


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the fields of a protobuf message: number, and value as integer or bytes."""
    position = 0

    def varint() -> int:
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(message):
        number, wire = divmod(varint(), 8)
        if wire == 0:
            yield number, varint()
        else:
            size = {1: 8, 5: 4}[wire] if wire != 2 else varint()
            yield number, message[position : position + size]
            position += size


class WordCounter:
    """Counts tokens as `len(processor.encode(text))` does.

    Parameters
    ----------
    processor
        A `sentencepiece.SentencePieceProcessor` of a model that `suits`.
    """

    def __init__(self, processor: Any) -> None:
        model = processor.serialized_model_proto()
        vocabulary, _, normalizer = _parts(model)
        self._encode = processor.encode
        self._prefix = " " if normalizer.get(_DUMMY_PREFIX, 1) else ""
        self._newline = processor.encode("\n")[-1]
        self._bigrams = {word[i : i + 2] for word in vocabulary for i in range(len(word) - 1)}
        self._known = {"\n": 1}

    @staticmethod
    def suits(processor: Any) -> bool:
        """Return whether a model is BPE, does not change texts, and has the boundaries needed."""
        vocabulary, trainer, normalizer = _parts(processor.serialized_model_proto())
        return (
            trainer.get(_MODEL_TYPE) == _BPE
            and bool(trainer.get(_BYTE_FALLBACK))
            and not trainer.get(_BLANK_AS_SUFFIX)
            and not normalizer.get(_CHARACTER_MAP)
            and not normalizer.get(_TRIM_BLANKS, 1)
            and bool(normalizer.get(_ESCAPE_BLANKS, 1))
            and bool(vocabulary)
            and not any("\n" in w or re.search(f"[^{_BLANK}]{_BLANK}", w) for w in vocabulary)
        )

    def count(self, text: str) -> int:
        """Return the number of tokens, without any for the beginning or the end."""
        if not text:
            return 0
        words = _WORD.findall(self._prefix + text.replace(_BLANK, " "))
        counts = list(map(self._known.get, words))
        if None in counts:
            self._count_new(words, counts)
        return sum(counts)  # type: ignore[arg-type]

    def _count_new(self, words: list[str], counts: list[int | None]) -> None:
        """Fill in the counts of words that are not in the cache."""
        new = [i for i, count in enumerate(counts) if count is None]
        if len(self._known) + len(new) > MAX_KNOWN_WORDS:
            self._known = {"\n": 1}
        distinct = list(dict.fromkeys(words[i] for i in new))
        learned = dict(zip(distinct, self._encoded_lengths(distinct), strict=True))
        for i in new:
            counts[i] = learned[words[i]]
        self._known |= {w: n for w, n in learned.items() if len(w) <= MAX_KNOWN_LENGTH}

    def _encoded_lengths(self, words: list[str]) -> list[int]:
        """Return the number of tokens of each word, encoding them in few calls."""
        lengths: list[int] = []
        batch: list[str] = []
        size = 0
        for word in words:
            if size + len(word) > MAX_ENCODED:
                lengths += self._encoded_lines(batch)
                batch, size = [], 0
            if len(word) > MAX_ENCODED:
                lengths.append(sum(self._encoded_lines([part])[0] for part in self._cut(word)))
            else:
                batch.append(word)
                size += len(word)
        return lengths + self._encoded_lines(batch)

    def _encoded_lines(self, words: list[str]) -> list[int]:
        """Encode words in one call, a line each, and measure between the newline tokens."""
        ids = self._encode("\n".join(["", *words, ""]))
        lengths, newline = [], ids.index(self._newline)
        for _ in words:
            last, newline = newline, ids.index(self._newline, newline + 1)
            lengths.append(newline - last - 1)
        return lengths

    def _cut(self, word: str) -> Iterator[str]:
        """Yield the parts of a word above `MAX_ENCODED` characters, cut at boundaries."""
        while len(word) > MAX_ENCODED:
            end = self._boundary(word)
            yield word[:end]
            word = word[end:]
        if word:
            yield word

    def _boundary(self, word: str) -> int:
        """Return the last boundary up to `MAX_ENCODED` that no vocabulary entry spans, or the end."""
        for end in range(MAX_ENCODED, 0, -1):
            if word[end - 1 : end + 1].replace(" ", _BLANK) not in self._bigrams:
                return end
        return len(word)


def _parts(model: bytes) -> tuple[list[str], dict[int, Any], dict[int, Any]]:
    """Return a model's vocabulary, its trainer's settings and its normaliser's.

    The vocabulary is empty if it has a kind of entry that BPE treats in another way.
    """
    vocabulary: list[str] = []
    settings: dict[int, dict[int, Any]] = {_TRAINER: {}, _NORMALIZER: {}}
    plain = True
    for number, value in _fields(model):
        if number == _PIECE:
            piece = dict(_fields(value))
            kind = piece.get(_PIECE_TYPE, _NORMAL)
            plain &= kind not in (_USER_DEFINED, _UNUSED)
            if kind == _NORMAL:
                vocabulary.append(piece[_PIECE_TEXT].decode("utf-8"))
        elif number in settings:
            settings[number] = dict(_fields(value))
    return vocabulary if plain else [], settings[_TRAINER], settings[_NORMALIZER]
