"""`https://` and `http://`: public archives by URL, such as data.commoncrawl.org."""

from __future__ import annotations

import functools
import io
import os
import random
import urllib.request
from typing import IO

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from jobs.storage import resume
from jobs.storage.store import ObjectInfo, object_changed, redacted

CONNECTIONS = 32  # kept open to one host
TIMEOUT = urllib3.Timeout(connect=10, read=60)  # seconds; the second is between two packets
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "redpajama-spark"}
BUSY = (429, 500, 502, 503, 504)
THROTTLED = (403, *BUSY)  # data.commoncrawl.org answers 403, too, to who asks too much of it
FORBIDDEN_ATTEMPTS = 4  # after which a 403 means what it says
UNREACHED_ATTEMPTS = 4  # after which a host is not merely slow to answer
LONGEST_RETRY_AFTER = 120.0  # seconds
READ_ONLY = "a web server can only be read: write to a path or to s3://"
NO_LISTING = "a web server lists nothing: name each object by its URL"


class HttpStore(resume.RemoteStore):
    """Each URL is one object: there is no listing, and nothing can be written."""

    lost = (HTTPError,)

    def find(self, pattern: str) -> list[ObjectInfo]:
        if "*" in pattern:
            raise io.UnsupportedOperation(f"{redacted(pattern)}: {NO_LISTING}")
        info = self.stat(pattern)
        return [info] if info else []

    def stat(self, uri: str) -> ObjectInfo | None:
        try:
            reply = _request("HEAD", uri, {}, BUSY)
            # some servers refuse HEAD but answer GET, some do not tell the length of what they pack
            if reply.status in (403, 405, 501) or "Content-Length" not in reply.headers:
                first = self.open_range(uri, 0, 1, "")
                first.body.close()
                return ObjectInfo(uri, -1 if first.size is None else first.size, first.version)
            _check(reply, uri)
        except FileNotFoundError:
            return None
        return ObjectInfo(uri, int(reply.headers["Content-Length"]), _version(reply))

    def open_range(self, uri: str, start: int, end: int | None, version: str) -> resume.Reply:
        headers = {}
        if start or end is not None:
            headers["Range"] = resume.byte_range(start, end)
        if version.startswith('"'):  # a weak ETag (W/"..") or a date cannot be asked for
            headers["If-Match"] = version
        reply = _request("GET", uri, headers, THROTTLED)
        if reply.status == 416:
            reply.close()
            return resume.Reply(io.BytesIO(), start, start, version)
        _check(reply, uri)
        length = reply.headers.get("Content-Length")
        first, size = resume.extent(
            reply.headers.get("Content-Range"), int(length) if length else None
        )
        return resume.Reply(reply, first, size, _version(reply))

    def write_bytes(self, uri: str, data: bytes, if_version: str | None, create: bool) -> str:
        raise io.UnsupportedOperation(f"{redacted(uri)}: {READ_ONLY}")

    def write_file(self, uri: str, file: IO[bytes]) -> None:
        raise io.UnsupportedOperation(f"{redacted(uri)}: {READ_ONLY}")

    def remove_tree(self, uri: str) -> int:
        raise io.UnsupportedOperation(f"{redacted(uri)}: {READ_ONLY}")

    def below(self, folder: str) -> list[ObjectInfo]:
        raise io.UnsupportedOperation(f"{redacted(folder)}: {NO_LISTING}")

    def folder_names(self, folder: str) -> list[str]:
        raise io.UnsupportedOperation(f"{redacted(folder)}: {NO_LISTING}")


class _Retry(urllib3.Retry):
    """urllib3's rules of when to try again, with this package's rule of how long to wait."""

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        if status_code == 403 and not has_retry_after and len(self.history) >= FORBIDDEN_ATTEMPTS:
            return False
        return super().is_retry(method, status_code, has_retry_after)

    def get_backoff_time(self) -> float:
        return resume.backoff(len(self.history))

    def get_retry_after(self, response: urllib3.BaseHTTPResponse) -> float | None:
        seconds = super().get_retry_after(response)
        if seconds is None:
            return None
        # a thousand tasks that were all told "10" should not all come back at once
        return min(seconds, LONGEST_RETRY_AFTER) + random.random()


def _request(
    method: str, uri: str, headers: dict[str, str], try_again: tuple[int, ...]
) -> urllib3.BaseHTTPResponse:
    """Send one request, again while the server is busy or not reached; return any other answer."""
    retry = _Retry(
        total=resume.ATTEMPTS,
        connect=UNREACHED_ATTEMPTS,
        status_forcelist=try_again,
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
    """Return the connections of this process; a forked one must not use its parent's."""
    if proxy:
        return urllib3.ProxyManager(proxy, maxsize=CONNECTIONS)
    return urllib3.PoolManager(maxsize=CONNECTIONS)


def _proxy(uri: str) -> str | None:
    """Return the proxy that the environment (HTTPS_PROXY, NO_PROXY, ..) names for a URL."""
    parts = urllib3.util.parse_url(uri)
    if urllib.request.proxy_bypass(parts.host or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme or "")


def _check(reply: urllib3.BaseHTTPResponse, uri: str) -> None:
    """Raise what an answer other than success means."""
    if reply.status < 300:
        return
    reply.close()
    answer = f"the server answered {reply.status} {reply.reason or ''}".rstrip()
    if reply.status in (404, 410):
        raise FileNotFoundError(f"{redacted(uri)} does not exist ({answer})")
    if reply.status in (401, 403):
        raise PermissionError(f"{redacted(uri)} may not be read, or not so much of it ({answer})")
    if reply.status == 412:
        raise object_changed(uri)
    raise OSError(f"{redacted(uri)} cannot be read: {answer}")


def _version(reply: urllib3.BaseHTTPResponse) -> str:
    return reply.headers.get("ETag") or reply.headers.get("Last-Modified") or ""
