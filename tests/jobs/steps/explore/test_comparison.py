"""Two sets of filters: what one keeps and the other drops."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from explore_places import get, hostile_rows, root, serving, write_parquet

from jobs.steps.explore.comparison import Side, compare, only
from jobs.steps.explore.filters import Filter
from jobs.steps.explore.state import State, Version
from schemas.settings.explore import ExploreConfig


def sides(place: Path, *filters: Filter) -> tuple[Version, Sequence[Side]]:
    version = State(ExploreConfig(place=str(place))).version()
    return version, [Side(version.dataset(chosen.table), chosen) for chosen in filters]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = hostile_rows()
    # a document that a table has twice, as a mixture of several epochs, counts once
    return write_parquet(tmp_path_factory.mktemp("compared"), [*rows, rows[1]])


def test_counts_are_those_of_the_sets(folder: Path) -> None:
    chosen = (
        Filter("documents", values={"slice": ("c4",)}),
        Filter("documents", ranges={"token_count": (100, 300)}),
    )
    version, both = sides(folder, *chosen)
    counts = compare(version.database, both)
    a = {row["id"] for row in hostile_rows() if row["slice"] == "c4"}
    b = {row["id"] for row in hostile_rows() if 100 <= row["token_count"] <= 300}
    assert (counts.only_a, counts.both, counts.only_b) == (len(a - b), len(a & b), len(b - a))
    groups = {value: rest for value, *rest in counts.groups["slice"]}
    assert groups == {"c4": [len(a - b), len(a & b), 0], "books": [0, 0, len(b - a)]}
    assert {row["id"] for row in only(version.database, both, 0)} == a - b
    assert {row["id"] for row in only(version.database, both, 1)} == b - a


def test_two_tables_of_a_root(tmp_path: Path) -> None:
    place = root(tmp_path)
    version, both = sides(place, Filter("annotated"), Filter("corpus"))
    counts = compare(version.database, both)
    assert (counts.only_a, counts.both, counts.only_b) == (2, 1, 0)
    with serving(place) as server:
        page = get(server, "/compare?a.table=annotated&b.table=corpus")[2]
        assert "2 only in A" in page
        assert "0 only in B" in page
        assert "id=c4%2Fc" in page
        none = get(server, "/compare?a.table=annotated&b.table=corpus&only=b")[2]
        assert "There is none." in none


def test_a_set_without_documents(folder: Path) -> None:
    version, both = sides(folder, Filter("documents", {"words": "nowhere"}), Filter("documents"))
    counts = compare(version.database, both)
    assert (counts.only_a, counts.both, counts.only_b) == (0, 0, len(hostile_rows()))
    assert only(version.database, both, 0) == []
