"""Stored files compared with the manifest that names them, and the command that makes a table again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jobs import storage
from jobs.tables import manifest, parquet_footers
from jobs.tables.manifest import Folder
from schemas.tables import TABLES


class Fault(NamedTuple):
    """A file that is not as its manifest describes it.

    Attributes
    ----------
    repair
        What to do about it; empty where the table's job has to run again (`repair`).
    """

    uri: str
    reason: str
    repair: str = ""


def lost(base: str, folder: Folder) -> list[Fault]:
    """Return the files of a folder that are missing or have another size, found by one listing.

    Parameters
    ----------
    base
        Address of the table.
    """
    if not folder.files:
        return []
    stored = parquet_footers.parquet_objects(storage.join(base, folder.path))
    sizes = {info.uri: info.size for info in stored}
    return list(_differing(base, folder, sizes))


def _differing(base: str, folder: Folder, sizes: dict[str, int]) -> Iterator[Fault]:
    for file in folder.files:
        uri = storage.join(base, file.path)
        if uri not in sizes:
            yield Fault(uri, "is lost")
        elif sizes[uri] != file.bytes:
            yield Fault(uri, f"has {sizes[uri]:,} bytes instead of {file.bytes:,}")


def repair(root: str, table: str, folder: Folder) -> str:
    """Return how to make the rows of a folder again."""
    job = TABLES[table].job
    record = f"the options of {storage.join(root, '_runs', folder.run)}.json"
    if job == "takedown":
        current = storage.join(root, table, manifest.CURRENT)
        return f"remove {current} and {manifest.takedowns_again(root)}"
    if job != "ingest":
        return f"run `redpajama {job} --root {root} --overwrite` with {record}"
    slice_, snapshot = (folder.labels.get(name, name.upper()) for name in ("slice", "snapshot"))
    return (
        f"run `redpajama ingest {slice_} --root {root} --snapshot {snapshot} --replace` with the inputs "
        f"and options of {storage.join(root, '_runs', folder.run)}.json"
    )


def message(root: str, table: str, folder: Folder, faults: list[Fault]) -> str:
    """Return one line on the faults of a folder: the first file, what is wrong, and the repair."""
    uri, reason, _ = faults[0]
    more = f" (and {len(faults) - 1} more files)" if len(faults) > 1 else ""
    return f"{uri} {reason}{more}: put it back from a copy, or {repair(root, table, folder)}"
