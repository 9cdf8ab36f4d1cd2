"""The Parquet folders of a table's current version, one a line: for whatever reads Parquet."""

from __future__ import annotations

import sys

from jobs import tables
from jobs.runtime.context import Context
from schemas.errors import UserError
from schemas.settings.path import PathConfig


def run(context: Context, config: PathConfig) -> list[str]:
    """Print where the table's folders are."""
    found = tables.required(context.root, config.table)
    if any(tables.left_over(context.root, found.table, folder) for folder in found.folders):
        raise UserError(
            f"a takedown is not done with {config.table}/: wait for it, or run it again if it was broken off"
        )
    folders = [folder for folder in found.folders if folder.files or not folder.partial]
    paths = [tables.folder_uri(context.root, found.table, folder) for folder in folders]
    for path in paths:
        context.say(path)
    return paths


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["path", *sys.argv[1:]]))
