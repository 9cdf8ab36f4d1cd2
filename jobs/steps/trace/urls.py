"""Find the documents of a URL, in all its spellings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pyspark.sql import types as T

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import file_scan, taken_down
from jobs.tables.file_scan import StoredFile
from udfs.addresses.near_forms import NearForms
from udfs.addresses.urls import canonical_url

_TABLES = ("documents", "annotated", "corpus", "mixture")
_SIMILAR = 3  # that are named for a URL without a document
_SCHEMA = T.StructType(
    [T.StructField(name, T.StringType()) for name in ("id", "url", "canonical", "near")]
)


def ids_of(context: Context, urls: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the ids of the documents with some URLs, and a line for each URL without a document."""
    ids: list[str] = []
    lines: list[str] = []
    wanted = {url: canonical_url(url) for url in urls}
    if not wanted:
        return ids, lines
    versions = (context.table(name).manifest for name in _TABLES)
    scanned = [file for version in versions if version for file in file_scan.of_version(version)]
    work = _matching(context.root, frozenset(wanted.values()))
    rows = list(file_scan.scan(context, scanned, work, _SCHEMA))
    for url, form in wanted.items():
        matches = sorted({row["id"] for row in rows if row["canonical"] == form})
        ids += matches
        if not matches:
            lines.append(_unknown(context, url, rows))
    return list(dict.fromkeys(ids)), lines


def _matching(
    root: str, wanted: frozenset[str]
) -> Callable[[StoredFile], Iterator[dict[str, Any]]]:
    """Return the work of a scan: the documents with wanted or similar URLs."""

    def work(file: StoredFile) -> Iterator[dict[str, Any]]:
        near = NearForms(("url", url) for url in wanted)
        uri, similar = storage.join(root, file.table, file.path), 0
        for batch in file_scan.batches(uri, ("id", "url")):
            rows = [row for row in batch.to_pylist() if row.get("url")]
            forms = near.of([row["url"] for row in rows], [None] * len(rows))
            for row, form in zip(rows, forms, strict=True):
                address = canonical_url(row["url"])
                if address in wanted or (form is not None and similar < _SIMILAR):
                    similar += address not in wanted
                    yield {**row, "canonical": address, "near": form}

    return work


def _unknown(context: Context, url: str, rows: Sequence[dict[str, Any]]) -> str:
    """Return why no document has a URL: it was taken down, or another was meant."""
    line = f"no document of {url} in {context.root}"
    files = taken_down.files(context.root)
    (keys,) = taken_down.load(files).matches([None], [url], [None], [None]) if files else (None,)
    if keys:
        return f"{line}: taken down by {', '.join(key.replace(chr(9), ' ') for key in keys)}"
    near = NearForms([("url", canonical_url(url))])
    forms = near.of([row["url"] for row in rows], [None] * len(rows))
    similar = {row["url"] for row, form in zip(rows, forms, strict=True) if form}
    if similar:
        line += f" (did you mean {' '.join(sorted(similar)[:_SIMILAR])}?)"
    return line
