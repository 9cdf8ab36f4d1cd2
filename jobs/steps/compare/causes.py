"""Why two roots differ: for each table the inputs, settings and versions that its runs do not share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.compare.sides import Side
from jobs.storage.public_names import public_name, published
from jobs.tables import runs
from jobs.tables.manifest import Manifest
from schemas.tables import TABLES

_ORDER = (
    "documents",
    "paragraphs",
    "annotated",
    "duplicates",
    "passages",
    "contamination",
    "corpus",
    "mixture",
)
_SHOWN = 5  # inputs

Difference = tuple[str, Any, Any]
"""A setting, input or version: its name, its value before and after; None where it has none."""


@dataclass(frozen=True)
class TableCauses:
    """Differences between two versions of a table, and between the runs that made them.

    Attributes
    ----------
    rows
        Before and after; None without the table.
    is_equal
        Whether the rows are equal by their hash; None where it is not known.
    """

    table: str
    rows: tuple[int | None, int | None]
    is_equal: bool | None
    differences: list[Difference] = field(default_factory=list)


def find(before: Side, after: Side) -> list[TableCauses]:
    """Return what differs, table by table in the order of the pipeline, up to the compared one.

    Of versions that are not current only their own run is compared.
    """
    if before.context is None or after.context is None:
        return []
    if before.version is None or after.version is None:
        return []
    last = before.version.table
    causes = []
    for name in _ORDER[: _ORDER.index(last)]:
        if before.is_current and after.is_current:
            contexts = (before.context, after.context)
            versions = [context.table(name).manifest for context in contexts]
            if any(versions):
                causes.append(_causes(name, contexts, (versions[0], versions[1])))
    causes.append(_causes(last, (before.context, after.context), (before.version, after.version)))
    return causes


def _causes(
    name: str, contexts: tuple[Context, Context], pair: tuple[Manifest | None, Manifest | None]
) -> TableCauses:
    hashes = [manifest.content_hash if manifest else "" for manifest in pair]
    known = None if None in hashes else hashes[0] == hashes[1]
    described = [
        _described(context, manifest) if manifest else {}
        for context, manifest in zip(contexts, pair, strict=True)
    ]
    rows = tuple(manifest.rows if manifest else None for manifest in pair)
    differences = list(_differences(*described))
    if name == "documents":
        differences += _inputs(*(manifest.inputs if manifest else [] for manifest in pair))
    return TableCauses(name, (rows[0], rows[1]), known, differences)


def _described(context: Context, manifest: Manifest) -> dict[str, Any]:
    """Return settings, inputs and versions of the runs that made a table, by slice where it has several."""
    described: dict[str, Any] = {}
    job = TABLES[manifest.table].job
    for folder in manifest.folders:
        record = runs.find(context.root, folder.run)
        if record is None or record.job != job:
            continue
        name = folder.labels.get("slice", "") if manifest.table == "documents" else ""
        inputs = {
            key: value
            for key, value in record.inputs.items()
            # versions of other tables name runs, which differ always; the tables themselves are compared
            if key not in TABLES and manifest.table != "documents"
        }
        described |= dict(_flat(published(record.config), f"{name} setting ".lstrip()))
        described |= dict(_flat(published(inputs), "input "))
        described |= dict(_flat(record.versions, "version "))
    return described


def _flat(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)


def _inputs(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> Iterator[Difference]:
    """Yield the input objects that one side alone has read, or in another size, and how many more."""
    sizes = [
        {public_name(str(given["uri"])): given.get("size") for given in inputs if "uri" in given}
        for inputs in (before, after)
    ]
    differing = list(_differences(*sizes))
    for uri, old, new in differing[:_SHOWN]:
        yield f"input {uri}", _size(old), _size(new)
    if len(differing) > _SHOWN:
        yield f"{len(differing) - _SHOWN:,} more inputs", "…", "…"


def _size(n: int | None) -> str | None:
    return None if n is None else f"{n:,} bytes"
