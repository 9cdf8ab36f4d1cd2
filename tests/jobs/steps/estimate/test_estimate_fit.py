"""Lines through measurements, and whether their intervals hold."""

from __future__ import annotations

import random

import pytest

from jobs.steps.estimate.fit import Range, line, total

SIZES = (1.0, 7.0) * 3


def test_what_is_fixed_and_what_grows_come_apart() -> None:
    fit = line([(size, 5 + 2 * size) for size in SIZES])
    assert (fit.fixed, fit.rate) == pytest.approx((5, 2))
    predicted = fit.at(1000)
    assert (predicted.value, predicted.low, predicted.high) == pytest.approx((2005, 2005, 2005))


def test_nine_of_ten_intervals_hold_the_truth() -> None:
    draw = random.Random(1)
    held = 0
    for _ in range(500):
        points = [(size, 5 + 2 * size + draw.gauss(0, 0.5)) for size in SIZES]
        predicted = line(points).at(70)
        held += predicted.low <= 145 <= predicted.high
    assert 0.87 <= held / 500 <= 0.93


def test_no_cost_is_negative() -> None:
    falling = line([(1.0, 3.0), (1.0, 3.2), (7.0, 2.9), (7.0, 3.1)])
    assert falling.rate == 0
    assert falling.fixed == pytest.approx(3.05)
    assert falling.at(700).high > falling.at(7).high
    steep = line([(1.0, 0.5), (7.0, 7.0), (7.0, 7.2)])
    assert steep.fixed == 0
    assert steep.rate == pytest.approx(1, abs=0.03)


def test_measurements_of_one_size_leave_open_what_grows() -> None:
    predicted = line([(4.0, 8.0), (4.0, 8.0)]).at(40)
    assert (predicted.low, predicted.value, predicted.high) == (8, 80, 80)


def test_a_sum_holds_if_all_parts_err_in_one_direction() -> None:
    assert total([Range(1, 0, 3), Range(2, 1, 3)]) == Range(3, 1, 6)
