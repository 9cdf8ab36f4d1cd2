"""Paragraph dedup compared with CCNet's own results."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from udfs.ccnet import paragraphs as p

Conformance = Callable[..., list[dict[str, Any]]]


def lists(line_ids: list[p.LineIds]) -> list[list[int]]:
    return [ids.tolist() for ids in line_ids]


def kept_texts(texts: list[str], keep: p.Keep = "none") -> list[str]:
    kept = p.archive_line_ids([p.hash_paragraphs(text) for text in texts], keep=keep)
    return [p.apply(text, ids) for text, ids in zip(texts, kept, strict=True)]


def kept_lines(hashes: p.Hashes, duplicates: p.Hashes) -> list[int]:
    [line_ids] = p.line_ids_given([hashes], np.zeros(1, np.int64), duplicates)
    return [int(number) for number in line_ids]


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
        assert kept_texts(texts) == [document["text"] for document in expected]


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
        assert kept_texts(texts, "first") == [document["text"] for document in case["expected"]]


def test_collected_flags_equal_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.HashesCollector"):
        hashes = [p.hash_paragraphs(text) for text in case["input"]]
        counts = p.archive_hash_counts(hashes, np.arange(len(hashes)))
        flags = zip(counts.hashes.tolist(), (counts.documents > 1).tolist(), strict=True)
        assert {str(value): flag for value, flag in flags} == case["expected"]


def flagged_duplicates(flags: list[dict[str, bool]]) -> p.Hashes:
    """Return the hashes that CCNet drops, given a table of lines and flags for each shard."""
    tables = Counter(line for table in flags for line in table)
    flagged = {line for table in flags for line, flag in table.items() if flag}
    lines = flagged | {line for line, n in tables.items() if n > 1}
    return np.sort(np.concatenate([p.hash_paragraphs(line) for line in lines]))


def test_removal_given_flags_equals_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.DuplicatesRemover"):
        duplicates = flagged_duplicates([case["params"]["hash_flags"]])
        for text, expected in zip(case["input"], case["expected"], strict=True):
            ids = kept_lines(p.hash_paragraphs(text), duplicates)
            assert ids == expected["line_ids"]
            assert p.apply(text, ids) == expected["text"]


def test_removal_given_shards_equals_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.remove_duplicates_sharded"):
        duplicates = flagged_duplicates(case["input"]["hashes"])
        for part, documents in case["expected"].items():
            for text, expected in zip(case["input"][part], documents, strict=True):
                ids = kept_lines(p.hash_paragraphs(text), duplicates)
                assert ids == expected["line_ids"]
                assert p.apply(text, ids) == expected["text"]


def test_published_output_of_ccnet_repeats_no_paragraph(shared_data: Path) -> None:
    with gzip.open(shared_data / "jsonl" / "ccnet_en_head.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    # documents whose text was not changed after CCNet
    whole = [row for row in rows if len(row["text"]) == row["metadata"]["length"]]
    assert whole
    for row in whole:
        hashes = p.hash_paragraphs(row["text"])
        assert len(hashes) == row["metadata"]["nlines"] == len(row["metadata"]["line_ids"])
        assert lists(p.archive_line_ids([hashes])) == [list(range(len(hashes)))]
