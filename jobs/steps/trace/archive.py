"""Whether the archive that a document came from is there still, and as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs import storage
from jobs.storage.store import redacted
from schemas.errors import UserError

SAME, CHANGED, GONE, UNREACHABLE, UNKNOWN = "same", "changed", "gone", "unreachable", "unknown"


def state(uri: str, known: Mapping[str, Any] | None) -> tuple[str, str]:
    """What became of an archive since it was ingested, and one line that says so; empty for nothing.

    Parameters
    ----------
    known
        What documents/ keeps of the input: `version`, which is an ETag or a time, and `size`.
    """
    try:
        now = storage.stat(uri)
    except (UserError, OSError) as error:
        return UNREACHABLE, f"the archive cannot be looked up: {error}"
    if now is None:
        return GONE, f"the archive is not there any more: {redacted(uri)}"
    if known is None:
        return UNKNOWN, "documents/ does not keep which version of the archive was ingested"
    if now.version != known["version"]:
        size = f"{known['size']:,} bytes then, {now.size:,} now"
        return CHANGED, f"the archive has changed since it was ingested ({size}): see that it fits"
    return SAME, ""
