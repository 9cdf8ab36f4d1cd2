"""Find the takedowns that removed documents of which no table has a row any more."""

from __future__ import annotations

import json
from collections.abc import Collection

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import lineage, runs


def removals(context: Context, ids: Collection[str]) -> dict[str, str]:
    """Return the run that removed each document last, and why, for the documents that a takedown named."""
    lines: dict[str, str] = {}
    for record in runs.all_records(context.root):
        file = record.details.get("documents_file")
        # a dry run, and one that was refused, name documents and record no entries
        if record.job != lineage.JOB or not file or "recorded" not in record.details:
            continue
        with storage.open_stream(storage.join(context.root, file)) as stream:
            for line in stream:
                row = json.loads(line)
                if row["id"] in ids and "why" in row:
                    lines[row["id"]] = f"removed by {record.run}: {', '.join(row['why'])}"
    return lines
