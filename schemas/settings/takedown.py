"""The settings of `takedown`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class TakedownConfig(RootConfig):
    """Remove documents, or restore them.

    They are removed from every table and its older versions, and later jobs leave them out. Name them by
    id, URL, domain or digest; a name that matches no document is recorded for later jobs.
    """

    id: tuple[str, ...] = option(
        (),
        "ids of documents, or of messages of conversations (oasst/MESSAGE): all conversations that hold it",
        metavar="ID",
    )
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
    dry_run: bool = option(False, "name the documents that would be removed, and change nothing")
    at_most: int | None = option(
        None, "change nothing if more documents than N match", metavar="N", at_least=0
    )
    yes: bool = option(
        False,
        "go on if more than 1 % of the documents match (and more than 10), or more than 1,000",
    )
    permanent: bool = option(
        False, "keep nothing to restore, also of earlier takedowns of these documents"
    )
    restore: bool = option(
        False,
        "undo the takedown of these names, or the last one, as long as `vacuum` keeps what it removed",
    )
    certificate: str | None = option(
        None,
        "write what was removed from which tables and files, with hashes, as JSON, after a second search "
        "has found nothing of it",
        metavar="FILE",
    )
    exports: tuple[str, ...] = option(
        (),
        "write these exports of the root again, without the documents",
        metavar="DIR",
    )
