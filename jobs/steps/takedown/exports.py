"""Exports of a root that hold documents which are taken down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobs import storage
from jobs.runtime.context import Context, absolute
from jobs.steps.export.files import INCOMPLETE, MANIFEST
from jobs.storage.public_names import published
from jobs.tables import lineage, runs
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from schemas.settings.stored import from_stored, to_dict


@dataclass(frozen=True)
class Export:
    """An export of the root.

    Attributes
    ----------
    config
        The settings that it was made with.
    versions
        The versions of the tables that it was made from.
    """

    config: ExportConfig
    versions: Mapping[str, Any]

    def rows(
        self, root: str, now: Mapping[str, Manifest], removed: Mapping[str, int]
    ) -> int | None:
        """Return how many removed rows it can hold; None if its tables have been made again since.

        With `--slices`, `--buckets` or `--sample` it may hold fewer.
        """
        held = 0
        for table, version in self.versions.items():
            if table in now and isinstance(version, str):
                current = lineage.origin(root, table, now[table].version)
                if lineage.origin(root, table, version) != current:
                    return None
                held = max(held, removed.get(table, 0))
        return held

    def is_current(self, now: Mapping[str, Manifest]) -> bool:
        """Return whether it is complete, and made from the current versions."""
        output = self.config.output
        if storage.exists(storage.join(output, INCOMPLETE)):
            return False
        return all(
            now[table].version == version
            for table, version in self.versions.items()
            if table in now and version is not None
        )


def known(context: Context) -> list[Export]:
    """Return the exports that were made from the root and that are still there, by their folders."""
    exports: dict[str, Export] = {}
    for record in runs.all_records(context.root):
        if record.job == "export":
            config = record.settings(ExportConfig, root=context.root)
            exports[config.output] = Export(config, record.inputs)
    return [
        export
        for output, export in sorted(exports.items())
        if any(storage.exists(storage.join(output, name)) for name in (MANIFEST, INCOMPLETE))
    ]


def at(context: Context, folders: Sequence[str]) -> list[Export]:
    """Return the exports in some folders.

    Raises
    ------
    UserError
        A folder has no export.
    """
    by_output = {export.config.output: export for export in known(context)}
    exports = []
    for folder in map(absolute, folders):
        export = by_output.get(folder) or _moved(context, folder)
        if export is None:
            raise UserError(f"--exports {folder}: no export of {context.root}")
        exports.append(export)
    return exports


def _moved(context: Context, folder: str) -> Export | None:
    """Return an export that is known by its manifest alone: it was moved, or copied from elsewhere."""
    uri = storage.join(folder, MANIFEST)
    stored = storage.read_versioned(uri)
    if stored is None:
        return None
    content = _content(stored[0], uri)
    settings = {**content, "root": context.root, "output": folder}
    config = from_stored(ExportConfig, settings, where=uri)
    # the manifest has no local paths, such as that of a tokenizer; the run's record has them
    for record in reversed(runs.all_records(context.root)):
        if record.job == "export":
            recorded = record.settings(ExportConfig, root=context.root)
            recorded = replace(recorded, output=folder, overwrite=config.overwrite)
            if published(to_dict(recorded)) == published(to_dict(config)):
                config = recorded
                break
    return Export(config, content["inputs"])


def _content(data: bytes, uri: str) -> dict[str, Any]:
    """Return an export's manifest.

    Raises
    ------
    UserError
        It is damaged.
    """
    try:
        content = json.loads(data)
    except ValueError:
        content = None
    if not isinstance(content, dict) or not isinstance(content.get("inputs"), dict):
        raise UserError(
            f"{uri} is damaged: put it back from a copy, or write the export again with `redpajama export`"
        )
    return content


def report(
    context: Context,
    record: runs.Record,
    now: Mapping[str, Manifest],
    removed: Mapping[str, int],
    *,
    rewritten: Sequence[Export],
) -> None:
    """Print and record which exports hold the documents."""
    outputs = {export.config.output for export in rewritten}
    holding = []
    for export in known(context):
        rows = export.rows(context.root, now, removed)
        if rows == 0 or not any(removed.values()):
            continue
        output, format_ = export.config.output, export.config.format
        holding.append({"output": output, "format": format_, "rows": rows})
        holds = "may hold the documents" if rows is None else f"holds up to {rows:,} of the rows"
        remedy = (
            "it is written again"
            if output in outputs
            else f"write it again with `redpajama takedown ... --exports {output}`"
        )
        context.print(f"takedown: the export {output} {holds}: {remedy}")
    record.details["exports"] = holding


def jobs(exports: Sequence[Export], now: Mapping[str, Manifest]) -> list[tuple[str, ExportConfig]]:
    """Return the exports to write again, those that are not made from the current versions."""
    return [
        ("export", replace(export.config, overwrite=True))
        for export in exports
        if not export.is_current(now)
    ]
