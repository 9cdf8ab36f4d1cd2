"""Which inputs an ingest reads: what is named, less what is in documents/ already, in groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from jobs import storage
from jobs.storage import ObjectInfo
from jobs.storage.crawl import archive_list
from jobs.storage.store import redacted
from jobs.tables.manifest import Folder, Manifest
from schemas.errors import UserError
from schemas.settings.ingest import CommonCrawlConfig, IngestConfig

_SECRET = re.compile(
    r"https?://(?:[^/]*@|[^?]*\?(?:.*&)?(?:x-amz-(?:signature|credential|security-token)|signature|sig"
    r"|token|access_token|googleaccessid|x-goog-signature)=)",
    re.IGNORECASE,
)
# of an object whose server does not tell its size in advance: an archive of Common Crawl's
_UNTOLD = 10**9


def named(config: IngestConfig) -> list[ObjectInfo]:
    """The objects that the settings name, by address.

    Raises
    ------
    UserError
        They name none.
    """
    for uri in config.input:
        if has_secret(uri):
            raise UserError(
                f"{redacted(uri)}: an address with a password or signature would be stored with each "
                "document; name it without, and give credentials by the environment"
            )
    if config.input:
        return storage.expand(config.input)
    if isinstance(config, CommonCrawlConfig) and config.snapshot:
        return storage.expand(
            archive_list(config.snapshot, config.archive, config.base, config.limit)
        )
    raise UserError("nothing to ingest: give --input, or for common_crawl --snapshot")


def has_secret(uri: str) -> bool:
    """Whether an address carries a password, or the signature of a request signed in advance."""
    return bool(_SECRET.match(uri))


def kept(before: Manifest | None, config: IngestConfig, labels: dict[str, str]) -> list[Folder]:
    """The folders of documents/ that this ingest does not replace."""
    return [
        folder
        for folder in (before.folders if before else ())
        if not (config.replace and folder.labels == labels)
    ]


def made_from(before: Manifest | None, folders: list[Folder]) -> dict[str, dict[str, Any]]:
    """The inputs that these folders were made from, by address."""
    names = {folder.run for folder in folders}
    return {each["uri"]: each for each in (before.inputs if before else []) if each["run"] in names}


def is_known(found: ObjectInfo, known: dict[str, dict[str, Any]]) -> bool:
    """Whether the object is in documents/ already.

    Raises
    ------
    UserError
        It is, as another version.
    """
    earlier = known.get(found.uri)
    if earlier is None:
        return False
    if earlier["version"] == found.version:
        return True
    raise UserError(
        f"{found.uri} has changed since it was ingested: --replace drops its snapshot first"
    )


def groups(objects: Sequence[ObjectInfo], group_bytes: int) -> Iterator[list[ObjectInfo]]:
    """Runs of objects, in their order, of about so many bytes: each is published when it is done."""
    group: list[ObjectInfo] = []
    size = 0
    for each in objects:
        bytes_ = each.size if each.size >= 0 else _UNTOLD
        if group and size + bytes_ > group_bytes:
            yield group
            group, size = [], 0
        group.append(each)
        size += bytes_
    if group:
        yield group
