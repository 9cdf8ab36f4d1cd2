"""RedPajama-V1's records: each slice's `meta` has V1's keys, with our id."""

from __future__ import annotations

from typing import Any

import pytest

from jobs import slices
from schemas.settings.slices import SLICES
from udfs.formats import redpajama_v1

# as RedPajama-Data-1T's slices have them
KEYS = {
    "common_crawl": {"url", "timestamp", "language", "source"},
    "c4": {"timestamp", "url", "language", "source"},
    "github": {
        "content_hash",
        "timestamp",
        "source",
        "line_count",
        "max_line_length",
        "avg_line_length",
        "alnum_prop",
        "id",
        "repo_name",
        "ref",
        "path",
        "mode",
        "size",
        "copies",
        "license",
        "language",
    },
    "arxiv": {"timestamp", "yymm", "arxiv_id", "language", "url", "source"},
    "books": {"short_book_title", "publication_date", "url"},
    "wikipedia": {"title", "url", "language", "timestamp"},
    "stackexchange": {"language", "url", "timestamp", "source", "question_score"},
}
METADATA = {
    "content_hash": "d41d8c",
    "repo_name": "a/b",
    "path": "c.py",
    "blob_id": "1f",
    "line_count": "12",
    "max_line_length": "80",
    "avg_line_length": "20.5",
    "alnum_prop": "0.75",
    "programming_languages": "Python,C",
    "yymm": "2301",
    "arxiv_id": "2301.00001",
    "language": "sl",
    "question_score": "-3",
}


def row(slice_: str, **others: Any) -> dict[str, Any]:
    return {
        "id": f"{slice_}/1",
        "slice": slice_,
        "text": "text",
        "url": "https://example.org/",
        "title": "Title",
        "date": "1851-10-18T00:00:00Z",
        "language": "en",
        "license": "MIT",
        "source": {"uri": "s3://x/y.warc.gz", "offset": 7},
        "metadata": list(METADATA.items()),
        **others,
    }


def record(row: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a row by the traits of its slice."""
    traits = slices.load(row["slice"]).traits
    return redpajama_v1.record(row, traits.v1_meta, traits.v1_subset)


def test_every_slice_of_v1_is_here() -> None:
    assert set(KEYS) <= set(SLICES)


@pytest.mark.parametrize("slice_", KEYS)
def test_meta_has_the_keys_of_the_slice(slice_: str) -> None:
    made = record(row(slice_))
    assert list(made) == ["text", "meta", "red_pajama_subset"]
    assert KEYS[slice_] <= set(made["meta"])
    assert made["meta"]["document_id"] == f"{slice_}/1"
    assert made["red_pajama_subset"] == ("book" if slice_ == "books" else slice_)


@pytest.mark.parametrize("slice_", SLICES)
def test_an_unknown_value_is_empty(slice_: str) -> None:
    nothing = dict.fromkeys(("text", "url", "title", "date", "language", "license", "metadata"))
    made = record(row(slice_, source=None, **nothing))
    assert made["text"] == ""
    null = [key for key, value in made["meta"].items() if value is None]
    assert null == (["publication_date"] if slice_ == "books" else [])
    assert "license" not in made["meta"]


def test_values_have_v1_s_types() -> None:
    github = record(row("github"))["meta"]
    assert (github["line_count"], github["avg_line_length"]) == (12, 20.5)
    assert github["language"] == [{"name": "Python"}, {"name": "C"}]
    assert (github["id"], github["license"]) == ("1f", "MIT")
    assert record(row("books"))["meta"]["publication_date"] == 1851
    assert record(row("stackexchange"))["meta"]["question_score"] == "-3"
    assert record(row("common_crawl"))["meta"]["source"] == "cc/y.warc.gz/offset7"
    assert record(row("c4"))["meta"]["language"] == "sl"
    assert record(row("arxiv"))["meta"]["language"] == "en"
