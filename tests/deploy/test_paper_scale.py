"""Tests of what SIZING.md says about runs of a paper's size: it is what the script prints."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from deploy_files import DEPLOY

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import paper_scale


def test_the_page_has_the_tables() -> None:
    text = (DEPLOY / "SIZING.md").read_text(encoding="utf-8")
    missing = [line for line in paper_scale.lines() if line not in text.splitlines()]
    assert not missing, "put the output of `python benchmarks/paper_scale.py` into SIZING.md"


def test_core_hours_are_those_of_the_page() -> None:
    text = (DEPLOY / "SIZING.md").read_text(encoding="utf-8")
    hours = paper_scale.core_hours(paper_scale.inputs(), 90_000)
    assert f"| all, with the margin | 0.27 | 215 | {round(hours, -2):,.0f} |" in text


def test_limits_are_reached_in_proportion() -> None:
    given = paper_scale.inputs()
    one = paper_scale.limits(paper_scale.structure(given, 90_000), 1000)
    ten = paper_scale.limits(paper_scale.structure(given, 900_000), 1000)
    first = {limit.name: limit.value for limit in one}
    for limit in ten:
        # each folder is checked against all before it
        power = 2 if limit.name == "check for repeated ids" else 1
        assert limit.value == pytest.approx(first[limit.name] * 10**power)
    reached = [limit.most / limit.value for limit in one]
    assert reached == sorted(reached)


def test_dedup_against_earlier_roots_reads_them_again() -> None:
    given = paper_scale.inputs()
    hours = [paper_scale.dedup_hours(given, roots) for roots in (1, 3)]
    assert hours[1] == pytest.approx(2 * hours[0])
