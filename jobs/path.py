"""Print where a table's current version is, for any reader of Parquet, or the hash of its rows."""

from __future__ import annotations

import sys

from jobs.runtime.context import Context
from jobs.tables import content_hash, integrity
from jobs.tables.obsolete import obsolete_files
from schemas.errors import UserError
from schemas.settings.path import PathConfig


def run(context: Context, config: PathConfig) -> list[str]:
    """Print the folders of a table that hold rows, one a line, or its content hash.

    The hash is in the manifest, unless an earlier version or a takedown wrote files: then a Spark job
    reads the rows.

    Raises
    ------
    UserError
        A file is lost or cut, or a takedown is under way.
    """
    table = context.table(config.table)
    folders = table.required().folders
    if any(obsolete_files(table, folder) for folder in folders):
        raise UserError(
            f"a takedown is still changing {table.name}/: wait for it, or run it again if it was "
            "interrupted"
        )
    for folder in folders:
        faults = integrity.lost(table.uri(), folder)
        if faults:
            raise UserError(integrity.message(context.root, table.name, folder, faults))
    if config.hash:
        answer = [table.required().content_hash or content_hash.of_rows(table.read())]
    else:
        answer = [table.uri(folder.path) for folder in folders if folder.files]
    for line in answer:
        context.print(line)
    return answer


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["path", *sys.argv[1:]]))
