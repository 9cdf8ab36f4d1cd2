"""CPython's hash under seed 42: the pairs of the reference, and the interpreter itself."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.quality_signals.importance import buckets
from udfs.quality_signals.python_hash import hash_pairs, hash_strings

Conformance = Callable[..., list[dict[str, Any]]]

TEXTS = [
    *(
        "",
        "a",
        "the",
        "über",
        "ÿ",
        "Ā",
        "語",
        "😀",
        "a😀",
        "\x00",
        "\ud800",
        "-1",
        "x" * 7,
        "x" * 8,
    ),
    *("x" * n for n in range(9, 40)),
    *("語" * n for n in range(2, 12)),
    *("é" * n for n in (255, 256, 257, 300)),
    *(chr(i) * (i % 11 + 1) for i in range(1, 0x3000, 37)),
]


def signed(hashes: np.ndarray[Any, np.dtype[np.uint64]]) -> list[int]:
    return [int(value) for value in hashes.astype(np.int64)]


def test_reference_hashes(conformance: Conformance) -> None:
    for case in conformance("dsir.compute_hash", exact=True):
        hashes = hash_strings([case["input"]])
        assert signed(hashes) == [case["params"]["raw_hash"]]
        assert buckets(hashes, case["params"]["buckets"]).tolist() == [case["expected"]]
    for case in conformance("dsir.compute_hash(bigram"):
        left, right = case["input"]
        hashes = hash_pairs(hash_strings([left]), hash_strings([right]))
        assert signed(hashes) == [case["params"]["raw_hash"]]
        assert buckets(hashes, case["params"]["buckets"]).tolist() == [case["expected"]]


@pytest.mark.skipif(
    platform.python_implementation() != "CPython" or sys.hash_info.algorithm != "siphash13",
    reason="this interpreter hashes otherwise",
)
def test_equals_the_interpreter() -> None:
    code = """
import json, sys
texts = json.load(sys.stdin)
json.dump([[hash(t) for t in texts], [hash(p) for p in zip(texts, texts[1:])]], sys.stdout)
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(TEXTS),
        env={**os.environ, "PYTHONHASHSEED": "42"},
        capture_output=True,
        text=True,
        check=True,
    )
    strings, pairs = json.loads(run.stdout)
    hashes = hash_strings(TEXTS)
    assert signed(hashes) == strings
    assert signed(hash_pairs(hashes[:-1], hashes[1:])) == pairs


def test_does_not_depend_on_the_seed_of_this_process() -> None:
    code = (
        "from udfs.quality_signals.python_hash import hash_strings; print(hash_strings(['the'])[0])"
    )
    for seed in ("0", "7"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == "6599659648229272820"


@given(st.lists(st.text(max_size=30), max_size=30))
def test_a_batch_hashes_as_each_alone(texts: list[str]) -> None:
    assert signed(hash_strings(texts)) == [signed(hash_strings([text]))[0] for text in texts]


def test_buckets_of_negative_hashes() -> None:
    hashes = np.array([-1, -(2**63), -12345, 2**63 - 1, 0], np.int64)
    expected = [abs(int(value)) % 10_000 for value in hashes]
    assert buckets(hashes.view(np.uint64), 10_000).tolist() == expected
