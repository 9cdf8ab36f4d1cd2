"""Web servers only: throttling, missing headers, proxies."""

from __future__ import annotations

import io
import socket
import threading
import time

import pytest
from faulty_server import DATA, Fault, Server

from jobs import storage
from jobs.storage import http, remote
from schemas.errors import UserError


@pytest.fixture
def server(faulty_server: Server) -> Server:
    return faulty_server


@pytest.mark.parametrize("status", [403, 429])
def test_throttled_requests_to_a_web_server_are_retried(server: Server, status: int) -> None:
    server.faults += [Fault(status=status)] * 3
    assert storage.read_bytes(f"{server.base}/x.gz") == DATA


def test_retries_wait_for_retry_after_up_to_a_maximum(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    sleep, own = time.sleep, threading.get_ident()

    def noted(seconds: float) -> None:
        if threading.get_ident() == own:
            slept.append(seconds)
        else:  # a thread that another test has left
            sleep(seconds)

    monkeypatch.setattr(time, "sleep", noted)
    server.faults += [
        Fault(status=503, headers={"Retry-After": "7"}),
        Fault(status=429, headers={"Retry-After": "86400"}),
    ]
    assert storage.read_bytes(f"{server.base}/x.gz") == DATA
    assert 7 <= slept[0] <= 8
    assert http.MAX_RETRY_AFTER <= slept[1] <= http.MAX_RETRY_AFTER + 1


@pytest.mark.parametrize("etags", [('W/"1"', 'W/"2"'), ("", "")], ids=["weak", "none"])
def test_a_replaced_object_is_detected_without_a_strong_etag(
    server: Server, etags: tuple[str, str]
) -> None:
    server.etag, server.last_modified = etags[0], "Sun, 06 Nov 1994 08:49:37 GMT"
    server.faults.append(Fault(cut=100_000))
    with storage.open_stream(f"{server.base}/x.gz") as stream:
        assert stream.read(50_000) == DATA[:50_000]
        server.etag, server.last_modified = etags[1], "Sun, 06 Nov 1994 08:49:38 GMT"
        with pytest.raises(storage.ObjectChanged):
            stream.read()
    assert {match for *_, match in server.requests} == {None}


def test_a_server_without_ranges_is_read_again_from_the_start(server: Server) -> None:
    server.ranges = False
    server.faults += [Fault(cut=100_000), Fault(cut=50_000)]
    uri = f"{server.base}/x.gz"

    assert storage.read_bytes(uri) == DATA
    server.faults.append(Fault(cut=10))
    assert storage.read_range(uri, 1000, 10) == DATA[1000:1010]
    with storage.open_stream(uri, offset=len(DATA)) as stream:
        assert stream.read() == b""


@pytest.mark.parametrize("head", [True, False], ids=["HEAD", "no HEAD"])
def test_size_and_version_of_a_url(server: Server, head: bool) -> None:
    server.head = head
    uri = f"{server.base}/x.gz"

    assert storage.expand([uri]) == [storage.ObjectInfo(uri, len(DATA), server.version)]
    server.data = b""
    assert storage.stat(uri) == storage.ObjectInfo(uri, 0, server.version if head else "")


def test_a_missing_url_is_reported_without_its_query(server: Server) -> None:
    uri = f"{server.base}/missing?signature=secret"
    assert storage.stat(uri) is None
    assert not storage.exists(uri)
    with pytest.raises(UserError, match="no object matches http://127"):
        storage.expand([uri])
    with pytest.raises(FileNotFoundError, match="404") as raised:
        storage.read_bytes(uri)
    assert "secret" not in str(raised.value)


def test_a_forbidden_url_is_retried_a_few_times_only(server: Server) -> None:
    server.faults += [Fault(status=403)] * 99
    with pytest.raises(PermissionError, match="403"):
        storage.read_bytes(f"{server.base}/x.gz")
    assert len(server.requests) == http.FORBIDDEN_RETRIES + 1


def test_an_unreachable_host_is_a_user_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "FIRST_WAIT", 0.002)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(UserError, match=rf"127.0.0.1:{port}/x cannot be reached.*check"):
            storage.expand([f"http://user:secret@127.0.0.1:{port}/x"])


def test_the_proxy_of_the_environment_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.base)
    assert storage.read_bytes("http://archive.invalid/x.gz") == DATA
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert storage.read_bytes(f"{server.base}/x.gz") == DATA


def test_a_web_server_has_no_listing_and_is_read_only() -> None:
    uri = "https://example.org/x"
    for unsupported in (
        lambda: storage.expand([f"{uri}/*.gz"]),
        lambda: storage.list_names(uri),
        lambda: storage.list_folders(uri),
        lambda: storage.write_bytes(uri, b""),
        lambda: storage.write_file(uri, io.BytesIO()),
        lambda: storage.remove_tree(uri),
    ):
        with pytest.raises(UserError, match="a web server"):
            unsupported()
