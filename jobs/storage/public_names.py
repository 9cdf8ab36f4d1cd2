"""Names for what is published: cards, exports and reports do not show where files are on a machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jobs.storage.store import redacted

# absolute paths, and those of mounted volumes
_LOCAL = re.compile(r"(?:file:|dbfs:)?/")


def public_name(uri: str) -> str:
    """Return the last part of a local path; other addresses are names already, without their secrets.

    >>> [public_name(uri) for uri in ("/home/me/dumps/a.warc.gz", "file:///data/b", "dumps/*.xml")]
    ['a.warc.gz', 'b', 'dumps/*.xml']
    >>> public_name("s3://bucket/key")
    's3://bucket/key'
    """
    if _LOCAL.match(uri):
        return uri.rstrip("/").rpartition("/")[2] or "/"
    return redacted(uri)


def published(value: Any) -> Any:
    """Return settings or figures with the public name of each address in them, at any depth."""
    if isinstance(value, str):
        return public_name(value) if _LOCAL.match(value) and "\n" not in value else value
    if isinstance(value, Mapping):
        return {published(key): published(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [published(member) for member in value]
    return value
