"""Items of evaluation sets in documents: an index of their n-grams of words, and the look-up.

A document holds an item if n words in a row are the same, as in appendix C of GPT-3's paper (Brown et
al.: Language models are few-shot learners, 2020), n being 13. There n is 8 to 13, by the lengths of an
evaluation's items; here an item of fewer than n words is looked for as a whole, down to a least number.

An n-gram is a 64-bit hash in a sorted array and the place of its words in the items' text, 12 bytes. Each
hash that is found is compared word by word, so that no evidence rests on a hash.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.decontamination.hash_filter import HashFilter
from udfs.decontamination.normal_form import normal
from udfs.near_duplicates.shingles import Hashes, batches
from udfs.quality_signals.arrays import Ints

MOST = 10
"""Items that are named of a document, the first by evaluation and item."""

_LARGEST = 1 << 32  # bytes of all items, so that a place takes 4


class Item(NamedTuple):
    """An item of an evaluation set, its text as `normal` gives it."""

    evaluation: str
    item: str
    text: bytes


class Evidence(NamedTuple):
    """What a document and an item have in common: the first such words in the document."""

    evaluation: str
    item: str
    ngram: str


class _Grams(NamedTuple):
    """The n-grams of one length: sorted hashes, and where in the text each stands."""

    hashes: Hashes
    places: npt.NDArray[np.uint32]


class Index:
    """The n-grams of evaluation items.

    Parameters
    ----------
    items
        Of any order; two of one name are one.
    n
        Words of an n-gram.
    shortest
        Words of the shortest item that is looked for.

    Attributes
    ----------
    too_short
        Items of fewer words, by evaluation.

    Raises
    ------
    ValueError
        The items have 4 GiB of text or more.
    """

    def __init__(self, items: Iterable[Item], n: int = 13, shortest: int = 8) -> None:
        self.too_short: dict[str, int] = {}
        by_name: dict[tuple[str, str], list[bytes]] = {}
        for evaluation, item, text in items:
            if not text or text.count(b" ") + 1 < min(n, shortest):
                self.too_short[evaluation] = self.too_short.get(evaluation, 0) + 1
            else:
                by_name.setdefault((evaluation, item), []).append(text)
        self._names = sorted(by_name)
        texts = [(name, text) for name, each in enumerate(self._names) for text in by_name[each]]
        self._text = b"".join(text + b"\n" for _, text in texts)
        if len(self._text) >= _LARGEST:
            raise ValueError("evaluation items of 4 GiB and more")
        sizes = [len(text) + 1 for _, text in texts]
        self._starts: Ints = np.cumsum([0, *sizes], dtype=np.int64)
        self._owners: Ints = np.array([name for name, _ in texts], np.int64)
        self._grams = self._made([text for _, text in texts], n)
        self._filters = {length: HashFilter(each.hashes) for length, each in self._grams.items()}

    def __len__(self) -> int:
        """Number of n-grams, each once for each item that has it."""
        return sum(len(each.hashes) for each in self._grams.values())

    def _made(self, texts: Sequence[bytes], n: int) -> dict[int, _Grams]:
        words = [text.count(b" ") + 1 for text in texts]
        made = {}
        for length in sorted({min(each, n) for each in words}):
            chosen = [i for i, each in enumerate(words) if min(each, n) == length]
            made[length] = self._of_length([texts[i] for i in chosen], self._starts[chosen], length)
        return made

    def _of_length(self, texts: Sequence[bytes], starts: Ints, length: int) -> _Grams:
        hashes, places = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for place, gram in _hashed(texts, length):
            hashes.append(gram)
            flat = np.frombuffer(texts[place], np.uint8)
            words = np.append(0, np.flatnonzero(flat == ord(" ")) + 1)
            places.append(starts[place] + words[: len(gram)])
        found, where = np.concatenate(hashes), np.concatenate(places)
        owners = self._owner(where)
        order = np.lexsort((where, owners, found))
        found, where, owners = found[order], where[order], owners[order]
        # of an n-gram and item the first place, and of an n-gram the first items: more are never told
        new = np.append(True, (found[1:] != found[:-1]) | (owners[1:] != owners[:-1]))[: len(found)]
        found, where = found[new], where[new]
        rank = np.arange(len(found)) - np.searchsorted(found, found)
        return _Grams(found[rank < MOST], where[rank < MOST].astype(np.uint32))

    def _owner(self, places: npt.NDArray[np.integer]) -> Ints:
        """The number of the item that each place is in."""
        return self._owners[np.searchsorted(self._starts, places, side="right") - 1]

    def lookup(self, texts: Sequence[str]) -> list[list[Evidence]]:
        """Return the items that each text holds, at most `MOST`, the first ones by their names."""
        normals = [normal(text) for text in texts]
        found: list[list[tuple[int, Ints, Ints]]] = [[] for _ in texts]
        for length, grams in self._grams.items():
            for place, begins, at in self._hits(normals, length, grams):
                found[place].append((length, begins, at))
        return [
            self._evidence(text, hits) if hits else []
            for text, hits in zip(normals, found, strict=True)
        ]

    def places(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield length and place of each n-gram that a text holds, once a text: one for all items."""
        normals = [normal(text) for text in texts]
        for length, grams in self._grams.items():
            for place, begins, at in self._hits(normals, length, grams):
                words = normals[place].split(b" ")
                seen = np.unique(grams.hashes[at], return_index=True)[1]
                for begin, entry in zip(begins[seen].tolist(), at[seen].tolist(), strict=True):
                    if self._is_at(int(grams.places[entry]), words[begin : begin + length]):
                        yield length, int(grams.places[entry])

    def without(self, places: Collection[tuple[int, int]]) -> None:
        """Leave out the n-grams that `places` told."""
        for length, grams in self._grams.items():
            gone = [place for each, place in places if each == length]
            hashes = grams.hashes[np.isin(grams.places, np.array(gone, np.uint32))]
            kept = ~np.isin(grams.hashes, hashes)
            self._grams[length] = _Grams(grams.hashes[kept], grams.places[kept])
            self._filters[length] = HashFilter(self._grams[length].hashes)

    def _hits(
        self, normals: Sequence[bytes], length: int, grams: _Grams
    ) -> Iterator[tuple[int, Ints, Ints]]:
        """Of each text with any: the words at which n-grams begin, and their entries, pair by pair."""
        filtered, before, last = self._filters[length], 0, -1
        for batch in batches(normals, length):
            if batch.first != last:
                before, last = 0, batch.first
            maybe = filtered.holds(batch.hashes)
            asked = batch.hashes[maybe]
            left = np.searchsorted(grams.hashes, asked, side="left")
            count = np.searchsorted(grams.hashes, asked, side="right") - left
            held = np.flatnonzero(count)
            texts = np.searchsorted(batch.bounds, maybe[held], side="right") - 1
            for text in np.unique(texts).tolist():
                mine = held[texts == text]
                begins = np.repeat(maybe[mine] - batch.bounds[text] + before, count[mine])
                firsts = np.repeat(np.cumsum(count[mine]) - count[mine], count[mine])
                at = np.repeat(left[mine], count[mine]) + np.arange(len(begins)) - firsts
                yield batch.first + text, begins, at
            before += len(batch.hashes)  # of a long text, which is alone in its batches

    def _evidence(self, text: bytes, hits: Sequence[tuple[int, Ints, Ints]]) -> list[Evidence]:
        words = text.split(b" ")
        lengths = np.concatenate([np.full(len(begins), length) for length, begins, _ in hits])
        begins = np.concatenate([each for _, each, _ in hits])
        places = np.concatenate([self._grams[length].places[at] for length, _, at in hits])
        owners = self._owner(places)
        told: dict[int, Evidence] = {}
        for i in np.lexsort((lengths, begins, owners)).tolist():
            owner = int(owners[i])
            if owner in told:
                continue
            if len(told) == MOST:
                break
            gram = words[begins[i] : begins[i] + lengths[i]]
            if self._is_at(int(places[i]), gram):
                said = b" ".join(gram).decode("utf-8", "replace")
                told[owner] = Evidence(*self._names[owner], said)
        return list(told.values())

    def _is_at(self, place: int, gram: Sequence[bytes]) -> bool:
        said = b" ".join(gram)
        end = place + len(said)
        return self._text[place:end] == said and self._text[end : end + 1] in (b" ", b"\n")

    def to_bytes(self) -> bytes:
        """Return the index as bytes, to load in another process."""
        names = json.dumps(self._names).encode()
        content: dict[str, Any] = {
            "text": np.frombuffer(self._text, np.uint8),
            "names": np.frombuffer(names, np.uint8),
            "starts": self._starts,
            "owners": self._owners,
        }
        for length, grams in self._grams.items():
            content |= {f"hashes {length}": grams.hashes, f"places {length}": grams.places}
        stream = io.BytesIO()
        np.savez(stream, **content)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Index:
        """Take what `to_bytes` gave; what was too short is forgotten."""
        made = cls(())
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            made._text = stored["text"].tobytes()
            names = json.loads(stored["names"].tobytes())
            made._names = [(evaluation, item) for evaluation, item in names]
            made._starts, made._owners = stored["starts"], stored["owners"]
            lengths = [int(name.split()[1]) for name in stored.files if name.startswith("hashes")]
            made._grams = {
                length: _Grams(stored[f"hashes {length}"], stored[f"places {length}"])
                for length in lengths
            }
        made._filters = {length: HashFilter(each.hashes) for length, each in made._grams.items()}
        return made


def _hashed(texts: Sequence[bytes], n: int) -> Iterator[tuple[int, Hashes]]:
    """The n-gram hashes of each text, in order; those of a long one together."""
    parts: list[Hashes] = []
    last = -1
    for batch in batches(texts, n):
        for i, (start, end) in enumerate(zip(batch.bounds[:-1], batch.bounds[1:], strict=True)):
            if batch.first + i != last:
                if parts:
                    yield last, np.concatenate(parts)
                parts, last = [], batch.first + i
            parts.append(batch.hashes[start:end])
    if parts:
        yield last, np.concatenate(parts)
