"""Places of every kind become data sets of the same columns."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd
from earlier_root import unpack_root
from explore_places import hostile_rows, root, write_parquet

from jobs.steps.explore import queries
from jobs.steps.explore.filters import Filter
from jobs.steps.explore.state import State
from schemas.errors import UserError
from schemas.settings.explore import ExploreConfig


def listed(place: Path | str, **settings: Any) -> list[dict[str, Any]]:
    state = State(ExploreConfig(place=str(place), **settings))
    data = state.version().dataset(state.default_table)
    return queries.listed(state.version().database, data, Filter(data.name))


def test_a_root_shows_its_corpus_or_what_is_asked_for(tmp_path: Path) -> None:
    place = root(tmp_path)
    assert [row["id"] for row in listed(place)] == ["c4/a"]
    assert len(listed(place, table="annotated")) == 3
    with pytest.raises(UserError, match="--table: no 'mixture' here: the tables are corpus, annot"):
        State(ExploreConfig(place=str(place), table="mixture"))


@pytest.mark.parametrize("table", ["documents", "annotated", "corpus", "mixture"])
def test_a_root_of_an_earlier_release(table: str, tmp_path: Path) -> None:
    place = unpack_root(tmp_path)
    state = State(ExploreConfig(place=place, table=table))
    version = state.version()
    data = version.dataset(table)
    chosen = Filter(table)
    assert queries.counts(version.database, data, chosen).total > 0
    assert queries.listed(version.database, data, chosen)
    assert "slice" in data.present
    if table in ("annotated", "corpus"):
        assert "rps_doc_word_count" in data.signals
        assert "rps_lines_num_words" in data.line_signals
        assert "rps_lines_num_words" not in data.signals


@pytest.mark.parametrize(
    "row",
    [
        {"raw_content": "words", "doc_id": "1", "lang": "en", "source_url": "https://a.example/x"},
        {"content": "words", "id": 7, "timestamp": "2023"},
        {"body": b"words"},
        {"TEXT": "words", "Url": "https://a.example/x"},
    ],
)
def test_columns_by_the_names_that_others_give(row: dict[str, Any], tmp_path: Path) -> None:
    (document,) = listed(write_parquet(tmp_path, [row]))
    assert document["snippet"] == "words"
    assert document["id"]


def test_documents_without_ids_have_their_place_as_one(tmp_path: Path) -> None:
    write_parquet(tmp_path, [{"text": "a"}, {"text": "b"}], "one")
    write_parquet(tmp_path, [{"text": "c", "id": "own"}, {"text": "d", "id": None}], "two")
    assert [row["id"] for row in listed(tmp_path)] == ["one:0", "one:1", "own", "two:1"]


def test_names_that_are_sql(tmp_path: Path) -> None:
    name = 'x" FROM t; --'
    place = tmp_path / 'it\'s "here"'
    write_parquet(place, [{"text": "a", name: 1.5}], "it's")
    state = State(ExploreConfig(place=str(place)))
    data = state.version().dataset(state.default_table)
    chosen = Filter(data.name).with_range(name, 1, 2)
    assert queries.counts(state.version().database, data, chosen).total == 1


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".jsonl.zst", ".json.gz"])
def test_json_lines_as_redpajama_v1_has_them(ending: str, tmp_path: Path) -> None:
    lines = [
        {"text": "one", "meta": {"url": "https://a.example/1", "language": "en"}},
        {"text": "two", "meta": "{}", "red_pajama_subset": "c4"},
        {"text": "three"},
    ]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    if ending.endswith("gz"):
        content = gzip.compress(content)
    elif ending.endswith("zst"):
        content = zstd.compress(content)
    (tmp_path / f"data{ending}").write_bytes(content)
    rows = listed(tmp_path)
    assert [row["snippet"] for row in rows] == ["one", "two", "three"]
    assert rows[0]["url"] == "https://a.example/1"
    assert rows[0]["language"] == "en"
    assert rows[1]["slice"] == "c4"
    assert len({row["id"] for row in rows}) == 3


def test_exports(tmp_path: Path) -> None:
    for kind in ("megatron", "mds"):
        folder = tmp_path / kind
        folder.mkdir()
        (folder / "manifest.json").write_text(json.dumps({"format": kind}))
        with pytest.raises(UserError, match=f"an export in the format {kind}, which holds no doc"):
            State(ExploreConfig(place=str(folder)))
    folder = tmp_path / "v2"
    (folder / "documents").mkdir(parents=True)
    (folder / "minhash").mkdir()
    (folder / "manifest.json").write_text(json.dumps({"format": "redpajama-v2"}))
    line = json.dumps({"raw_content": "page", "url": "https://a.example", "language": "en"})
    (folder / "documents" / "en_head.json.gz").write_bytes(gzip.compress(line.encode()))
    pq.write_table(pa.table({"signature": [1]}), folder / "minhash" / "x.parquet")
    assert [row["snippet"] for row in listed(folder)] == ["page"]


def test_what_is_no_place(tmp_path: Path) -> None:
    for name, message in (
        ("s3://bucket/root", "is neither"),
        (str(tmp_path / "missing"), "does not exist"),
        (str(tmp_path), "has no documents"),
    ):
        with pytest.raises(UserError, match=message):
            State(ExploreConfig(place=name))
    write_parquet(tmp_path / "numbers", [{"a": 1}])
    with pytest.raises(UserError, match="no column of text: expected one of text, raw_content"):
        State(ExploreConfig(place=str(tmp_path / "numbers")))
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError):
        State(ExploreConfig(place=str(tmp_path / "cut")))


def test_hostile_rows_are_read(tmp_path: Path) -> None:
    rows = listed(write_parquet(tmp_path, hostile_rows()))
    assert rows[0]["id"] == hostile_rows()[0]["id"]
