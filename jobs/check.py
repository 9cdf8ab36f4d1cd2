"""Check a root: manifests, run records, files, and with `--deep` rows and checksums."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from jobs.runtime.context import Context
from jobs.steps.check import files, root
from jobs.tables import integrity
from jobs.tables.integrity import Fault
from jobs.tables.manifest import Folder, Manifest
from schemas.errors import UserError
from schemas.settings.check import CheckConfig
from schemas.tables import TABLES

_SHOWN = 20  # faults of a folder that are printed one by one


def run(context: Context, config: CheckConfig) -> None:
    """Print the state of each table, then notes on what is no damage.

    Raises
    ------
    UserError
        Something is damaged or lost, or there is no table.
    """
    records, faults = root.records(context.root)
    current: dict[str, Manifest] = {}
    for name in TABLES:
        try:
            manifest = context.table(name).manifest
        except UserError as error:
            faults.append(str(error))
        else:
            current |= {name: manifest} if manifest else {}
    if not current and not faults:
        raise UserError(f"{context.root} has no tables: check --root")
    for name, lines in _tables(context, current, deep=config.deep).items():
        state = f"{len(lines)} faults" if lines else "whole"
        manifest = current[name]
        context.print(
            f"{name}: {state}, {manifest.rows:,} rows in {len(manifest.files):,} files, "
            f"{manifest.bytes / 1e6:,.1f} MB, version {manifest.version}"
        )
        faults += lines
    for fault in faults:
        context.print(fault)
    for note in (*root.unfinished(context.root, records), *root.notes(context, current)):
        context.print(f"note: {note}")
    if faults:
        raise UserError(f"{len(faults)} faults in {context.root}, each with its repair above")


def _tables(
    context: Context, current: Mapping[str, Manifest], *, deep: bool
) -> dict[str, list[str]]:
    """Return a line for each fault, by table."""
    stored = {
        (name, number): files.stored(context.table(name), folder)
        for name, manifest in current.items()
        for number, folder in enumerate(manifest.folders)
    }
    bad = {fault.uri for faults in stored.values() for fault in faults}
    within = files.read_all(context, current, bad) if deep else {}
    lines: dict[str, list[str]] = {}
    for name, manifest in current.items():
        table = context.table(name)
        lines[name] = []
        for number, folder in enumerate(manifest.folders):
            uris = [table.uri(file.path) for file in folder.files]
            faults = stored[name, number] + [within[uri] for uri in uris if uri in within]
            lines[name] += _folder(context, name, folder, faults)
        repeated = files.repeated_ids(context, manifest) if deep and not lines[name] else 0
        if repeated:
            repair = integrity.repair(context.root, name, manifest.folders[0])
            lines[name].append(f"{table.uri()} has {repeated:,} ids more than once: {repair}")
    return lines


def _folder(context: Context, name: str, folder: Folder, faults: list[Fault]) -> Iterator[str]:
    """Yield a line for each fault of a folder."""
    repair = integrity.repair(context.root, name, folder)
    for fault in faults[:_SHOWN]:
        yield f"{fault.uri} {fault.reason}: {fault.repair or repair}"
    if len(faults) > _SHOWN:
        uri = context.table(name).uri(folder.path)
        yield f"{uri} has {len(faults) - _SHOWN} more damaged files: {repair}"


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["check", *sys.argv[1:]]))
