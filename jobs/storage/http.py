"""Read-only store for `https://` and `http://`, such as data.commoncrawl.org."""

from __future__ import annotations

import functools
import io
import os
import random
import urllib.request
from typing import IO

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from jobs.storage import ranges, remote
from jobs.storage.store import ObjectInfo, object_changed, redacted

CONNECTIONS = 32  # open connections to one host
TIMEOUT = urllib3.Timeout(connect=10, read=60)  # seconds; `read` is the time between two packets
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "redpajama-spark"}
BUSY = (429, 500, 502, 503, 504)
THROTTLED = (403, *BUSY)  # data.commoncrawl.org also answers 403 to too many requests
FORBIDDEN_RETRIES = 4  # a 403 after so many retries is an answer, not throttling
CONNECT_RETRIES = 4  # after which a host counts as unreachable
MAX_RETRY_AFTER = 120.0  # seconds; a longer Retry-After is cut to this
READ_ONLY = "a web server is read-only: write to a path or to s3://"
NO_LISTING = "a web server has no listing: name each object by its URL"


class HttpStore(remote.RemoteStore):
    """Each URL is one object; listing and writing raise io.UnsupportedOperation."""

    connection_errors = (HTTPError,)

    def find(self, pattern: str) -> list[ObjectInfo]:
        if "*" in pattern:
            raise io.UnsupportedOperation(f"{redacted(pattern)}: {NO_LISTING}")
        info = self.stat(pattern)
        return [info] if info else []

    def stat(self, uri: str) -> ObjectInfo | None:
        try:
            response = _request("HEAD", uri, {}, BUSY)
            # some servers refuse HEAD but answer GET; some omit the length of compressed content
            if response.status in (403, 405, 501) or "Content-Length" not in response.headers:
                opened = self.open_range(uri, 0, 1, "")
                opened.body.close()
                return ObjectInfo(uri, -1 if opened.size is None else opened.size, opened.version)
            _check_status(response, uri)
        except FileNotFoundError:
            return None
        return ObjectInfo(uri, int(response.headers["Content-Length"]), _version(response))

    def open_range(self, uri: str, start: int, end: int | None, version: str) -> ranges.OpenedRange:
        headers = {}
        if start or end is not None:
            headers["Range"] = ranges.byte_range(start, end)
        if version.startswith('"'):  # If-Match takes no weak ETag (W/"..") and no date
            headers["If-Match"] = version
        response = _request("GET", uri, headers, THROTTLED)
        if response.status == 416:
            response.close()
            return ranges.OpenedRange(io.BytesIO(), start, start, version)
        _check_status(response, uri)
        length = response.headers.get("Content-Length")
        first, size = ranges.start_and_size(
            response.headers.get("Content-Range"), int(length) if length else None
        )
        return ranges.OpenedRange(response, first, size, _version(response))

    def write_bytes(self, uri: str, data: bytes, if_version: str | None, create: bool) -> str:
        raise io.UnsupportedOperation(f"{redacted(uri)}: {READ_ONLY}")

    def write_file(self, uri: str, file: IO[bytes]) -> None:
        raise io.UnsupportedOperation(f"{redacted(uri)}: {READ_ONLY}")

    def remove_tree(self, uri: str) -> int:
        raise io.UnsupportedOperation(f"{redacted(uri)}: {READ_ONLY}")

    def list_objects(self, folder: str) -> list[ObjectInfo]:
        raise io.UnsupportedOperation(f"{redacted(folder)}: {NO_LISTING}")

    def list_folders(self, folder: str) -> list[str]:
        raise io.UnsupportedOperation(f"{redacted(folder)}: {NO_LISTING}")


class _Retry(urllib3.Retry):
    """urllib3's rules for when to retry, with this package's waiting times and limit on 403s."""

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        if status_code == 403 and not has_retry_after and len(self.history) >= FORBIDDEN_RETRIES:
            return False
        return super().is_retry(method, status_code, has_retry_after)

    def get_backoff_time(self) -> float:
        return remote.backoff(len(self.history))

    def get_retry_after(self, response: urllib3.BaseHTTPResponse) -> float | None:
        seconds = super().get_retry_after(response)
        if seconds is None:
            return None
        # a thousand tasks that received the same Retry-After must not all retry at once
        return min(seconds, MAX_RETRY_AFTER) + random.random()


def _request(
    method: str, uri: str, headers: dict[str, str], retried: tuple[int, ...]
) -> urllib3.BaseHTTPResponse:
    """Send a request and return its response; retry `retried` statuses and failed connections.

    Raises ConnectionError if the host cannot be reached.
    """
    retry = _Retry(
        total=remote.ATTEMPTS,
        connect=CONNECT_RETRIES,
        status_forcelist=retried,
        raise_on_status=False,
    )
    try:
        return _pool(os.getpid(), _proxy(uri)).request(
            method,
            uri,
            headers=HEADERS | headers,
            retries=retry,
            timeout=TIMEOUT,
            preload_content=method == "HEAD",
            decode_content=False,
        )
    except HTTPError as error:
        reason = error.reason if isinstance(error, MaxRetryError) else error
        raise ConnectionError(
            f"{redacted(uri)} cannot be reached: {reason}; check the address"
        ) from error


@functools.lru_cache(maxsize=8)
def _pool(process: int, proxy: str | None) -> urllib3.PoolManager:
    """Return the connection pool of a process; a forked process must not use its parent's."""
    if proxy:
        return urllib3.ProxyManager(proxy, maxsize=CONNECTIONS)
    return urllib3.PoolManager(maxsize=CONNECTIONS)


def _proxy(uri: str) -> str | None:
    """Return the proxy that the environment (HTTPS_PROXY, NO_PROXY, ..) sets for a URL, or None."""
    parts = urllib3.util.parse_url(uri)
    if urllib.request.proxy_bypass(parts.host or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme or "")


def _check_status(response: urllib3.BaseHTTPResponse, uri: str) -> None:
    """Raise the OSError that fits the status of an unsuccessful response."""
    if response.status < 300:
        return
    response.close()
    answer = f"the server answered {response.status} {response.reason or ''}".rstrip()
    if response.status in (404, 410):
        raise FileNotFoundError(f"{redacted(uri)} does not exist ({answer})")
    if response.status in (401, 403):
        raise PermissionError(
            f"{redacted(uri)} may not be read, or the server limits requests ({answer})"
        )
    if response.status == 412:
        raise object_changed(uri)
    raise OSError(f"{redacted(uri)} cannot be read: {answer}")


def _version(response: urllib3.BaseHTTPResponse) -> str:
    return response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
