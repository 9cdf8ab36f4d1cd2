"""Cut-offs and buckets compared with CCNet's table, rule and published output."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import UserError
from udfs.ccnet.buckets import CCNET_CUTOFFS, Cutoffs, bucket

Conformance = Callable[..., list[dict[str, Any]]]


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cutoff.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_built_in_table_equals_ccnet(conformance: Conformance) -> None:
    (case,) = conformance("ccnet.cutoffs")
    assert {k: list(v) for k, v in CCNET_CUTOFFS.items()} == case["expected"]
    assert len(CCNET_CUTOFFS) == 48


def test_rule_equals_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.bucket"):
        assert bucket(**case["input"], cutoffs=Cutoffs.load()) == case["expected"]


@pytest.mark.parametrize(
    ("language", "perplexity", "expected"),
    [
        ("en", 339.9, "head"),
        ("en", 340.0, "middle"),
        ("en", 520.0, "tail"),
        ("en", math.inf, "tail"),
        ("en", None, "all"),
        ("en", -1.0, "all"),
        ("xx", 100.0, "all"),
        (None, 100.0, "all"),
    ],
)
def test_edges(language: str | None, perplexity: float | None, expected: str) -> None:
    assert bucket(language, perplexity, Cutoffs()) == expected


def test_published_documents_get_the_bucket_they_were_published_in(shared_data: Path) -> None:
    with gzip.open(shared_data / "jsonl" / "ccnet_en_head.jsonl.gz", "rt") as file:
        for row in map(json.loads, file):
            fields = row["metadata"]
            assert bucket(fields["language"], fields["perplexity"], Cutoffs()) == fields["bucket"]


def test_a_table_in_ccnets_format_replaces_the_built_in_one(tmp_path: Path) -> None:
    rows = [f"{p},{p * 10},{p * 20}.0" for p in range(101)]
    cutoffs = Cutoffs.load(table(tmp_path, "\n".join([",en,qq", *rows]) + "\n"))
    assert dict(cutoffs.table) == {"en": (300.0, 600.0), "qq": (600.0, 1200.0)}
    assert bucket("qq", 599.9, cutoffs) == "head"
    assert bucket("de", 1.0, cutoffs) == "all"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the first row"),
        (",en,en\n", "line 1: the first row"),
        (",en\n30,1\n", "no row for percentile 60"),
        (",en\n30,1\n60,x\n", "line 3: 'x' is not a number"),
        (",en\n30,\n60,2\n", "line 2: '' is not a number"),
        (",en\n30,1,2\n60,2\n", "line 2: 3 columns"),
        (",en\n30,3\n60,2\n", "percentile 30 of en is 3"),
    ],
)
def test_the_error_of_a_bad_table_names_file_and_line(
    tmp_path: Path, text: str, message: str
) -> None:
    path = table(tmp_path, text)
    with pytest.raises(UserError) as error:
        Cutoffs.load(path)
    assert message in str(error.value)
    assert str(path) in str(error.value)


def test_a_missing_or_binary_table_raises_user_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read the cut-offs"):
        Cutoffs.load(tmp_path / "none.csv")
    (tmp_path / "cutoff.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="cannot read the cut-offs"):
        Cutoffs.load(tmp_path / "cutoff.csv")
