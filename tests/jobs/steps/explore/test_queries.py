"""Filters as addresses and as SQL, and the counts of what passes them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import pytest
from explore_places import hostile_rows, write_parquet
from hypothesis import given
from hypothesis import strategies as st

from jobs.steps.explore import queries
from jobs.steps.explore.dataset import Dataset
from jobs.steps.explore.filters import Filter
from jobs.steps.explore.state import State, Version
from schemas.settings.explore import ExploreConfig

WATER = "Die Flüsse, 水の流れ, C++ and axb"
ROWS = [*hostile_rows(), {**hostile_rows()[1], "id": "c4/water", "text": WATER, "license": None}]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Version, Dataset]:
    place: Path = write_parquet(tmp_path_factory.mktemp("queries"), ROWS)
    state = State(ExploreConfig(place=str(place)))
    return state.version(), state.version().dataset(state.default_table)


def ids(opened: tuple[Version, Dataset], address: str, **more: str) -> list[str]:
    version, data = opened
    chosen = Filter.read(parse_qs(address, keep_blank_values=True), data.name)
    rows = queries.listed(version.database, data, chosen, 0, more.get("sort", ""))
    counted = queries.counts(version.database, data, chosen)
    assert min(counted.total, queries.PAGE + 1) == len(rows)
    return [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("address", "passes"),
    [
        ("words=RIVERS", lambda row: "rivers" in row["text"]),
        ("words=river", lambda row: False),
        ("words=RIVER*", lambda row: "rivers" in row["text"]),
        ("words=iver*", lambda row: False),
        ("words=%22text+7%22", lambda row: "text 7 " in row["text"]),
        ("words=flüs*", lambda row: row["id"] == "c4/water"),
        ("words=FLÜSSE", lambda row: row["id"] == "c4/water"),
        ("words=lüsse", lambda row: False),
        ("words=流れ", lambda row: row["id"] == "c4/water"),
        ("words=a.b", lambda row: False),
        ("words=%22C%2B%2B%22", lambda row: row["id"] == "c4/water"),
        ("words=text+rivers", lambda row: "rivers" in row["text"]),
        ("words=%22text+7+about%22", lambda row: "text 7 about" in row["text"]),
        ("words=DROP+%22';%22", lambda row: "';" in row["text"]),
        ("id=c4/4", lambda row: "c4/4" in row["id"]),
        ("url=EXAMPLE.org/2", lambda row: "example.org/2" in row["url"]),
        ("domain=site1", lambda row: "site1" in row["source_domain"]),
        ("slice=books", lambda row: row["slice"] == "books"),
        ("slice=books&slice=c4", lambda row: row["slice"] in ("books", "c4")),
        ("license=", lambda row: row["license"] is None),
        ("license=&license=MIT", lambda row: row["license"] in (None, "MIT")),
        ("language=*", lambda row: True),
        ("since=2013", lambda row: row["date"] >= "2013"),
        ("until=2011", lambda row: row["date"] < "2012"),
        ("since=2012-03&until=2012-03-01", lambda row: row["date"][:10] == "2012-03-01"),
        ("range=token_count:100:200", lambda row: 100 <= row["token_count"] <= 200),
        ("range=token_count::30", lambda row: row["token_count"] <= 30),
        ("signal=token_count&low=480", lambda row: row["token_count"] >= 480),
        ("words=rivers&slice=books&language=de&range=token_count:400:", None),
    ],
)
def test_filters(opened: tuple[Version, Dataset], address: str, passes: object) -> None:
    if callable(passes):
        expected = [row["id"] for row in ROWS if passes(row)]
    else:
        expected = [r["id"] for r in ROWS if r["slice"] == "books" and r["token_count"] >= 400]
    assert ids(opened, address) == expected[: queries.PAGE + 1]


def test_order(opened: tuple[Version, Dataset]) -> None:
    largest = ids(opened, "", sort="-token_count")
    assert largest[:3] == ["c4/49", "c4/48", "c4/47"]
    assert ids(opened, "slice=c4", sort="token_count")[0] == "c4/2"
    assert ids(opened, "words=rivers", sort="-token_count")[:2] == ["c4/49", "c4/47"]
    assert ids(opened, "words=nowhere", sort="token_count") == []


def test_counts_by_value(opened: tuple[Version, Dataset]) -> None:
    version, data = opened
    counted = queries.counts(version.database, data, Filter(data.name))
    assert counted.total == len(ROWS)
    groups = {name: dict(pairs) for name, pairs in counted.groups.items()}
    assert groups["slice"]["books"] == sum(row["slice"] == "books" for row in ROWS)
    assert groups["license"][None] == sum(row["license"] is None for row in ROWS)
    assert groups["year"]["2012"] == sum(row["date"].startswith("2012") for row in ROWS)
    assert groups["domain"]["site1.example.org"] == sum("site1" in r["source_domain"] for r in ROWS)


def test_bars_of_a_signal_hold_each_document_once(opened: tuple[Version, Dataset]) -> None:
    version, data = opened
    bins = queries.histogram(version.database, data, Filter(data.name), "token_count")
    assert sum(bar.n for bar in bins) == len(ROWS)
    assert bins[0].low == 3
    assert bins[-1].high == 490
    one = queries.histogram(
        version.database, data, Filter(data.name).with_range("token_count", 10, 10), "token_count"
    )
    assert [(bar.low, bar.high, bar.n) for bar in one] == [(10, 10, 2)]


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(
    texts=st.dictionaries(st.sampled_from(["words", "id", "since"]), texts),
    values=st.dictionaries(
        st.sampled_from(["slice", "license"]),
        st.lists(texts.filter(lambda t: t != "*"), min_size=1, max_size=3, unique=True).map(tuple),
    ),
    ranges=st.dictionaries(
        st.sampled_from(["token_count", "a:b"]),
        st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)),
    ),
)
def test_an_address_holds_the_filters(
    texts: dict[str, str],
    values: dict[str, tuple[str, ...]],
    ranges: dict[str, tuple[float, float]],
) -> None:
    texts = {name: " ".join(text.split()) for name, text in texts.items() if text.split()}
    ends = {
        name: (
            low if abs(low) != float("inf") else -float("inf"),
            high if abs(high) != float("inf") else float("inf"),
        )
        for name, (low, high) in ranges.items()
    }
    chosen = Filter("corpus", texts, values, ends)
    for prefix in ("", "a."):
        params = parse_qs(chosen.query(prefix), keep_blank_values=True)
        assert Filter.read(params, "x", prefix) == chosen
