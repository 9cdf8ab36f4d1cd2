"""The settings of `takedown`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class TakedownConfig(RootConfig):
    """Take documents out, for good: of every table, of older versions, and of all that comes later.

    They are named by id, URL, domain or digest. What matches none is recorded all the same.
    """

    id: tuple[str, ...] = option((), "documents by their ids", metavar="ID")
    url: tuple[str, ...] = option(
        (), "documents by address; http and https, and a slash at the end, are no matter"
    )
    domain: tuple[str, ...] = option(
        (), "all of a host and of what is below it: example.org, and so www.example.org"
    )
    digest: tuple[str, ...] = option(
        (), "documents by the SHA-1 of their content, in base32 as in WARC, or hexadecimal"
    )
    from_: str | None = option(
        None,
        "file of lines `kind`, a tab and `value`, the kinds being id, url, domain and digest",
        metavar="FILE",
    )
    reason: str = option(REQUIRED, "why, for the record", metavar="TEXT")
    date: str | None = option(None, "of the request (default: today, UTC)", metavar="YYYY-MM-DD")
    copies: bool = option(
        False, "take down the duplicates of the named documents as well, exact and near"
    )
    dry_run: bool = option(False, "only say what would go")
