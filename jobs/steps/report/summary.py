"""Summary: how much the root holds, of what it was made, and what needs attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from jobs.runtime.context import Context
from jobs.steps.check import root as state
from jobs.steps.report.markup import code, joined, table, tag
from jobs.steps.report.section import Section
from jobs.storage.public_names import public_text
from jobs.tables import runs
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from schemas.settings.report import ReportConfig
from schemas.tables import TABLES

_NAME, _TITLE = "summary", "Summary"
_RUNS = 10  # failed runs that are listed


def section(context: Context, config: ReportConfig) -> Section:
    """Show failed runs first, then the corpus and the mixture in figures, and the inputs."""
    current = {
        name: manifest for name in TABLES if (manifest := context.table(name).manifest) is not None
    }
    records = runs.all_records(context.root)
    figures = _figures(context, current)
    failed = _failed(context.root, records)
    outdated = [public_text(note, context.root) for note in state.notes(context, current)]
    inputs = _inputs(current)
    body = joined([_attention(failed, outdated), _tiles(figures), _sources(inputs)])
    numbers = {**figures, "failed": failed, "notes": outdated, "inputs": inputs}
    return Section(_NAME, _TITLE, body, numbers)


def _figures(context: Context, current: dict[str, Manifest]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name in ("corpus", "mixture"):
        manifest = current.get(name)
        if manifest is None:
            continue
        record = runs.find(context.root, manifest.made_by)
        figures[name] = {
            "documents": manifest.rows,
            "tokens": record.tokens_out if record else None,
            "made": record.started[:10] if record else None,
            "content_hash": manifest.content_hash,
        }
    documents = current.get("documents")
    figures["documents"] = documents.rows if documents else None
    return figures


def _failed(root: str, records: Sequence[Record]) -> list[dict[str, Any]]:
    """Return the runs that failed or were stopped, and that no later run of the job made good."""
    last_done: dict[str, str] = {}
    for record in records:
        if record.status == "done":
            last_done[_what(record)] = record.started
    return [
        {
            "run": record.run,
            "job": record.job,
            "status": record.status,
            "error": record.error and public_text(record.error, root),
        }
        for record in records
        if record.status in ("failed", "stopped")
        and record.started > last_done.get(_what(record), "")
    ]


def _what(record: Record) -> str:
    return " ".join([record.job, *map(str, record.details.get("what", []))])


def _inputs(current: dict[str, Manifest]) -> list[dict[str, Any]]:
    """Return for each slice and snapshot its documents, and its inputs and their bytes."""
    documents = current.get("documents")
    if documents is None:
        return []
    inputs, sizes = Counter[str](), Counter[str]()
    for given in documents.inputs:
        inputs[str(given.get("run"))] += 1
        sizes[str(given.get("run"))] += int(given.get("size") or 0)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for folder in documents.folders:
        labels = (folder.labels.get("slice", ""), folder.labels.get("snapshot", ""))
        row = rows.setdefault(
            labels,
            {"slice": labels[0], "snapshot": labels[1], "documents": 0, "inputs": 0, "bytes": 0},
        )
        row["documents"] += folder.rows
        row["inputs"] += inputs.pop(folder.run, 0)
        row["bytes"] += sizes.pop(folder.run, 0)
    return sorted(rows.values(), key=lambda row: (-row["documents"], row["slice"]))


def _attention(failed: Sequence[dict[str, Any]], outdated: Sequence[str]) -> Markup:
    parts = []
    if failed:
        rows = [(code(r["run"]), r["status"], r["error"] or "") for r in failed[-_RUNS:]]
        caption = (
            f"{len(failed):,} runs ended early, and no later run of the job has made up for it"
        )
        parts.append(table(caption, ("run", "state", "error"), rows, text=(0, 1, 2)))
    parts += [tag("p", note, class_="note") for note in outdated]
    return joined(parts)


def _tiles(figures: dict[str, Any]) -> Markup:
    tiles = []
    if figures["documents"] is not None:
        tiles.append(_tile("documents read", f"{figures['documents']:,}"))
    for name in ("corpus", "mixture"):
        values = figures.get(name)
        if values is None:
            continue
        what = "documents" if name == "corpus" else "examples"
        tokens = values["tokens"]
        about = [
            f"{values['documents']:,} {what}",
            f"made {values['made']}" if values["made"] else None,
        ]
        head = f"{tokens:,} tokens" if tokens is not None else f"{values['documents']:,} {what}"
        tiles.append(_tile(name, head, *filter(None, about), hash_=values["content_hash"]))
    return tag("ul", *tiles, class_="tiles")


def _tile(name: str, head: str, *lines: str, hash_: str | None = None) -> Markup:
    shown_hash = tag("span", "content hash ", code(hash_), class_="soft") if hash_ else None
    more = [tag("span", line, class_="soft") for line in lines]
    return tag("li", tag("span", name, class_="soft"), tag("strong", head), *more, shown_hash)


def _sources(inputs: Sequence[dict[str, Any]]) -> Markup:
    if not inputs:
        return Markup("")
    rows = [
        (r["slice"], r["snapshot"], r["documents"], r["inputs"], f"{r['bytes'] / 1e6:,.2f}")
        for r in inputs
    ]
    head = ("slice", "snapshot", "documents", "inputs", "MB")
    return table("What documents/ was made from", head, rows, text=(0, 1))
