"""V2's names, records and scores, of the stored columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from schemas.tables.annotated import ANNOTATED
from udfs.formats import redpajama_v2 as v2
from udfs.near_duplicates import minhash_v2
from udfs.quality_signals import columns, score
from udfs.quality_signals.resources import Resources

LISTS = Resources(
    bad_words={"en": frozenset({"damn"})},
    stop_words={"en": frozenset({"the", "a"})},
    categories={"bad.example.com": 17},
)
TEXTS = st.lists(
    st.sampled_from(
        ["the ", "a\n", "\n", "damn", " 12", "…", "• point", "🦙", "{", "end.", "\u2028"]
    ),
    max_size=30,
).map("".join)


def test_numbers_of_documents(conformance: Callable[..., list[dict[str, Any]]]) -> None:
    for case in conformance("rpv2.id_int", exact=True):
        assert v2.id_int(case["input"]) == case["expected"]


def test_numbers_of_documents_are_those_of_v2() -> None:
    assert v2.id_int("2023-06/0000/en_head.json.gz/0") == 13812950656272331291
    assert v2.id_int("2014-15/4999/it_middle.json.gz/123456") == 7713285199635509289


@given(st.lists(TEXTS, min_size=1, max_size=8), st.data())
def test_scores_of_columns_are_those_of_score(texts: list[str], data: st.DataObject) -> None:
    n = len(texts)
    domains = [data.draw(st.sampled_from([None, "bad.example.com"])) for _ in texts]
    buckets = [("middle", None)[i % 2] for i in range(n)]
    ccnet: dict[str, list[Any]] = {"length": [len(text) for text in texts], "bucket": buckets}
    stored = columns(texts, ["en"] * n, domains, LISTS, ccnet)
    start = data.draw(st.integers(0, n - 1))
    found = v2.scores(stored[start:], [len(text) for text in texts[start:]])
    expected = [
        score(
            texts[i],
            language="en",
            source_domain=domains[i],
            resources=LISTS,
            ccnet={name: values[i] for name, values in ccnet.items()},
        )
        for i in range(start, n)
    ]
    # as text: 1 is not 1.0, and the order counts
    assert json.dumps(found) == json.dumps(expected)


def test_bands_in_v2_s_columns() -> None:
    signature = minhash_v2.signatures([" ".join(map(str, range(40)))])[0]
    assert signature is not None
    assert [band and (len(band), len(band[0])) for band in v2.banded(signature)] == [
        (1, 512),
        (5, 100),
        (9, 52),
        (14, 36),
    ]
    assert v2.banded(None) == [None] * 4
    assert v2.MINHASH_SCHEMA.names[3:] == [
        "signature_sim1.0",
        "signature_sim0.9",
        "signature_sim0.8",
        "signature_sim0.7",
    ]
    assert v2.MINHASH_SCHEMA.field("signature_sim0.7").type == pa.list_(pa.binary())


def test_ccnet_leaves_out_what_it_does_not_know() -> None:
    row = dict.fromkeys(ANNOTATED.names, 1) | {"perplexity": None, "title": None}
    record = v2.ccnet_record(row)
    assert "perplexity" not in record
    assert record["title"] == ""
    assert v2.ccnet_record(row | {"perplexity": 2.5})["perplexity"] == 2.5
