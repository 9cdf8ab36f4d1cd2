"""Remove what holds a document and is no part of a current version: for good means in old ones too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown import files
from jobs.steps.takedown.files import Hit
from jobs.tables.manifest import Manifest
from jobs.tables.obsolete import obsolete_files, unnamed_folders


def purge(context: Context, now: Mapping[str, Manifest], hits: Sequence[Hit]) -> list[str]:
    """Remove the files that were written anew, and all older folders that hold one of the documents.

    Older folders that hold none stay. In the order of `files.TABLES`, the documents last.

    Parameters
    ----------
    now
        The versions that are published now.
    hits
        Files that hold a document or cannot be read, of any version.

    Returns
    -------
    list
        The addresses that were removed.
    """
    named = files.named(now)
    gone = []
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
            gone.append(uri)
    return gone
