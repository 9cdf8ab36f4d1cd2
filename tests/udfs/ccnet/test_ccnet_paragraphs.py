"""Paragraph dedup compared with a slow implementation by sets."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from random import Random

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.tables.paragraphs import PARAGRAPHS
from udfs.ccnet import paragraphs as p
from udfs.ccnet.normalizer import normalize_for_dedup

# few hashes, so that they repeat; 0, which is dropped; and both ends of the unsigned range
HASHES = st.sampled_from([0, 1, 2, 3, 2**63 - 1, 2**63, 2**64 - 1])
documents_strategy = st.lists(st.lists(HASHES, max_size=8), max_size=6)


def arrays(documents: list[list[int]]) -> list[p.Hashes]:
    return [np.array(lines, np.uint64) for lines in documents]


def lists(line_ids: list[p.LineIds]) -> list[list[int]]:
    return [ids.tolist() for ids in line_ids]


def duplicates_among(hashes: list[p.Hashes]) -> p.Hashes:
    """Return the hashes of two or more documents, sorted."""
    counts = p.archive_hash_counts(hashes, np.arange(len(hashes), dtype=np.int64))
    return counts.hashes[counts.documents > 1]


def kept_lines(
    hashes: p.Hashes, duplicates: p.Hashes, first_here: p.Hashes | None = None
) -> list[int]:
    """Return the lines that one document keeps, `first_here` being the duplicates it is first of."""
    keepers = None
    if first_here is not None:
        keepers = p.Keepers(first_here, np.zeros(len(first_here), np.int64))
    [line_ids] = p.line_ids_given([hashes], np.zeros(1, np.int64), duplicates, keepers)
    return [int(line) for line in line_ids]


def reference(documents: list[list[int]], order: list[int], keep: str) -> list[list[int]]:
    """Return the kept lines of each document; `order` lists the documents from first to last."""
    holders = Counter(value for lines in documents for value in set(lines))
    first = {value: i for i in reversed(order) for value in documents[i]}
    result = []
    for i, lines in enumerate(documents):
        seen = {0}
        kept = []
        for number, value in enumerate(lines):
            dropped = holders[value] > 1 and not (keep == "first" and first[value] == i)
            if value not in seen and not dropped:
                kept.append(number)
            seen.add(value)
        result.append(kept)
    return result


@given(documents_strategy, st.randoms(use_true_random=False), st.sampled_from(["none", "first"]))
@example([[]], Random(0), "none")
def test_one_archive_and_a_larger_group_follow_the_rule(
    documents: list[list[int]], random: Random, keep: p.Keep
) -> None:
    order = list(range(len(documents)))
    random.shuffle(order)
    offsets = np.empty(len(order), np.int64)
    offsets[order] = np.arange(len(order)) * 100
    expected = reference(documents, order, keep)
    hashes = arrays(documents)

    assert lists(p.archive_line_ids(hashes, offsets, keep)) == expected

    counts = p.archive_hash_counts(hashes, offsets)
    repeated = counts.documents > 1
    keepers = p.Keepers(counts.hashes[repeated], counts.first_offset[repeated])
    duplicates = counts.hashes[repeated]
    wide = p.line_ids_given(hashes, offsets, duplicates, keepers if keep == "first" else None)
    assert lists(wide) == expected


@given(st.lists(documents_strategy, max_size=4), st.sampled_from(["none", "first"]))
def test_a_group_of_archives_equals_one_long_archive(
    archives: list[list[list[int]]], keep: p.Keep
) -> None:
    """The steps of a group of archives, with Spark's sum and minimum in plain Python."""
    total: Counter[int] = Counter()
    first: dict[int, tuple[int, int]] = {}
    for uri, documents in enumerate(archives):
        counts = p.archive_hash_counts(arrays(documents), np.arange(len(documents)) * 10)
        for value, n, offset in zip(*(column.tolist() for column in counts), strict=True):
            total[value] += n
            first.setdefault(value, (uri, offset))
    duplicates = np.array(sorted(value for value, n in total.items() if n > 1), np.uint64)

    result: list[list[int]] = []
    for uri, documents in enumerate(archives):
        own = [value for value in duplicates.tolist() if first[value][0] == uri]
        keepers = p.Keepers(
            np.array(own, np.uint64), np.array([first[value][1] for value in own], np.int64)
        )
        for i, lines in enumerate(arrays(documents)):  # document by document: batches do not matter
            result += lists(
                p.line_ids_given(
                    [lines],
                    np.array([i * 10], np.int64),
                    duplicates,
                    keepers if keep == "first" else None,
                )
            )
    everything = [lines for documents in archives for lines in documents]
    assert result == reference(everything, list(range(len(everything))), keep)


@given(documents_strategy)
def test_one_document_given_the_duplicates_of_its_group(documents: list[list[int]]) -> None:
    hashes = arrays(documents)
    duplicates = duplicates_among(hashes)
    order = list(range(len(documents)))
    assert [kept_lines(lines, duplicates) for lines in hashes] == reference(
        documents, order, "none"
    )
    if documents:
        first_here = np.intersect1d(hashes[0], duplicates)
        kept_by_first = kept_lines(hashes[0], duplicates, first_here)
        assert kept_by_first == reference(documents, order, "first")[0]


@given(st.text(max_size=60))
@example("")
@example("\n")
def test_a_hash_is_the_start_of_the_sha1_of_the_normalised_line(text: str) -> None:
    expected = [
        int.from_bytes(hashlib.sha1(normalize_for_dedup(line).encode()).digest()[:8], "little")
        for line in text.split("\n")
    ]
    hashes = p.hash_paragraphs(text)
    assert hashes.dtype == np.uint64
    assert hashes.tolist() == expected


@given(st.text("ab\n é", max_size=30), st.data())
def test_the_kept_length_is_that_of_the_kept_text(text: str, data: st.DataObject) -> None:
    lengths = p.line_lengths(text)
    chosen = sorted(data.draw(st.sets(st.integers(0, len(lengths) - 1))))
    assert len(p.apply(text, chosen)) == p.kept_length(lengths, np.array(chosen, np.int32))
    assert p.apply(text, range(len(lengths))) == text


def test_signed_and_unsigned_hashes_have_the_same_bits() -> None:
    hashes = np.array([0, 1, 2**63, 2**64 - 1], np.uint64)
    assert p.to_signed(hashes).tolist() == [0, 1, -(2**63), -1]
    assert p.to_hashes(p.to_signed(hashes)).tolist() == hashes.tolist()


def test_a_large_archive_takes_seconds() -> None:
    rng = np.random.default_rng(0)
    hashes = list(rng.integers(0, 2_000_000, (40_000, 80), np.uint64))
    start = time.process_time()
    p.archive_line_ids(hashes)
    assert time.process_time() - start < 10  # about one second on an idle machine


def test_the_line_ids_are_the_only_nested_column() -> None:
    assert [f.name for f in PARAGRAPHS if f.dataType.typeName() == "array"] == ["line_ids"]
    assert PARAGRAPHS.names[-1] == "slice"  # the partition column comes last
