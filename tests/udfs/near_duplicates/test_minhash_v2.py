"""MinHash: the pairs of the reference, and datasketch on texts of any kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from datasketch import MinHash
from datasketch.hashfunc import sha1_hash32
from hypothesis import example, given, settings
from hypothesis import strategies as st

from udfs.near_duplicates import minhash_v2
from udfs.near_duplicates.bands import BANDS, bands
from udfs.quality_signals import columns_and_signatures
from udfs.quality_signals.vocabulary import normalize

Conformance = Callable[..., list[dict[str, Any]]]

WORDS = st.lists(
    st.one_of(
        st.sampled_from(["a", "b", "über", "語", "e\u0301"]), st.text(min_size=1, max_size=5)
    ),
    max_size=60,
)


def by_datasketch(text: str) -> bytes | None:
    words = normalize(text).split()
    if len(words) < 13:
        return None
    scheme = {"scheme": "legacy"} if DATASKETCH_HAS_SCHEMES else {}
    sketch = MinHash(num_perm=128, seed=42, hashfunc=sha1_hash32, **scheme)
    for i in range(len(words) - 12):
        sketch.update(" ".join(words[i : i + 13]).encode())
    return bytes(sketch.hashvalues.astype(">u4").tobytes())


DATASKETCH_HAS_SCHEMES = "scheme" in MinHash.__init__.__code__.co_varnames


def test_reference_permutations(conformance: Conformance) -> None:
    (case,) = conformance("minhash.permutations")
    found = minhash_v2.permutations()
    assert found[0].tolist() == case["expected"]["a"]
    assert found[1].tolist() == case["expected"]["b"]
    checksum = "6a5665743fa1884640a8eb3543348255a90b4dbd55b093f39e3d61ac90eac9e1"
    assert hashlib.sha256(found.tobytes()).hexdigest() == checksum


def test_reference_signatures_and_bands(conformance: Conformance) -> None:
    for case in conformance("minhash.compute_banded_signatures"):
        # the input is normalised already
        (signature,) = minhash_v2.signatures_of_normalized([" ".join(case["input"].split())])
        raw = case["params"]["raw_signature_uint32"]
        if raw is None:
            assert signature is None
            continue
        assert signature is not None
        assert np.frombuffer(signature, ">u4").tolist() == raw
        for threshold in BANDS:
            found = [band.hex() for band in bands(signature, threshold)]
            assert found == case["expected"][f"signature_sim{threshold}"]


@settings(max_examples=100, deadline=None)
@given(WORDS)
@example([])
@example(["a"] * 12)
@example(["a"] * 13)
@example(["a"] * 400)
@example([str(i) for i in range(900)])
def test_signatures_equal_datasketch(words: list[str]) -> None:
    text = " ".join(words)
    expected = by_datasketch(text)
    assert minhash_v2.signatures([text]) == [expected]
    assert minhash_v2.signatures_of_normalized([normalize(text)]) == [expected]
    _, [signatures], _ = columns_and_signatures([text, None], ["en", "en"], [None, None])
    assert signatures.to_pylist() == [expected, None]


def test_null_and_surrogates() -> None:
    assert minhash_v2.signatures([None, ""]) == [None, None]
    (signature,) = minhash_v2.signatures(["\ud800 " * 13])
    assert signature is not None
    assert len(signature) == 512


def test_the_largest_remainder_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values at and above the prime, which one in 2^58 sums reaches, are taken modulo it."""
    prime = 2**61 - 1
    sums = [prime - 1, prime, prime + 1, 2**64 - 1, 8 * prime - 1, 8 * prime, 0]
    pairs = np.zeros((2, 128), np.uint64)
    pairs[1, : len(sums)] = sums
    monkeypatch.setattr(minhash_v2, "permutations", lambda: pairs)
    (signature,) = minhash_v2.signatures_of_normalized([" ".join(["w"] * 13)])
    assert signature is not None
    found = np.frombuffer(signature, ">u4").tolist()
    assert found[: len(sums)] == [value % prime & 0xFFFFFFFF for value in sums]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.binary(min_size=512, max_size=512), st.integers(0, 128)), max_size=6))
def test_similarity_is_the_share_of_equal_minima(pairs: list[tuple[bytes, int]]) -> None:
    left = [a for a, _ in pairs]
    right = [bytes(255 - x for x in a[: 4 * n]) + a[4 * n :] for a, n in pairs]
    expected = [(128 - n) / 128 for _, n in pairs]
    assert [minhash_v2.similarity(a, b) for a, b in zip(left, right, strict=True)] == expected
    assert minhash_v2.similarities(left, right).tolist() == expected
    arrays = [pa.array(side, pa.binary()) for side in (left, right)]
    assert minhash_v2.similarities(*arrays).tolist() == expected


def test_similarities_with_nulls() -> None:
    a = bytes(range(256)) * 2
    found = minhash_v2.similarities(pa.array([a, None, a, None]), pa.array([None, a, a, None]))
    assert np.isnan(found).tolist() == [True, True, False, True]
    assert found[2] == 1.0
    assert minhash_v2.similarities([], []).tolist() == []
