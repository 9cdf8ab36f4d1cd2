"""What a table was made from, when a takedown has given that another version.

A takedown changes tables that others were made from. What it leaves out of the one it leaves out of the
others, so they still belong together; their manifests are made to say so, and the jobs find nothing to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.tables import runs
from jobs.tables.manifest import Manifest

JOB = "takedown"

MADE_BY = {
    "paragraphs": "paragraphs",
    "annotated": "annotate",
    "duplicates": "dedup",
    "copies": "dedup",
    "contamination": "decontaminate",
    "corpus": "curate",
}
"""The tables whose inputs are carried forward; a mixture is made anew."""


def origin(root: str, table: str, version: str) -> str:
    """The version of a table that takedowns made this one from; itself where none did.

    A takedown's record says from its start which versions it found.
    """
    while True:
        record = runs.find(root, version) if f"-{JOB}-" in version else None
        if record is None or record.job != JOB or table not in record.inputs:
            return version
        version = record.inputs[table]


def same(root: str, before: Manifest, now: Manifest) -> bool:
    """Whether a version of a table differs from an earlier one by takedowns alone."""
    return origin(root, now.table, now.version) == origin(root, before.table, before.version)


def belongs(root: str, table: Manifest, to: Mapping[str, Manifest]) -> bool:
    """Whether a table was made from the current versions of others, but for takedowns."""
    found = table.inputs[0] if len(table.inputs) == 1 else {}
    return any(name in to for name in found) and all(
        origin(root, name, version) == origin(root, name, to[name].version)
        for name, version in found.items()
        if name in to and isinstance(version, str)
    )


def carried(
    root: str, found: Manifest, current: Mapping[str, Manifest], versions: Mapping[str, str]
) -> tuple[list[dict[str, Any]], str]:
    """The inputs and the digest of a table after a takedown.

    Parameters
    ----------
    current
        The versions that the takedown found.
    versions
        Those that it leaves, by table.
    """
    job = MADE_BY.get(found.table)
    if job is None or len(found.inputs) != 1:
        return found.inputs, found.digest
    before = found.inputs[0]
    after = {
        name: versions[name]
        if name in current
        and isinstance(version, str)
        and origin(root, name, version) == origin(root, name, current[name].version)
        else version
        for name, version in before.items()
    }
    record = runs.find(root, found.made_by(job))
    if record is None or runs.digest_of(record.config, before) != found.digest:
        # made in a way that is not known: the next run makes it anew
        return [after], found.digest if after == before else ""
    return [after], runs.digest_of(record.config, after)
