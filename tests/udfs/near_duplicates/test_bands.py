"""Bands and rows of a threshold: the pairs of the reference, and datasketch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from datasketch.lsh import _optimal_param

from udfs.near_duplicates.bands import BANDS, bands, optimal_bands

Conformance = Callable[..., list[dict[str, Any]]]


def test_reference_bands_and_rows(conformance: Conformance) -> None:
    for case in conformance("minhash.optimal_param"):
        assert optimal_bands(case["input"]) == tuple(case["expected"])
    for threshold, expected in BANDS.items():
        assert optimal_bands(threshold) == expected


@pytest.mark.parametrize("misses", [0.5, 0.9])
@pytest.mark.parametrize("num_perm", [16, 128, 256])
@pytest.mark.parametrize("threshold", [0.05, 0.33, 0.5, 0.62, 0.75, 0.85, 0.95, 0.99])
def test_bands_equal_datasketch(threshold: float, num_perm: int, misses: float) -> None:
    expected = _optimal_param(threshold, num_perm, 1 - misses, misses)
    assert optimal_bands(threshold, num_perm, misses) == expected


def test_bands_need_a_threshold_of_v2() -> None:
    with pytest.raises(KeyError):
        bands(bytes(512), 0.75)
