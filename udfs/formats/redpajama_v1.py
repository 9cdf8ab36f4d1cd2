"""RedPajama-V1's records: `text`, `meta` and `red_pajama_subset`.

Each slice of RedPajama-Data-1T has a `meta` of its own; its keys are here with our values, and
`document_id`, by which a document is traced or taken down, with its licence where it is known. The
subsets are those that the data set's loader gives: books are `book`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Meta = Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, Any]]
"""Returns a slice's `meta` for a row of corpus/ or mixture/ and the row's metadata."""

_YEAR = "publication_date"
_COUNTS = {
    "line_count": int,
    "max_line_length": int,
    "avg_line_length": float,
    "alnum_prop": float,
}


def record(
    row: Mapping[str, Any], meta: Meta | None = None, subset: str | None = None
) -> dict[str, Any]:
    """Return the record of a row of corpus/ or mixture/; an unknown value is "", as in V1.

    Parameters
    ----------
    meta
        Returns the `meta` of the row's slice; by default `web`.
    subset
        The slice's `red_pajama_subset`; by default its name.
    """
    values = (meta or web)(row, dict(row["metadata"] or ()))
    # a year is a number, which a text among others' is not
    values = {key: "" if value is None and key != _YEAR else value for key, value in values.items()}
    if row["license"]:
        values["license"] = row["license"]
    values["document_id"] = row["id"]
    return {
        "text": row["text"] or "",
        "meta": values,
        "red_pajama_subset": subset or row["slice"],
    }


def web(row: Mapping[str, Any], metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the `meta` of a web page, and of any slice that V1 does not have."""
    origin = row["source"]
    archive = (origin["uri"] or "").rpartition("/")[2] if origin else ""
    return _common(row, row["language"]) | {
        # V1 has cc/ with the file and line of CCNet's output
        "source": f"cc/{archive}/offset{origin['offset']}" if archive else "cc",
    }


def c4(row: Mapping[str, Any], metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the `meta` of a page of C4."""
    return _common(row, metadata.get("language") or row["language"]) | {"source": "c4"}


def github(row: Mapping[str, Any], metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the `meta` of a file of GitHub."""
    kept = ("content_hash", "repo_name", "ref", "path", "mode", "size", "copies")
    languages = metadata.get("programming_languages")
    return {
        **{key: metadata.get(key) for key in kept},
        **{key: kind(metadata[key]) for key, kind in _COUNTS.items() if key in metadata},
        "id": metadata.get("blob_id"),
        "language": [{"name": name} for name in languages.split(",")] if languages else [],
        "timestamp": "",
        "url": row["url"],
        "source": "github",
    }


def arxiv(row: Mapping[str, Any], metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the `meta` of a paper."""
    return _common(row, row["language"]) | {
        "timestamp": metadata.get("timestamp") or row["date"],
        "yymm": metadata.get("yymm"),
        "arxiv_id": metadata.get("arxiv_id"),
        "source": "arxiv",
    }


def books(row: Mapping[str, Any], metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the `meta` of a book."""
    year = (row["date"] or "")[:4]
    return {
        "short_book_title": row["title"],
        _YEAR: int(year) if year.isdecimal() else None,
        "url": row["url"],
        "author": metadata.get("author"),
        "language": row["language"],
        "source": "book",
    }


def wikipedia(row: Mapping[str, Any], metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the `meta` of an article."""
    spoken = metadata.get("language") or row["language"]
    return _common(row, spoken) | {"title": row["title"], "source": "wikipedia"}


def stackexchange(row: Mapping[str, Any], metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the `meta` of a question."""
    return _common(row, row["language"]) | {
        "question_score": metadata.get("question_score"),
        "source": "stackexchange",
    }


def _common(row: Mapping[str, Any], language: str | None) -> dict[str, Any]:
    return {"timestamp": row["date"], "url": row["url"], "language": language}
