"""Join URIs, and find the store that a URI belongs to."""

from __future__ import annotations

import functools
import re

from jobs.storage.files import FileStore
from jobs.storage.store import Store
from schemas.errors import UserError

SUPPORTED = "a path, file://, s3://, https:// or /Volumes/.."


def join(uri: str, *parts: str) -> str:
    """Append names to a URI, with one slash between them.

    >>> join("s3://bucket/", "folder/", "name")
    's3://bucket/folder/name'
    """
    return "/".join([uri.rstrip("/"), *(part.strip("/") for part in parts)])


def locate(uri: str) -> tuple[Store, str]:
    """Return the store that a URI belongs to, and the URI as that store spells it.

    `file:` URIs are taken literally, as in Hadoop: `%20` is not a space.

    Raises UserError for a scheme without a store, and for `s3://` without a bucket.
    """
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):/", uri)
    scheme = match[1].lower() if match else "file"
    path = uri[match.end() :].lstrip("/") if match else ""
    if scheme in ("s3", "s3a", "s3n"):
        if not path:
            raise UserError(f"{uri} names no bucket: write s3://BUCKET/KEY")
        return _s3_store(), f"s3://{path}"
    if scheme in ("http", "https"):
        return _http_store(), uri
    if scheme == "file":
        return _file_store(), f"/{path}" if match else uri
    if scheme == "dbfs" and path.startswith("Volumes/"):
        return _file_store(), f"/{path}"
    raise UserError(f"cannot reach {uri}: {scheme}:// is not supported; use {SUPPORTED}")


@functools.cache
def _file_store() -> Store:
    return FileStore()


@functools.cache
def _s3_store() -> Store:
    from jobs.storage.s3 import S3Store  # importing boto3 takes half a second

    return S3Store()


@functools.cache
def _http_store() -> Store:
    from jobs.storage.http import HttpStore

    return HttpStore()
