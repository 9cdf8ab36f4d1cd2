"""Keep tables consistent when a takedown gives one of their inputs a new version.

A takedown changes tables that others were made from. It removes the same documents from all of them, so
they still belong together: it rewrites their recorded inputs, and the jobs find nothing to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.tables import runs
from jobs.tables.manifest import Manifest

JOB = "takedown"

CARRIED = (
    *("paragraphs", "annotated", "duplicates", "copies"),
    *("passages", "contamination", "corpus"),
)
"""Tables whose inputs are carried forward; a mixture is made again."""


def origin(root: str, table: str, version: str) -> str:
    """Return the version of a table before takedowns changed it; the version itself if none did.

    A takedown's record has the versions that it found.
    """
    while True:
        record = runs.find(root, version) if f"-{JOB}-" in version else None
        if record is None or record.job != JOB or table not in record.inputs:
            return version
        version = record.inputs[table]


def same(root: str, before: Manifest, now: Manifest) -> bool:
    """Return whether a version of a table differs from an earlier one by takedowns alone."""
    return origin(root, now.table, now.version) == origin(root, before.table, before.version)


def belongs(root: str, table: Manifest, to: Mapping[str, Manifest]) -> bool:
    """Return whether a table was made from the current versions of others, apart from takedowns."""
    inputs = table.inputs[0] if len(table.inputs) == 1 else {}
    return any(name in to for name in inputs) and all(
        origin(root, name, version) == origin(root, name, to[name].version)
        for name, version in inputs.items()
        if name in to and isinstance(version, str)
    )


def carried(
    root: str, manifest: Manifest, current: Mapping[str, Manifest], versions: Mapping[str, str]
) -> tuple[list[dict[str, Any]], str]:
    """Return the inputs and the digest of a table after a takedown.

    Parameters
    ----------
    current
        The versions before the takedown.
    versions
        The versions after it, by table.
    """
    if manifest.table not in CARRIED or len(manifest.inputs) != 1:
        return manifest.inputs, manifest.digest
    before = manifest.inputs[0]
    after = {
        name: versions[name]
        if name in current
        and isinstance(version, str)
        and origin(root, name, version) == origin(root, name, current[name].version)
        else version
        for name, version in before.items()
    }
    record = runs.find(root, manifest.made_by)
    if record is None or runs.digest_of(record.config, before) != manifest.digest:
        # made by settings that are not known: the next run makes it again
        return [after], manifest.digest if after == before else ""
    return [after], runs.digest_of(record.config, after)
