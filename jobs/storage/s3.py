"""`s3://`: AWS and every server that speaks its protocol, by boto3."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from typing import IO, Any

import urllib3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import HTTPClientError, IncompleteReadError

from jobs.storage import resume
from jobs.storage.patterns import fixed_prefix, glob_regex, is_glob
from jobs.storage.s3_client import ConditionFailedError, RangeBehindEndError, client, meant
from jobs.storage.store import ObjectInfo, conflict

DELETE_BATCH = 1000  # keys, the most that one DeleteObjects takes


class S3Store(resume.RemoteStore):
    """Objects are `s3://bucket/key`; a folder is what keys have before a slash."""

    lost = (HTTPClientError, IncompleteReadError, urllib3.exceptions.HTTPError)

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
            with meant(uri):
                head = client().head_object(Bucket=bucket, Key=key)
        except FileNotFoundError:
            return None
        return ObjectInfo(uri, head["ContentLength"], head["ETag"].strip('"'))

    def open_range(self, uri: str, start: int, end: int | None, version: str) -> resume.Reply:
        bucket, key = _split(uri)
        conditions: dict[str, Any] = {}
        if start or end is not None:
            conditions["Range"] = resume.byte_range(start, end)
        if version:
            conditions["IfMatch"] = f'"{version}"'
        try:
            with meant(uri):
                reply = client().get_object(Bucket=bucket, Key=key, **conditions)
        except RangeBehindEndError:
            return resume.Reply(io.BytesIO(), start, start, version)
        first, size = resume.extent(reply.get("ContentRange"), reply["ContentLength"])
        return resume.Reply(reply["Body"], first, size, reply["ETag"].strip('"'))

    def write_bytes(self, uri: str, data: bytes, if_version: str | None, create: bool) -> str:
        bucket, key = _split(uri)
        conditions: dict[str, Any] = {}
        if create:
            conditions["IfNoneMatch"] = "*"
        elif if_version is not None:
            conditions["IfMatch"] = f'"{if_version}"'
        try:
            with meant(uri):
                reply = client().put_object(Bucket=bucket, Key=key, Body=data, **conditions)
        except ConditionFailedError as failure:
            # the answer to a first attempt may have been lost after it was carried out; then it is
            # the second attempt that finds the condition no longer true
            if failure.attempts > 1:
                with contextlib.suppress(FileNotFoundError):
                    content, version = self.read_versioned(uri)
                    if content == data:
                        return version
            raise conflict(uri) from None
        except FileNotFoundError:  # If-Match on an object that is gone
            raise conflict(uri) from None
        return reply["ETag"].strip('"')

    def write_file(self, uri: str, file: IO[bytes]) -> None:
        bucket, key = _split(uri)
        with meant(uri), open(os.dup(file.fileno()), "rb") as own:  # boto3 closes what it is given
            client().upload_fileobj(own, bucket, key, Config=TransferConfig(max_concurrency=4))

    def below(self, folder: str) -> Iterator[ObjectInfo]:
        bucket, prefix = _split_folder(folder)
        for key, size, version in _listing(bucket, prefix):
            yield ObjectInfo(key[len(prefix) :], size, version)

    def folder_names(self, folder: str) -> list[str]:
        bucket, prefix = _split_folder(folder)
        pages = client().get_paginator("list_objects_v2")
        with meant(folder):
            return [
                each["Prefix"][len(prefix) : -1]
                for page in pages.paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
                for each in page.get("CommonPrefixes", [])
            ]

    def remove_tree(self, uri: str) -> int:
        bucket, key = _split(uri.rstrip("/"))
        # with the markers that some tools leave for an empty folder
        keys = [name for name, *_ in _listing(bucket, f"{key}/", markers=True)]
        if self.stat(uri):
            keys.append(key)
        for start in range(0, len(keys), DELETE_BATCH):
            batch = keys[start : start + DELETE_BATCH]
            with meant(uri):
                reply = client().delete_objects(
                    Bucket=bucket,
                    Delete={"Objects": [{"Key": name} for name in batch], "Quiet": True},
                )
            if failed := reply.get("Errors"):
                raise PermissionError(
                    f"{len(failed)} objects were not removed, the first of them "
                    f"s3://{bucket}/{failed[0].get('Key')}: {failed[0].get('Message')}"
                )
        return sum(1 for name in keys if not name.endswith("/"))


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def _split_folder(folder: str) -> tuple[str, str]:
    bucket, key = _split(folder.rstrip("/"))
    return bucket, f"{key}/" if key else ""


def _listing(bucket: str, prefix: str, *, markers: bool = False) -> Iterator[tuple[str, int, str]]:
    """Yield key, size and ETag of all objects whose keys start so; markers end in a slash."""
    pages = client().get_paginator("list_objects_v2")
    with meant(f"s3://{bucket}/{prefix}"):
        for page in pages.paginate(Bucket=bucket, Prefix=prefix):
            for each in page.get("Contents", []):
                if markers or not each["Key"].endswith("/"):
                    yield each["Key"], each["Size"], each["ETag"].strip('"')
