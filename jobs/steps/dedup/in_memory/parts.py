"""Duplicates by a part of a conversation: `jobs.steps.dedup.parts` on arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.steps.dedup.in_memory import clusters, edges, verify
from jobs.steps.dedup.in_memory.documents import (
    Documents,
    Flags,
    Minima,
    equal_shares,
    minima_of,
)
from jobs.steps.dedup.in_memory.rows import SCHEMA, duplicates
from jobs.steps.dedup.in_memory.survivors import Survivors, keys_of
from jobs.steps.dedup.parts import PARTS, ROUNDS
from jobs.steps.dedup.survivors import SurvivorRules
from udfs.chat.parts import ANSWER, PROMPT
from udfs.quality_signals.arrays import Ints

Row = dict[str, Any]
"""A row of duplicates/."""


class _Signed(NamedTuple):
    """Signatures, and the documents that they are of or of a part of."""

    document: Ints
    signatures: pa.ChunkedArray
    minima: Minima


class _Pairs(NamedTuple):
    """Similar pairs of conversations and other documents.

    `is_whole` tells whether an answer is similar to the other document, and not to a part of it alone.
    """

    chat: Ints
    other: Ints
    is_whole: Flags
    similarity: npt.NDArray[np.float64]


@dataclass(frozen=True)
class PartSearch:
    """Finds duplicates by a part among documents whose ids no earlier root has."""

    documents: Documents
    rules: SurvivorRules
    bands: tuple[int, int]

    def by_prompt(self) -> pa.Table:
        """Return rows of duplicates/: conversations whose prompt is nearly another one's."""
        signed = self._of_part(PROMPT)
        rows = self.documents.rows.take(pa.array(signed.document))
        column = rows.column_names.index("minhash")
        prompts = Documents(rows.set_column(column, "minhash", signed.signatures))
        candidates = edges.near(prompts, self.bands, None)
        linked = verify.verified(prompts, candidates, self.rules.threshold)
        survivors = Survivors(prompts, np.unique(linked), self.rules)
        compared = survivors.of(clusters.connected(linked))
        threshold = self.rules.threshold
        return duplicates(prompts, compared, threshold, kind=PROMPT, wanted=compared.is_duplicate)

    def by_answer(self) -> pa.Table:
        """Return rows of duplicates/: conversations and documents of which one holds the other's answer."""
        directed = self._directed(self._similar())
        for _ in range(ROUNDS):
            directed = _following(directed, directed)
        return pa.Table.from_pylist(directed, SCHEMA)

    @cached_property
    def _is_chat(self) -> Flags:
        is_chat = np.zeros(len(self.documents.numbers), np.bool_)
        is_chat[self._of_part(PROMPT).document] = True
        return is_chat

    def _of_part(self, part: str) -> _Signed:
        """Return the signatures of all parts of a name."""
        column = self.documents.rows[PARTS].combine_chunks()
        rows = column.flatten()
        wanted = pc.fill_null(pc.equal(pc.struct_field(rows, "part"), part), False)
        document = pc.list_parent_indices(column).filter(wanted).to_numpy().astype(np.int64)
        signatures = pc.struct_field(rows, "signature").filter(wanted)
        is_first = self.documents.is_first[document]
        signatures = pa.chunked_array([signatures.filter(pa.array(is_first))])
        return _Signed(document[is_first], signatures, minima_of(signatures))

    def _whole(self) -> _Signed:
        documents = self.documents
        chosen = np.flatnonzero(documents.is_first & ~self._is_chat & (documents.signature >= 0))
        signatures = documents.rows["minhash"].take(pa.array(chosen))
        return _Signed(chosen, signatures, documents.minima[documents.signature[chosen]])

    def _similar(self) -> _Pairs:
        """Return the pairs of a conversation and another document that have a similar answer."""
        answers = self._of_part(ANSWER)
        is_chat = self._is_chat[answers.document]
        of_chats, of_others = (_some(answers, np.flatnonzero(of)) for of in (is_chat, ~is_chat))
        parts = [
            self._near(of_chats, self._whole(), is_whole=True),
            self._near(of_chats, of_others, is_whole=False),
        ]
        return _Pairs(*map(np.concatenate, zip(*parts, strict=True)))

    def _near(self, answers: _Signed, others: _Signed, *, is_whole: bool) -> _Pairs:
        """Return pairs of an answer and the smallest of the others that share a band, if they are similar."""
        numbers = pa.array(self.documents.numbers[others.document])
        table = pa.table({"number": numbers, "signature": others.signatures})
        order = [("number", "ascending"), ("signature", "ascending")]
        others = _some(others, pc.sort_indices(table, order).to_numpy().astype(np.int64))
        found = [np.empty((2, 0), np.int64)]
        keyed = (edges.band_keys(signed.minima, self.bands) for signed in (answers, others))
        for answer_keys, other_keys in zip(*keyed, strict=True):
            keys, first = np.unique(other_keys, return_index=True)
            known = np.flatnonzero(np.isin(answer_keys, keys))
            found.append(np.stack((known, first[np.searchsorted(keys, answer_keys[known])])))
        answer, other = np.unique(np.concatenate(found, axis=1), axis=1)
        similarity = equal_shares(answers.minima, answer, others.minima, other)
        near = similarity >= self.rules.threshold
        chat, place = answers.document[answer[near]], others.document[other[near]]
        return _Pairs(chat, place, np.full(len(chat), is_whole), similarity[near])

    def _directed(self, pairs: _Pairs) -> list[Row]:
        """Return the pairs as rows of duplicates/, each dropped document once."""
        best: dict[tuple[int, int], tuple[bool, float]] = {}
        columns = (column.tolist() for column in pairs)
        for chat, other, is_whole, similarity in zip(*columns, strict=True):
            known = best.get((chat, other), (is_whole, similarity))
            best[chat, other] = known[0] or is_whole, max(known[1], similarity)
        places = sorted({place for pair in best for place in pair})
        rows = self.documents.rows.select(["id", "root"]).take(pa.array(places, pa.int64()))
        documents = dict(zip(places, rows.to_pylist(), strict=True))
        keys = keys_of(self.documents, np.array(places, np.int64), self.rules.ranking)
        ranks = dict(zip(places, keys, strict=True))
        closest: dict[int, tuple[float, Any, int]] = {}
        for (chat, other), (is_whole, similarity) in best.items():
            other_first = ranks[other] < ranks[chat]
            if other_first or is_whole:  # an answer that is a part of the other does not drop it
                dropped, survivor = (chat, other) if other_first else (other, chat)
                candidate = -similarity, ranks[survivor], survivor
                closest[dropped] = min(closest.get(dropped, candidate), candidate)
        return [
            _row(documents[dropped], documents[survivor], -order)
            for dropped, (order, _, survivor) in closest.items()
        ]


def _some(signed: _Signed, places: Ints) -> _Signed:
    signatures = signed.signatures.take(pa.array(places))
    return _Signed(signed.document[places], signatures, signed.minima[places])


def _row(dropped: Row, survivor: Row, similarity: float) -> Row:
    return {
        "id": dropped["id"],
        "survivor_id": survivor["id"],
        "cluster_id": min(dropped["id"], survivor["id"]),
        "kind": ANSWER,
        "similarity": similarity,
        "root": dropped["root"],
        "survivor_root": survivor["root"],
        "contained": None,
    }


def added(rows: pa.Table, more: pa.Table) -> pa.Table:
    """Return rows of duplicates/, and others of documents that have none, with survivors that stay."""
    is_new = pc.invert(pc.is_in(more["id"], rows["id"]))
    old, new = rows.to_pylist(), more.filter(is_new).to_pylist()
    return pa.Table.from_pylist([*_following(old, new), *_following(new, old)], SCHEMA)


def _following(rows: Iterable[Row], others: Iterable[Row]) -> list[Row]:
    """Return the rows with the survivors that other rows have for theirs."""
    after: dict[str, list[Row]] = defaultdict(list)
    for row in others:
        after[row["id"]].append(row)
    names = ("survivor_id", "survivor_root")
    return [
        row | {name: survivor[name] for name in names}
        for row in rows
        for survivor in after.get(row["survivor_id"], [row])
    ]
