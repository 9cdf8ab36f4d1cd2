"""Paragraph dedup against CCNet's own results and against the rule said slowly with sets."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.tables.paragraphs import PARAGRAPHS
from udfs.ccnet import paragraphs as p
from udfs.ccnet.normalizer import normalize_for_dedup

Conformance = Callable[..., list[dict[str, Any]]]

# few hashes, so that they repeat; 0, which is dropped; and both halves of the unsigned range
HASHES = st.sampled_from([0, 1, 2, 3, 2**63 - 1, 2**63, 2**64 - 1])
documents_strategy = st.lists(st.lists(HASHES, max_size=8), max_size=6)


def arrays(documents: list[list[int]]) -> list[p.Hashes]:
    return [np.array(lines, np.uint64) for lines in documents]


def lists(line_ids: list[p.LineIds]) -> list[list[int]]:
    return [ids.tolist() for ids in line_ids]


def texts_left(texts: list[str], keep: p.Keep = "none") -> list[str]:
    kept = p.archive_line_ids([p.hash_paragraphs(text) for text in texts], keep=keep)
    return [p.apply(text, ids) for text, ids in zip(texts, kept, strict=True)]


def said_slowly(documents: list[list[int]], order: list[int], keep: str) -> list[list[int]]:
    """Return the lines kept, `order` being the documents from the first to the last."""
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
def test_one_archive_and_wide_group_both_follow_the_rule(
    documents: list[list[int]], random: Random, keep: p.Keep
) -> None:
    order = list(range(len(documents)))
    random.shuffle(order)
    offsets = np.empty(len(order), np.int64)
    offsets[order] = np.arange(len(order)) * 100
    expected = said_slowly(documents, order, keep)
    hashes = arrays(documents)

    assert lists(p.archive_line_ids(hashes, offsets, keep)) == expected

    counts = p.archive_hash_counts(hashes, offsets)
    repeated = counts.documents > 1
    keepers = p.Keepers(counts.hashes[repeated], counts.first_offset[repeated])
    duplicates = counts.hashes[repeated]
    wide = p.line_ids_given(hashes, offsets, duplicates, keepers if keep == "first" else None)
    assert lists(wide) == expected


@given(st.lists(documents_strategy, max_size=4), st.sampled_from(["none", "first"]))
def test_a_group_of_archives_is_one_long_archive(
    archives: list[list[list[int]]], keep: p.Keep
) -> None:
    """The three steps of a wide group, in plain Python where Spark would sum and find the first."""
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
    assert result == said_slowly(everything, list(range(len(everything))), keep)


@given(documents_strategy)
def test_keep_lines_of_one_document(documents: list[list[int]]) -> None:
    hashes = arrays(documents)
    duplicates = p.duplicate_hashes(hashes)
    order = list(range(len(documents)))
    kept = [p.keep_lines(lines, duplicates).tolist() for lines in hashes]
    assert kept == said_slowly(documents, order, "none")
    if documents:
        first_here = np.intersect1d(hashes[0], duplicates)
        kept_by_first = p.keep_lines(hashes[0], duplicates, first_here=first_here).tolist()
        assert kept_by_first == said_slowly(documents, order, "first")[0]


@given(st.text(max_size=60))
@example("")
@example("\n")
def test_a_hash_is_the_head_of_the_sha1_of_the_normalised_line(text: str) -> None:
    expected = [
        int.from_bytes(hashlib.sha1(normalize_for_dedup(line).encode()).digest()[:8], "little")
        for line in text.split("\n")
    ]
    hashes = p.hash_paragraphs(text)
    assert hashes.dtype == np.uint64
    assert hashes.tolist() == expected


@given(st.text("ab\n é", max_size=30), st.data())
def test_the_length_of_what_is_kept_needs_no_text(text: str, data: st.DataObject) -> None:
    lengths = p.line_lengths(text)
    chosen = sorted(data.draw(st.sets(st.integers(0, len(lengths) - 1))))
    assert len(p.apply(text, chosen)) == p.kept_length(lengths, np.array(chosen, np.int32))
    assert p.apply(text, range(len(lengths))) == text


def test_signed_and_unsigned_are_the_same_bits() -> None:
    hashes = np.array([0, 1, 2**63, 2**64 - 1], np.uint64)
    assert p.to_signed(hashes).tolist() == [0, 1, -(2**63), -1]
    assert p.to_hashes(p.to_signed(hashes)).tolist() == hashes.tolist()


def test_a_large_archive_takes_seconds() -> None:
    rng = np.random.default_rng(0)
    hashes = list(rng.integers(0, 2_000_000, (40_000, 80), np.uint64))
    start = time.process_time()
    p.archive_line_ids(hashes)
    assert time.process_time() - start < 10  # one second by itself on a common processor


def test_hashes_equal_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.compute_hashes"):
        assert p.hash_paragraphs(case["input"]).tolist() == case["expected"]
    for case in conformance("ccnet.str_hash"):
        assert p.hash_paragraphs(case["input"]).tolist() == [case["expected"]]


def test_two_passes_equal_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.two_pass_dedup", exact=True):
        texts = [text for part in case["input"].values() for text in part]
        expected = [document for part in case["expected"].values() for document in part]
        kept = p.archive_line_ids([p.hash_paragraphs(text) for text in texts])
        assert lists(kept) == [document["line_ids"] for document in expected]
        assert texts_left(texts) == [document["text"] for document in expected]


def test_fields_after_two_passes_equal_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.two_pass_dedup(raw_content)"):
        texts = [document["raw_content"] for document in case["input"]]
        kept = p.archive_line_ids([p.hash_paragraphs(text) for text in texts])
        for text, ids, expected in zip(texts, kept, case["expected"], strict=True):
            if expected is None:
                assert len(ids) == 0
                continue
            assert ids.tolist() == expected["line_ids"]
            assert p.apply(text, ids) == expected["raw_content"]
            assert len(ids) == expected["nlines"]
            assert p.kept_length(p.line_lengths(text), ids) == expected["length"]
            assert len(p.line_lengths(text)) == expected["original_nlines"]


def test_streaming_dedup_keeps_the_first_as_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.deduplicate"):
        texts = ["\n".join(lines) for lines in case["input"]]
        kept = p.archive_line_ids([p.hash_paragraphs(text) for text in texts], keep="first")
        assert lists(kept) == [document["line_ids"] for document in case["expected"]]
        assert texts_left(texts, "first") == [document["text"] for document in case["expected"]]


def test_collected_flags_equal_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.HashesCollector"):
        hashes = [p.hash_paragraphs(text) for text in case["input"]]
        counts = p.archive_hash_counts(hashes, np.arange(len(hashes)))
        flags = zip(counts.hashes.tolist(), (counts.documents > 1).tolist(), strict=True)
        assert {str(value): flag for value, flag in flags} == case["expected"]


def duplicates_of(flags: list[dict[str, bool]]) -> p.Hashes:
    """Return what CCNet drops given a table of line and flag for each shard of a group."""
    tables = Counter(line for table in flags for line in table)
    flagged = {line for table in flags for line, flag in table.items() if flag}
    lines = flagged | {line for line, n in tables.items() if n > 1}
    return np.sort(np.concatenate([p.hash_paragraphs(line) for line in lines]))


def test_removal_given_flags_equals_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.DuplicatesRemover"):
        duplicates = duplicates_of([case["params"]["hash_flags"]])
        for text, expected in zip(case["input"], case["expected"], strict=True):
            ids = p.keep_lines(p.hash_paragraphs(text), duplicates)
            assert ids.tolist() == expected["line_ids"]
            assert p.apply(text, ids) == expected["text"]


def test_removal_given_shards_equals_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.remove_duplicates_sharded"):
        duplicates = duplicates_of(case["input"]["hashes"])
        for part, documents in case["expected"].items():
            for text, expected in zip(case["input"][part], documents, strict=True):
                ids = p.keep_lines(p.hash_paragraphs(text), duplicates)
                assert ids.tolist() == expected["line_ids"]
                assert p.apply(text, ids) == expected["text"]


def test_schema_is_flat_but_for_the_line_ids() -> None:
    assert [f.name for f in PARAGRAPHS if f.dataType.typeName() == "array"] == ["line_ids"]
    assert PARAGRAPHS.names[-1] == "slice"  # the partition column comes last


def test_real_output_of_ccnet_repeats_no_paragraph(shared_data: Path) -> None:
    with gzip.open(shared_data / "jsonl" / "ccnet_en_head.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    # where the text is still as CCNet left it
    whole = [row for row in rows if len(row["text"]) == row["metadata"]["length"]]
    assert whole
    for row in whole:
        hashes = p.hash_paragraphs(row["text"])
        assert len(hashes) == row["metadata"]["nlines"] == len(row["metadata"]["line_ids"])
        assert lists(p.archive_line_ids([hashes])) == [list(range(len(hashes)))]
