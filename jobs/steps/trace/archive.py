"""Check whether the archive of a document still exists, unchanged since it was ingested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs import storage
from jobs.storage.store import redacted
from schemas.errors import UserError

SAME, CHANGED, GONE, UNREACHABLE, UNKNOWN = "same", "changed", "gone", "unreachable", "unknown"


def state(uri: str, ingested: Mapping[str, Any] | None) -> tuple[str, str]:
    """Return the state of an archive and a line that explains it, empty for `same`.

    Parameters
    ----------
    ingested
        The input as the manifest of documents/ records it: `version`, an ETag or a time, and `size`.
    """
    try:
        current = storage.stat(uri)
    except (UserError, OSError) as error:
        return UNREACHABLE, f"the archive cannot be checked: {error}"
    if current is None:
        return GONE, f"the archive no longer exists: {redacted(uri)}"
    if ingested is None:
        return UNKNOWN, "documents/ does not record which version of the archive was ingested"
    if current.version != ingested["version"]:
        sizes = f"{ingested['size']:,} bytes then, {current.size:,} now"
        return (
            CHANGED,
            f"the archive has changed since it was ingested ({sizes}): check that the record fits",
        )
    return SAME, ""
