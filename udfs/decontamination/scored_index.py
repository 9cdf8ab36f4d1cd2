"""Index of evaluation items that finds their questions in documents, also with a few words changed.

Runs of `SEED` words that a document shares with a question say where it may stand; there both are compared
word by word. The score is the share of the question's words that the document has, each weighted by how
few documents have the runs around it. So boilerplate and quotations that a question shares with many
documents count little. Answer and passage are scored apart, and do not make a hit by themselves: a
passage of an encyclopedia is not an item of a test.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from udfs.decontamination.hash_filter import HashFilter
from udfs.decontamination.items import Evidence, Item, question_of
from udfs.decontamination.seeds import Hits, Seeds
from udfs.decontamination.word_hashes import runs_of, words_in, words_of
from udfs.near_duplicates.script_words import AT_ONCE
from udfs.near_duplicates.shingles import Hashes
from udfs.quality_signals.arrays import Ints

MOST = 10
"""Maximum number of items reported for a document, the highest scores first."""

SCORE = 0.8
"""Share of the weight of a question from which a document contains it."""

PIECE, OVERLAP = 1_000_000, 50_000
"""Characters of a long text that are searched at once, and those that two pieces share."""


_LEAST_WEIGHT = (
    2.5  # of the words that are found, in rare words; with less the answer must be there too
)
_LOW_HALF = np.uint64(32)
_OFFSETS = 40  # positions at which a question is compared with a document
_FEW = 1000  # documents below which the number that has a run says little


class ScoredIndex:
    """The questions of evaluation items.

    Parameters
    ----------
    items
        In any order; of items with one name the best score counts.
    ngram
        Maximum number of words of the evidence.
    shortest
        Words of the shortest question that is indexed.

    Attributes
    ----------
    too_short
        Number of items shorter than `shortest`, by evaluation.
    """

    def __init__(self, items: Iterable[Item], ngram: int = 13, shortest: int = 8) -> None:
        self.too_short: dict[str, int] = {}
        self.ngram = ngram
        chosen: list[tuple[Item, bytes]] = []
        for item in items:
            question = question_of(item, shortest)
            if question is None:
                self.too_short[item.evaluation] = self.too_short.get(item.evaluation, 0) + 1
            else:
                chosen.append((item, question))
        chosen.sort()
        self._names = [(item.evaluation, item.item) for item, _ in chosen]
        self._texts = [question for _, question in chosen]
        self._answers = [item.answer for item, _ in chosen]
        self._passages = [item.passage for item, _ in chosen]
        self._questions = words_of(self._texts)
        self.seeds = Seeds(self._questions, shortest)
        self._weights = np.ones(len(self._questions.hashes))
        self._make_filters()

    def _make_filters(self) -> None:
        self._filter = HashFilter(self.seeds.hashes)
        self._second = HashFilter(self.seeds.hashes << _LOW_HALF)

    def __len__(self) -> int:
        """Return the number of different runs of words."""
        return len(self.seeds.hashes)

    def seen(self, texts: Sequence[str]) -> Ints:
        """Return the numbers of the runs in texts, each once a text."""
        seen = [np.zeros(0, np.int64)]
        for _, pieces in in_pieces(texts):
            words = words_in(pieces)
            places, seeds = self._seeds_in(words.hashes)
            pairs = np.unique(words.text_of(places) * len(self) + seeds)
            seen.append(pairs % max(len(self), 1))
        return np.concatenate(seen)

    def weigh(self, counts: Ints, documents: int) -> None:
        """Weight words by the number of documents, of so many, that have each run of words."""
        total = np.log(max(documents, _FEW) + 1)
        rarity = 1 - np.log(counts + 1) / total
        self._weights = self.seeds.word_weights(np.maximum(rarity, 0.02))

    def lookup(self, texts: Sequence[str]) -> list[list[Evidence]]:
        """Return the items that each text contains, at most `MOST`, sorted by name."""
        results: list[dict[tuple[str, str], Evidence]] = [{} for _ in texts]
        for numbers, pieces in in_pieces(texts):
            words = words_in(pieces)
            for hits in self.seeds.hits(*self._seeds_in(words.hashes), words):
                evidence = self._scored(words.of(hits.text), hits)
                if evidence is not None:
                    of_text = results[numbers[hits.text]]
                    known = of_text.setdefault(evidence[:2], evidence)
                    if (known.score or 0) < (evidence.score or 0):
                        of_text[evidence[:2]] = evidence
        return [_first(list(result.values())) for result in results]

    def _seeds_in(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Return the places of the runs that the index has, and their numbers."""
        runs = runs_of(hashes, self.seeds.size)
        maybe = self._filter.holds(runs)
        maybe = maybe[self._second.holds(runs[maybe] << _LOW_HALF)]
        wanted = runs[maybe]
        numbers = np.searchsorted(self.seeds.hashes, wanted)
        numbers[numbers == len(self)] = 0
        held = self.seeds.hashes[numbers] == wanted if len(self) else np.zeros(0, np.bool_)
        return maybe[held], numbers[held]

    def _scored(self, document: Hashes, hits: Hits) -> Evidence | None:
        first, end = self._questions.bounds[hits.item : hits.item + 2].tolist()
        question, weights = self._questions.hashes[first:end], self._weights[first:end]
        covered = np.zeros(len(question), np.bool_)
        for offset in _offsets(hits.offsets, len(question)):
            covered |= _equal(document, question, offset)
        weight = float(weights[covered].sum())
        score = weight / float(weights.sum())
        if score < SCORE:
            return None
        runs = runs_of(document, self.seeds.size)
        answer = _share(self._answers[hits.item], document, runs, self.seeds.size)
        if weight < _LEAST_WEIGHT and (answer or 0.0) < SCORE:
            return None
        passage = _share(self._passages[hits.item], document, runs, self.seeds.size)
        words = _first_run(self._texts[hits.item].split(b" "), covered, self.ngram)
        ngram = b" ".join(words).decode("utf-8", "replace")
        return Evidence(*self._names[hits.item], ngram, round(score, 4), answer, passage)

    def to_bytes(self) -> bytes:
        """Return the index as bytes, to load in another process."""
        texts = {"questions": self._texts, "answers": self._answers, "passages": self._passages}
        names = json.dumps([self._names, self.ngram, self.seeds.shortest]).encode()
        content: dict[str, Any] = {
            "names": np.frombuffer(names, np.uint8),
            "weights": self._weights,
        }
        for name, values in texts.items():
            content[name] = np.frombuffer(b"\n".join(values), np.uint8)
        stream = io.BytesIO()
        np.savez(stream, **content)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> ScoredIndex:
        """Return the index that `to_bytes` returned as bytes, with `too_short` empty."""
        loaded = cls(())
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            names, loaded.ngram, shortest = json.loads(stored["names"].tobytes())
            loaded._names = [(evaluation, item) for evaluation, item in names]
            parts = ("questions", "answers", "passages")
            loaded._texts, loaded._answers, loaded._passages = (
                stored[part].tobytes().split(b"\n") for part in parts
            )
            loaded._weights = stored["weights"]
        loaded._questions = words_of(loaded._texts)
        loaded.seeds = Seeds(loaded._questions, shortest)
        loaded._make_filters()
        return loaded


def in_pieces(texts: Sequence[str]) -> Iterator[tuple[list[int], list[str]]]:
    """Yield texts in groups of bounded size, with their numbers; a long text in overlapping pieces."""
    numbers: list[int] = []
    pieces: list[str] = []
    size = 0
    for number, text in enumerate(texts):
        for start in range(0, max(len(text) - OVERLAP, 1), PIECE - OVERLAP):
            piece = text[start : start + PIECE]
            if pieces and size + len(piece) > AT_ONCE:
                yield numbers, pieces
                numbers, pieces, size = [], [], 0
            numbers.append(number)
            pieces.append(piece)
            size += len(piece)
    if pieces:
        yield numbers, pieces


def _first(evidence: list[Evidence]) -> list[Evidence]:
    best = sorted(evidence, key=lambda item: (-(item.score or 0), item[:2]))[:MOST]
    return sorted(best, key=lambda item: item[:2])


def _offsets(offsets: Ints, size: int) -> Iterator[int]:
    """Yield the offsets of a question in a document that are near the one with most runs."""
    distinct, counts = np.unique(offsets, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    main = distinct[order[0]]
    for offset in distinct[order].tolist()[:_OFFSETS]:
        if abs(offset - main) <= 2 * size + 20:
            yield offset


def _equal(document: Hashes, question: Hashes, offset: int) -> np.typing.NDArray[np.bool_]:
    """Return which words of a question stand in the document at an offset, two in a row or more."""
    first, end = max(0, -offset), min(len(question), len(document) - offset)
    equal = np.zeros(len(question) + 2, np.bool_)
    equal[first + 1 : end + 1] = question[first:end] == document[offset + first : offset + end]
    in_row: np.typing.NDArray[np.bool_] = equal[1:-1] & (equal[:-2] | equal[2:])
    return in_row if len(question) > 1 else equal[1:-1]


def _share(text: bytes, document: Hashes, runs: Hashes, size: int) -> float | None:
    """Return the share of a text's runs of words that a document has; None for no text."""
    if not text:
        return None
    words = words_of([text]).hashes
    size = min(size, len(words))
    in_document = runs if len(words) >= size and size == 4 else runs_of(document, size)
    return round(float(np.isin(runs_of(words, size), in_document).mean()), 4)


def _first_run(
    words: Sequence[bytes], covered: np.typing.NDArray[np.bool_], most: int
) -> Sequence[bytes]:
    """Return the longest of the first runs of covered words, cut to so many."""
    best: Sequence[bytes] = ()
    start = 0
    for place, is_covered in enumerate([*covered.tolist(), False]):
        if not is_covered:
            if place - start > len(best):
                best = words[start:place]
            start = place + 1
        elif place - start + 1 == most:
            return words[start : place + 1]
    return best
