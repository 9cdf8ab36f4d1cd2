"""Store for `s3://`, on AWS and servers with its protocol, by boto3."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from typing import IO, Any

import urllib3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import HTTPClientError, IncompleteReadError

from jobs.storage import ranges, remote
from jobs.storage.patterns import fixed_prefix, glob_regex, is_glob
from jobs.storage.s3_client import (
    ConditionFailedError,
    RangePastEndError,
    client,
    translated_errors,
)
from jobs.storage.store import ObjectInfo, conflict

DELETE_BATCH = 1000  # keys; the maximum of one DeleteObjects request


class S3Store(remote.RemoteStore):
    """Objects are `s3://bucket/key`; a folder is a prefix of keys that ends with a slash."""

    connection_errors = (HTTPClientError, IncompleteReadError, urllib3.exceptions.HTTPError)

    def find(self, pattern: str) -> list[ObjectInfo]:
        exact = self.stat(pattern)
        if exact:
            return [exact]
        bucket, key = _split(pattern.rstrip("/"))
        if not is_glob(key):
            key = f"{key}/**".lstrip("/")
        regex = glob_regex(key)
        return [
            ObjectInfo(f"s3://{bucket}/{name}", size, version)
            for name, size, version in _listing(bucket, fixed_prefix(key))
            if regex.fullmatch(name)
        ]

    def stat(self, uri: str) -> ObjectInfo | None:
        bucket, key = _split(uri)
        if not key or key.endswith("/"):
            return None
        try:
            with translated_errors(uri):
                head = client().head_object(Bucket=bucket, Key=key)
        except FileNotFoundError:
            return None
        return ObjectInfo(uri, head["ContentLength"], head["ETag"].strip('"'))

    def open_range(self, uri: str, start: int, end: int | None, version: str) -> ranges.OpenedRange:
        bucket, key = _split(uri)
        conditions: dict[str, Any] = {}
        if start or end is not None:
            conditions["Range"] = ranges.byte_range(start, end)
        if version:
            conditions["IfMatch"] = f'"{version}"'
        try:
            with translated_errors(uri):
                response = client().get_object(Bucket=bucket, Key=key, **conditions)
        except RangePastEndError:
            return ranges.OpenedRange(io.BytesIO(), start, start, version)
        first, size = ranges.start_and_size(response.get("ContentRange"), response["ContentLength"])
        return ranges.OpenedRange(response["Body"], first, size, response["ETag"].strip('"'))

    def write_bytes(self, uri: str, data: bytes, if_version: str | None, create: bool) -> str:
        bucket, key = _split(uri)
        conditions: dict[str, Any] = {}
        if create:
            conditions["IfNoneMatch"] = "*"
        elif if_version is not None:
            conditions["IfMatch"] = f'"{if_version}"'
        try:
            with translated_errors(uri):
                response = client().put_object(Bucket=bucket, Key=key, Body=data, **conditions)
        except ConditionFailedError as failure:
            # the first attempt may have succeeded and only its response been lost; then the next
            # attempt fails on the object that the first one wrote
            if failure.attempts > 1:
                with contextlib.suppress(FileNotFoundError):
                    content, version = self.read_versioned(uri)
                    if content == data:
                        return version
            raise conflict(uri) from None
        except FileNotFoundError:  # If-Match on an object that was removed
            raise conflict(uri) from None
        return response["ETag"].strip('"')

    def write_file(self, uri: str, file: IO[bytes]) -> None:
        bucket, key = _split(uri)
        # boto3 closes the file that it uploads
        with translated_errors(uri), open(os.dup(file.fileno()), "rb") as duplicate:
            client().upload_fileobj(
                duplicate, bucket, key, Config=TransferConfig(max_concurrency=4)
            )

    def list_objects(self, folder: str) -> Iterator[ObjectInfo]:
        bucket, prefix = _split_folder(folder)
        for key, size, version in _listing(bucket, prefix):
            yield ObjectInfo(key[len(prefix) :], size, version)

    def list_folders(self, folder: str) -> list[str]:
        bucket, prefix = _split_folder(folder)
        pages = client().get_paginator("list_objects_v2")
        with translated_errors(folder):
            return [
                common["Prefix"][len(prefix) : -1]
                for page in pages.paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
                for common in page.get("CommonPrefixes", [])
            ]

    def remove_tree(self, uri: str) -> int:
        bucket, key = _split(uri.rstrip("/"))
        # some tools mark an empty folder by an object whose key ends with a slash
        keys = [name for name, *_ in _listing(bucket, f"{key}/", markers=True)]
        if self.stat(uri):
            keys.append(key)
        for start in range(0, len(keys), DELETE_BATCH):
            batch = keys[start : start + DELETE_BATCH]
            with translated_errors(uri):
                response = client().delete_objects(
                    Bucket=bucket,
                    Delete={"Objects": [{"Key": name} for name in batch], "Quiet": True},
                )
            if failures := response.get("Errors"):
                raise PermissionError(
                    f"{len(failures)} objects were not removed, the first of them "
                    f"s3://{bucket}/{failures[0].get('Key')}: {failures[0].get('Message')}"
                )
        return sum(1 for name in keys if not name.endswith("/"))


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def _split_folder(folder: str) -> tuple[str, str]:
    bucket, key = _split(folder.rstrip("/"))
    return bucket, f"{key}/" if key else ""


def _listing(bucket: str, prefix: str, *, markers: bool = False) -> Iterator[tuple[str, int, str]]:
    """Yield key, size and ETag of all objects with a prefix, with or without folder markers."""
    pages = client().get_paginator("list_objects_v2")
    with translated_errors(f"s3://{bucket}/{prefix}"):
        for page in pages.paginate(Bucket=bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                if markers or not entry["Key"].endswith("/"):
                    yield entry["Key"], entry["Size"], entry["ETag"].strip('"')
