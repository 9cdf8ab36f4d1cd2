"""Remove what no manifest names: older versions, and what killed runs left."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from jobs import storage, tables
from jobs.runtime.context import Context
from jobs.tables import manifest, runs
from jobs.tables.runs import Record
from schemas.settings.vacuum import VacuumConfig
from schemas.tables import TABLES


def run(context: Context, config: VacuumConfig) -> list[str]:
    """Remove, or with `dry_run` only name, the folders that belong to no table's current version."""
    records = {record.run: record for record in runs.all_records(context.root)}
    since = datetime.now(timezone.utc) - timedelta(hours=config.grace_hours)
    gone = []
    for table in TABLES:
        found = manifest.current(context.root, table)
        folders = found.folders if found else ()
        named = [folder.path for folder in folders]
        for uri in [
            each for folder in folders for each in tables.left_over(context.root, table, folder)
        ]:
            gone.append(uri)
            context.say(f"{'would remove' if config.dry_run else 'removed'} {uri}")
            if not config.dry_run:
                storage.remove_tree(uri)
        for folder in unnamed_folders(context.root, table, named):
            run_ = folder.partition("/")[0]
            uri = storage.join(context.root, table, folder)
            if may_be_running(records.get(run_), since):
                context.say(f"kept {uri}: its run may still be going (--grace-hours 0 removes it)")
                continue
            gone.append(uri)
            objects = len(storage.list_names(uri)) if config.dry_run else storage.remove_tree(uri)
            context.say(
                f"{'would remove' if config.dry_run else 'removed'} {uri}: {objects} objects"
            )
    if not gone:
        context.say(f"nothing to remove in {context.root}")
    return gone


def unnamed_folders(root: str, table: str, named: Sequence[str]) -> list[str]:
    """The largest folders below a table that hold nothing of what is named."""
    gone, look = [], storage.list_folders(storage.join(root, table))
    while look:
        folder = look.pop()
        if folder in named:
            continue
        if any(each.startswith(folder + "/") for each in named):
            below = storage.list_folders(storage.join(root, table, folder))
            look += [f"{folder}/{name}" for name in below]
        else:
            gone.append(folder)
    return sorted(gone)


def may_be_running(record: Record | None, since: datetime) -> bool:
    """Whether a run may still write: it has not ended, and started after that time."""
    if record is None or record.status != "running":
        return False
    return datetime.fromisoformat(record.started.replace("Z", "+00:00")) > since


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["vacuum", *sys.argv[1:]]))
