"""Index of the n-grams of evaluation items, to find these items in documents.

A document contains an item if both have the same n words in a row, n = 13, as in appendix C of GPT-3's
paper (Brown et al.: Language models are few-shot learners, 2020). There n is 8 to 13, by the lengths of
an evaluation's items; here an item of fewer than n words is searched whole, if it has `shortest` words.

An n-gram takes 12 bytes: a 64-bit hash in a sorted array, and the position of its words in the items'
text. Equal hashes are compared word by word, so that no evidence rests on a hash.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.decontamination.hash_filter import HashFilter
from udfs.decontamination.items import Evidence, Item
from udfs.decontamination.text_hashes import text_hashes
from udfs.near_duplicates.script_words import script_words
from udfs.near_duplicates.shingles import Hashes, batches
from udfs.quality_signals.arrays import Ints

MOST = 10
"""Maximum number of items reported for a document, the first by evaluation and item."""

_LARGEST = 1 << 32  # bytes of all items, so that a position takes 4


class _Grams(NamedTuple):
    """The n-grams of one length: sorted hashes, and the position of each in the text."""

    hashes: Hashes
    places: npt.NDArray[np.uint32]


class Index:
    """The n-grams of evaluation items.

    Parameters
    ----------
    items
        Items of evaluation sets, in any order; items of one name count as one.
    n
        Words of an n-gram.
    shortest
        Words of the shortest item that is indexed.

    Attributes
    ----------
    too_short
        Number of items shorter than `shortest`, by evaluation.

    Raises
    ------
    ValueError
        The items have 4 GiB of text or more.
    """

    def __init__(self, items: Iterable[Item], n: int = 13, shortest: int = 8) -> None:
        self.too_short: dict[str, int] = {}
        by_name: dict[tuple[str, str], list[bytes]] = {}
        for evaluation, item, text, *_ in items:
            if not text or text.count(b" ") + 1 < min(n, shortest):
                self.too_short[evaluation] = self.too_short.get(evaluation, 0) + 1
            else:
                by_name.setdefault((evaluation, item), []).append(text)
        self._names = sorted(by_name)
        texts = [(i, text) for i, name in enumerate(self._names) for text in by_name[name]]
        self._text = b"".join(text + b"\n" for _, text in texts)
        if len(self._text) >= _LARGEST:
            raise ValueError("evaluation items of 4 GiB and more")
        sizes = [len(text) + 1 for _, text in texts]
        self._starts: Ints = np.cumsum([0, *sizes], dtype=np.int64)
        self._owners: Ints = np.array([owner for owner, _ in texts], np.int64)
        self._grams = self._by_length([text for _, text in texts], n)
        self._filters = _filters(self._grams)

    def __len__(self) -> int:
        """Return the number of n-grams; one that several items have counts for each."""
        return sum(len(grams.hashes) for grams in self._grams.values())

    def _by_length(self, texts: Sequence[bytes], n: int) -> dict[int, _Grams]:
        lengths = [min(text.count(b" ") + 1, n) for text in texts]
        by_length = {}
        for length in sorted(set(lengths)):
            chosen = [i for i, other in enumerate(lengths) if other == length]
            starts = self._starts[chosen]
            by_length[length] = self._of_length([texts[i] for i in chosen], starts, length)
        return by_length

    def _of_length(self, texts: Sequence[bytes], starts: Ints, length: int) -> _Grams:
        hash_parts, place_parts = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for i, of_text in text_hashes(texts, length):
            hash_parts.append(of_text)
            flat = np.frombuffer(texts[i], np.uint8)
            words = np.append(0, np.flatnonzero(flat == ord(" ")) + 1)
            place_parts.append(starts[i] + words[: len(of_text)])
        hashes, places = np.concatenate(hash_parts), np.concatenate(place_parts)
        owners = self._owner(places)
        order = np.lexsort((places, owners, hashes))
        hashes, places, owners = hashes[order], places[order], owners[order]
        # the first position of an n-gram in an item, in the first items: no more are ever reported
        new = np.append(True, (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1]))
        hashes, places = hashes[new[: len(hashes)]], places[new[: len(hashes)]]
        rank = np.arange(len(hashes)) - np.searchsorted(hashes, hashes)
        return _Grams(hashes[rank < MOST], places[rank < MOST].astype(np.uint32))

    def _owner(self, places: npt.NDArray[np.integer]) -> Ints:
        """Return the number of the item at each position."""
        return self._owners[np.searchsorted(self._starts, places, side="right") - 1]

    def lookup(self, texts: Sequence[str]) -> list[list[Evidence]]:
        """Return the items that each text contains, at most `MOST`, sorted by name."""
        normals = [script_words(text) for text in texts]
        hits: list[list[tuple[int, Ints, Ints]]] = [[] for _ in texts]
        for length, grams in self._grams.items():
            for i, begins, entries in self._hits(normals, length, grams):
                hits[i].append((length, begins, entries))
        return [
            self._evidence(text, of_text) if of_text else []
            for text, of_text in zip(normals, hits, strict=True)
        ]

    def places(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield length and position of each n-gram in a text, once a text whatever items have it."""
        normals = [script_words(text) for text in texts]
        for length, grams in self._grams.items():
            for i, begins, entries in self._hits(normals, length, grams):
                words = normals[i].split(b" ")
                first = np.unique(grams.hashes[entries], return_index=True)[1]
                pairs = zip(begins[first].tolist(), entries[first].tolist(), strict=True)
                for begin, entry in pairs:
                    if self._is_at(int(grams.places[entry]), words[begin : begin + length]):
                        yield length, int(grams.places[entry])

    def without(self, places: Collection[tuple[int, int]]) -> None:
        """Remove n-grams, given by length and position as `places` yields them."""
        for length, grams in self._grams.items():
            removed = [start for other, start in places if other == length]
            hashes = grams.hashes[np.isin(grams.places, np.array(removed, np.uint32))]
            kept = ~np.isin(grams.hashes, hashes)
            self._grams[length] = _Grams(grams.hashes[kept], grams.places[kept])
        self._filters = _filters(self._grams)

    def _hits(
        self, normals: Sequence[bytes], length: int, grams: _Grams
    ) -> Iterator[tuple[int, Ints, Ints]]:
        """Yield a text's number, the words at which n-grams begin, and their entries, pair by pair."""
        filtered, before, last = self._filters[length], 0, -1
        for batch in batches(normals, length):
            if batch.first != last:
                before, last = 0, batch.first
            maybe = filtered.holds(batch.hashes)
            wanted = batch.hashes[maybe]
            left = np.searchsorted(grams.hashes, wanted, side="left")
            count = np.searchsorted(grams.hashes, wanted, side="right") - left
            matching = np.flatnonzero(count)
            texts = np.searchsorted(batch.bounds, maybe[matching], side="right") - 1
            for text in np.unique(texts).tolist():
                mine = matching[texts == text]
                begins = np.repeat(maybe[mine] - batch.bounds[text] + before, count[mine])
                firsts = np.repeat(np.cumsum(count[mine]) - count[mine], count[mine])
                entries = np.repeat(left[mine], count[mine]) + np.arange(len(begins)) - firsts
                yield batch.first + text, begins, entries
            before += len(batch.hashes)  # a long text is alone in its batches

    def _evidence(self, text: bytes, hits: Sequence[tuple[int, Ints, Ints]]) -> list[Evidence]:
        words = text.split(b" ")
        lengths = np.concatenate([np.full(len(begins), length) for length, begins, _ in hits])
        begins = np.concatenate([begins for _, begins, _ in hits])
        places = np.concatenate([self._grams[n].places[entries] for n, _, entries in hits])
        owners = self._owner(places)
        evidence: dict[int, Evidence] = {}
        for i in np.lexsort((lengths, begins, owners)).tolist():
            owner = int(owners[i])
            if owner in evidence:
                continue
            if len(evidence) == MOST:
                break
            gram = words[begins[i] : begins[i] + lengths[i]]
            if self._is_at(int(places[i]), gram):
                ngram = b" ".join(gram).decode("utf-8", "replace")
                evidence[owner] = Evidence(*self._names[owner], ngram)
        return list(evidence.values())

    def _is_at(self, start: int, gram: Sequence[bytes]) -> bool:
        words = b" ".join(gram)
        end = start + len(words)
        return self._text[start:end] == words and self._text[end : end + 1] in (b" ", b"\n")

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
        """Return the index that `to_bytes` returned as bytes, with `too_short` empty."""
        loaded = cls(())
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            loaded._text = stored["text"].tobytes()
            names = json.loads(stored["names"].tobytes())
            loaded._names = [(evaluation, item) for evaluation, item in names]
            loaded._starts, loaded._owners = stored["starts"], stored["owners"]
            lengths = [int(name.split()[1]) for name in stored.files if name.startswith("hashes")]
            loaded._grams = {
                length: _Grams(stored[f"hashes {length}"], stored[f"places {length}"])
                for length in lengths
            }
        loaded._filters = _filters(loaded._grams)
        return loaded


def _filters(grams: Mapping[int, _Grams]) -> dict[int, HashFilter]:
    return {length: HashFilter(of_length.hashes) for length, of_length in grams.items()}
