"""RedPajama-V1's records: `text`, `meta` and `red_pajama_subset`.

Each slice of RedPajama-Data-1T has a `meta` of its own; its keys are here with our values, and
`document_id`, by which a document is traced or taken down, with its licence where it is known. The
subsets are those that the data set's loader gives: books are `book`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_SUBSETS = {"books": "book"}
_YEAR = "publication_date"
_COUNTS = {
    "line_count": int,
    "max_line_length": int,
    "avg_line_length": float,
    "alnum_prop": float,
}


def record(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of a row of corpus/ or mixture/; what is not known is "", as in V1."""
    slice_ = row["slice"]
    said = dict(row["metadata"] or ())
    meta = _META.get(slice_, _web)(row, said)
    # a year is a number, which a text among others' is not
    meta = {key: "" if value is None and key != _YEAR else value for key, value in meta.items()}
    if row["license"]:
        meta["license"] = row["license"]
    meta["document_id"] = row["id"]
    return {
        "text": row["text"] or "",
        "meta": meta,
        "red_pajama_subset": _SUBSETS.get(slice_, slice_),
    }


def _web(row: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    place = row["source"]
    archive = (place["uri"] or "").rpartition("/")[2] if place else ""
    return _common(row, row["language"]) | {
        # V1 has cc/ with the file and line of CCNet's output
        "source": f"cc/{archive}/offset{place['offset']}" if archive else "cc",
    }


def _c4(row: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    return _common(row, said.get("language") or row["language"]) | {"source": "c4"}


def _github(row: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    kept = ("content_hash", "repo_name", "ref", "path", "mode", "size", "copies")
    languages = said.get("programming_languages")
    return {
        **{key: said.get(key) for key in kept},
        **{key: kind(said[key]) for key, kind in _COUNTS.items() if key in said},
        "id": said.get("blob_id"),
        "language": [{"name": name} for name in languages.split(",")] if languages else [],
        "timestamp": "",
        "url": row["url"],
        "source": "github",
    }


def _arxiv(row: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    return _common(row, row["language"]) | {
        "timestamp": said.get("timestamp") or row["date"],
        "yymm": said.get("yymm"),
        "arxiv_id": said.get("arxiv_id"),
        "source": "arxiv",
    }


def _book(row: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    year = (row["date"] or "")[:4]
    return {
        "short_book_title": row["title"],
        _YEAR: int(year) if year.isdecimal() else None,
        "url": row["url"],
        "author": said.get("author"),
        "language": row["language"],
        "source": "book",
    }


def _wikipedia(row: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    spoken = said.get("language") or row["language"]
    return _common(row, spoken) | {"title": row["title"], "source": "wikipedia"}


def _stackexchange(row: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    return _common(row, row["language"]) | {
        "question_score": said.get("question_score"),
        "source": "stackexchange",
    }


def _common(row: Mapping[str, Any], language: str | None) -> dict[str, Any]:
    return {"timestamp": row["date"], "url": row["url"], "language": language}


_META: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, Any]]] = {
    "common_crawl": _web,
    "c4": _c4,
    "github": _github,
    "arxiv": _arxiv,
    "books": _book,
    "wikipedia": _wikipedia,
    "stackexchange": _stackexchange,
}
