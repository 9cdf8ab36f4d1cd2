"""Remove what holds a document and is no part of a current version: for good means in old ones too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobs import storage, tables, vacuum
from jobs.steps.takedown import files
from jobs.steps.takedown.files import Hit
from jobs.tables.manifest import Manifest


def purge(root: str, now: Mapping[str, Manifest], hits: Sequence[Hit]) -> list[str]:
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
    for table in files.TABLES:
        base = storage.join(root, table)
        folders = now[table].folders if table in now else ()
        stale = [uri for folder in folders for uri in tables.left_over(root, table, folder)]
        unnamed = vacuum.unnamed_folders(root, table, [folder.path for folder in folders])
        for hit in hits:
            if hit.table == table and hit.taken and (hit.table, hit.path) not in named:
                within = [each for each in unnamed if hit.path.startswith(f"{each}/")]
                stale.append(storage.join(base, within[0] if within else hit.path))
        for uri in dict.fromkeys(stale):
            storage.remove_tree(uri)
            gone.append(uri)
    return gone
