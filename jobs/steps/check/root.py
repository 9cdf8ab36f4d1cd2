"""Check what belongs together in a root: tables and their inputs, run records, leftovers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import lineage, runs
from jobs.tables.manifest import Manifest
from jobs.tables.obsolete import unnamed_folders
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.tables import TABLES

_ACTIVE = timedelta(hours=24)


def records(root: str) -> tuple[list[Record], list[str]]:
    """Return the records of all runs, and a line for each that cannot be read."""
    readable, faults = [], []
    for file in storage.list_names(storage.join(root, runs.FOLDER)):
        name = file.uri.rpartition("/")[2]
        if name.endswith(".json") and not name.startswith("."):
            try:
                record = runs.find(root, name.removesuffix(".json"))
            except UserError as error:
                faults.append(str(error))
            else:
                readable += [record] if record else []
    return readable, faults


def notes(context: Context, current: Mapping[str, Manifest]) -> Iterator[str]:
    """Yield a line for what is no damage: tables that are out of date, unfinished runs and leftovers."""
    for name, manifest in current.items():
        older = _older_inputs(context.root, manifest, current)
        if older:
            job = TABLES[name].job
            yield (
                f"{name}/ was made from an earlier {', '.join(f'{input_}/' for input_ in older)}: "
                f"`redpajama {job} --root {context.root}` makes it again"
            )
    leftovers = 0
    for name, manifest in current.items():
        named = [folder.path for folder in manifest.folders]
        current_runs = {path.partition("/")[0] for path in named}
        unnamed = unnamed_folders(context.table(name), named)
        leftovers += sum(path not in current_runs and "/" not in path for path in unnamed)
    if leftovers:
        yield (
            f"{leftovers} folders are of earlier or unfinished runs: `redpajama vacuum --root "
            f"{context.root}` removes them"
        )


def _older_inputs(root: str, manifest: Manifest, current: Mapping[str, Manifest]) -> list[str]:
    """Return the tables of which a table was made from another version than the current one."""
    inputs = manifest.inputs[0] if len(manifest.inputs) == 1 else {}
    return [
        name
        for name, version in inputs.items()
        if name in current
        and isinstance(version, str)
        and lineage.origin(root, name, version) != lineage.origin(root, name, current[name].version)
    ]


def unfinished(root: str, records: Sequence[Record]) -> Iterator[str]:
    """Yield a line for each run that was killed: it began long ago and has not ended."""
    since = datetime.now(timezone.utc) - _ACTIVE
    for record in records:
        if record.status == "running" and not record.may_be_running(since):
            yield f"{record.run} did not end: run `redpajama {record.job} --root {root}` again"
