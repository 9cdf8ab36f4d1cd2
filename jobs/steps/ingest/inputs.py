"""Inputs of an ingest: those that the settings name and documents/ does not have yet, in groups."""

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
# assumed size of an object whose server does not give it: that of a Common Crawl archive
_UNKNOWN_SIZE = 10**9


def named(config: IngestConfig) -> list[ObjectInfo]:
    """Return the objects that the settings name, by address.

    Raises
    ------
    UserError
        They name none, or an address contains a secret.
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
    """Return whether an address has a password, or the signature of a presigned request."""
    return bool(_SECRET.match(uri))


def kept(before: Manifest | None, config: IngestConfig, labels: dict[str, str]) -> list[Folder]:
    """Return the folders of documents/ that this ingest does not replace."""
    return [
        folder
        for folder in (before.folders if before else ())
        if not (config.replace and folder.labels == labels)
    ]


def made_from(before: Manifest | None, folders: list[Folder]) -> dict[str, dict[str, Any]]:
    """Return the inputs that these folders were made from, by address."""
    runs = {folder.run for folder in folders}
    inputs = before.inputs if before else []
    return {item["uri"]: item for item in inputs if item["run"] in runs}


def is_known(info: ObjectInfo, known: dict[str, dict[str, Any]]) -> bool:
    """Return whether the object is in documents/ already.

    Raises
    ------
    UserError
        documents/ has another version of it.
    """
    earlier = known.get(info.uri)
    if earlier is None:
        return False
    if earlier["version"] == info.version:
        return True
    raise UserError(
        f"{info.uri} has changed since it was ingested: --replace drops its snapshot first"
    )


def size(item: ObjectInfo) -> int:
    """Return the bytes of an object, or a guess where its server does not give them."""
    return item.size if item.size >= 0 else _UNKNOWN_SIZE


def groups(objects: Sequence[ObjectInfo], group_bytes: int) -> Iterator[list[ObjectInfo]]:
    """Yield groups of consecutive objects of about `group_bytes`; each is published when it is done."""
    group: list[ObjectInfo] = []
    total = 0
    for item in objects:
        if group and total + size(item) > group_bytes:
            yield group
            group, total = [], 0
        group.append(item)
        total += size(item)
    if group:
        yield group
