"""The settings of `takedown`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class TakedownConfig(RootConfig):
    """Remove documents permanently.

    They are removed from every table and its older versions, and later jobs leave them out. Name them by
    id, URL, domain or digest; a name that matches no document is recorded for later jobs.
    """

    id: tuple[str, ...] = option((), "ids of documents", metavar="ID")
    url: tuple[str, ...] = option(
        (), "URLs of documents; http or https and a trailing slash make no difference"
    )
    domain: tuple[str, ...] = option(
        (), "hosts, with their subdomains: example.org includes www.example.org"
    )
    digest: tuple[str, ...] = option(
        (), "SHA-1 digests of documents' content, in base32 as in WARC, or hexadecimal"
    )
    from_: str | None = option(
        None,
        "file of names, one a line: the kind (id, url, domain or digest), a tab, and the value",
        metavar="FILE",
    )
    reason: str = option(REQUIRED, "reason, for the record", metavar="TEXT")
    date: str | None = option(
        None, "date of the request (default: today, UTC)", metavar="YYYY-MM-DD"
    )
    copies: bool = option(False, "also remove the exact and near duplicates of the named documents")
    dry_run: bool = option(False, "print what would be removed, and change nothing")
