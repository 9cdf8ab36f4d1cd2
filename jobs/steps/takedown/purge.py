"""Remove files of older versions that hold a document which is taken down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.report.page import FILES
from jobs.steps.takedown import files
from jobs.steps.takedown.files import Hit
from jobs.tables.manifest import Manifest
from jobs.tables.obsolete import obsolete_files, unnamed_folders


def purge(context: Context, now: Mapping[str, Manifest], hits: Sequence[Hit]) -> list[str]:
    """Remove the files that were rewritten, all older folders that hold one of the documents, and the report.

    Older folders without such a document stay. Tables are purged in the order of `files.TABLES`,
    documents/ last.

    Parameters
    ----------
    now
        The current versions.
    hits
        Files of any version that hold a document or cannot be read.

    Returns
    -------
    list
        Addresses that were removed.
    """
    named = files.named(now)
    removed = []
    for name in files.TABLES:
        table = context.table(name)
        folders = now[name].folders if name in now else ()
        stale = [uri for folder in folders for uri in obsolete_files(table, folder)]
        unnamed = unnamed_folders(table, [folder.path for folder in folders])
        for hit in hits:
            if hit.table == name and hit.taken and (hit.table, hit.path) not in named:
                within = [path for path in unnamed if hit.path.startswith(f"{path}/")]
                stale.append(table.uri(within[0] if within else hit.path))
        for uri in dict.fromkeys(stale):
            storage.remove_tree(uri)
            removed.append(uri)
    return removed + (_report(context) if any(hit.taken for hit in hits) else [])


def _report(context: Context) -> list[str]:
    """Remove the report of the root, which shows documents; return its addresses."""
    pages = [storage.join(context.root, name) for name in FILES]
    found = [uri for uri in pages if storage.exists(uri)]
    for uri in found:
        storage.remove_tree(uri)
    if found:
        context.print("takedown: the report was removed: `redpajama report` makes it again")
    return found
