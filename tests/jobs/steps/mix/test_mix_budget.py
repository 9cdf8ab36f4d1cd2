"""The budget: shares as they are said, limits kept, and more of everything from a larger budget."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.steps.mix.budget import budget
from schemas.errors import UserError

AVAILABLE = {"a": 1000, "b": 100, "c": 10}
SHARES = {"a": Fraction(6), "b": Fraction(3), "c": Fraction(1)}


def made(tokens: int, on_shortage: str = "fail", most: float = 4.0, **others: Any) -> Any:
    limits = dict.fromkeys(AVAILABLE, most) | others
    return budget(tokens, AVAILABLE, SHARES, limits, on_shortage)


def test_each_has_its_share() -> None:
    found = made(100)
    assert found.wanted == {"a": 60, "b": 30, "c": 10}
    assert not found.short


def test_a_stratum_too_small_stops_with_the_three_ways_out() -> None:
    with pytest.raises(UserError) as raised:
        made(2000)
    assert str(raised.value) == (
        "too small for their shares: c would need 20 epochs (at most 4), b would need 6 epochs (at most "
        "4). Let them repeat (--max-epochs 20, or max_epochs in the recipe), make all smaller "
        "(--on-shortage shrink: 400 tokens), or fill up with the others (--on-shortage fill)"
    )
    assert made(2000, c=20.0, b=math.inf).wanted == {"a": 1200, "b": 600, "c": 200}


def test_less_keeps_the_proportions() -> None:
    found = made(2000, "shrink")
    assert found.wanted == {"a": 240, "b": 120, "c": 40}
    assert found.short == {"b": 6.0, "c": 20.0}


def test_the_others_fill_up() -> None:
    assert made(900, "fill").wanted == {"a": 573, "b": 287, "c": 40}  # 860 by 6 : 3
    # once c's share is with them b is too small too, which it was not before
    assert made(1300, "fill").wanted == {"a": 860, "b": 400, "c": 40}
    assert made(1300, "fill").short == {"c": 13.0}
    assert made(10**6, "fill").wanted == {"a": 4000, "b": 400, "c": 40}  # all that may come


def test_half_epochs_are_counted_in_tokens() -> None:
    assert made(100, "fill", c=0.55).wanted == {"a": 63, "b": 32, "c": 5}


numbers = st.integers(1, 10**13)
strata = st.tuples(
    numbers,
    st.fractions(Fraction(1, 100), 100),
    st.sampled_from([Fraction(1, 4), Fraction(1), Fraction(4), math.inf]),
)


@given(
    st.lists(strata, min_size=1, max_size=6), numbers, numbers, st.sampled_from(["shrink", "fill"])
)
def test_a_larger_budget_has_more_of_each_and_none_is_above_its_limit(
    strata: list[tuple[int, Fraction, Any]], tokens: int, more: int, on_shortage: str
) -> None:
    available, shares, most = (
        {f"s{i}": value for i, value in enumerate(column)} for column in zip(*strata, strict=True)
    )
    limits = {
        name: math.inf if most[name] == math.inf else math.floor(most[name] * there)
        for name, there in available.items()
    }
    small, large = (
        budget(
            n, available, shares, {name: float(limit) for name, limit in most.items()}, on_shortage
        )
        for n in (tokens, tokens + more)
    )
    whole = sum(shares.values())
    for name in available:
        assert 0 <= small.wanted[name] <= large.wanted[name] <= limits[name]
        if not small.short:
            assert abs(small.wanted[name] - tokens * shares[name] / whole) <= 0.5
    got = sum(small.wanted.values())
    assert got <= tokens + len(strata) / 2
    if on_shortage == "fill" and small.wanted != limits:
        assert abs(got - tokens) <= len(strata) / 2
    if on_shortage == "shrink" and small.short:
        # the one that is shortest of its share has all it may, the others their shares of that
        scarce = min(limits, key=lambda name: limits[name] / shares[name])
        for name in available:
            fair = limits[scarce] * shares[name] / shares[scarce]
            assert abs(small.wanted[name] - fair) <= 0.5
