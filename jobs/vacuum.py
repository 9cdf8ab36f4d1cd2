"""Remove files that no manifest names: older versions, and what killed runs left."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown import kept_rows
from jobs.tables import runs
from jobs.tables.obsolete import obsolete_files, unnamed_folders
from schemas.errors import UserError
from schemas.settings.vacuum import VacuumConfig
from schemas.tables import TABLES


def run(context: Context, config: VacuumConfig) -> list[str]:
    """Remove, or with `dry_run` only list, what belongs to no table's current version.

    Raises
    ------
    UserError
        There is no run and no table in the root.
    """
    removed = []
    verb = "would remove" if config.dry_run else "removed"
    for uri in _obsolete(context, config):
        removed.append(uri)
        objects = len(storage.list_names(uri)) if config.dry_run else storage.remove_tree(uri)
        is_file = uri.endswith(".parquet")
        context.print(f"{verb} {uri}" if is_file else f"{verb} {uri}: {objects} objects")
    if not removed:
        if not runs.all_records(context.root) and not any(
            context.table(name).manifest for name in TABLES
        ):
            raise UserError(f"{context.root} has no tables: check --root")
        context.print(f"nothing to remove in {context.root}")
    return removed


def _obsolete(context: Context, config: VacuumConfig) -> Iterator[str]:
    """Yield the addresses to remove, and print those that are kept since their run may go on."""
    records = {record.run: record for record in runs.all_records(context.root)}
    since = datetime.now(timezone.utc) - timedelta(hours=config.grace_hours)
    for name in TABLES:
        table = context.table(name)
        manifest = table.manifest
        folders = manifest.folders if manifest else ()
        for folder in folders:
            yield from obsolete_files(table, folder)
        for path in unnamed_folders(table, [folder.path for folder in folders]):
            uri = table.uri(path)
            record = records.get(path.partition("/")[0])
            if record is not None and record.may_be_running(since):
                context.print(f"kept {uri}: its run may be active (--grace-hours 0 removes it)")
            else:
                yield uri
    yield from kept_rows.expired(context.root, config.restore_days)


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["vacuum", *sys.argv[1:]]))
