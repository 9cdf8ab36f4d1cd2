"""Faults of the network and the server, on S3 and on a web server."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import time
import tracemalloc

import pytest
from faulty_server import BLOCK, DATA, Fault, Handler, Server
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs import storage
from jobs.storage import http, resume
from schemas.errors import UserError


@pytest.fixture
def server(faulty_server: Server) -> Server:
    return faulty_server


@pytest.fixture(params=["http", "s3"])
def uri(request: pytest.FixtureRequest, server: Server) -> str:
    """Return the URI of the same object on a web server and on S3."""
    return f"{server.base}/bucket/x.gz" if request.param == "http" else "s3://bucket/x.gz"


def ranges(server: Server) -> list[str | None]:
    return [span for method, span, _ in server.requests if method == "GET"]


def test_a_lost_connection_is_resumed_where_it_broke(server: Server, uri: str) -> None:
    server.faults += [Fault(cut=100_000), Fault(cut=50_000)]

    assert storage.read_bytes(uri) == DATA
    assert ranges(server) == [None, "bytes=100000-299999", "bytes=150000-299999"]
    assert [match for *_, match in server.requests] == [None, server.version, server.version]


def test_a_reset_connection_loses_at_most_one_chunk(server: Server, uri: str) -> None:
    server.faults += [Fault(cut=100_000, reset=True), Fault(cut=100_000, reset=True)]

    with storage.open_stream(uri) as stream:
        assert stream.read(len(DATA)) == DATA
    _, second, third = ranges(server)
    assert (second, third) == ("bytes=65536-299999", "bytes=131072-299999")


def test_requests_to_a_busy_server_are_retried(server: Server, uri: str) -> None:
    server.faults += [Fault(status=503), Fault(cut=100_000), Fault(status=500)]

    assert storage.read_bytes(uri) == DATA
    assert ranges(server) == [None, None, *["bytes=100000-299999"] * 2]


@pytest.mark.parametrize("status", [403, 429])
def test_throttled_requests_to_a_web_server_are_retried(server: Server, status: int) -> None:
    server.faults += [Fault(status=status)] * 3
    assert storage.read_bytes(f"{server.base}/x.gz") == DATA


def test_retries_wait_for_retry_after_up_to_a_maximum(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    server.faults += [
        Fault(status=503, headers={"Retry-After": "7"}),
        Fault(status=429, headers={"Retry-After": "86400"}),
    ]
    assert storage.read_bytes(f"{server.base}/x.gz") == DATA
    assert 7 <= slept[0] <= 8
    assert http.MAX_RETRY_AFTER <= slept[1] <= http.MAX_RETRY_AFTER + 1


def test_reading_fails_after_too_many_losses_in_a_row(server: Server, uri: str) -> None:
    server.faults += [Fault(cut=10) for _ in range(resume.ATTEMPTS)]
    with pytest.raises(ConnectionError, match=rf"byte 80, {resume.ATTEMPTS} times in a row"):
        storage.read_bytes(uri)
    assert len(server.requests) == resume.ATTEMPTS


def test_reading_survives_any_number_of_losses_with_progress_between_them(
    server: Server, uri: str
) -> None:
    server.data, server.times = BLOCK, 2 * resume.ATTEMPTS
    server.faults += [Fault(cut=len(BLOCK) + 1) for _ in range(2 * resume.ATTEMPTS - 1)]

    assert storage.read_bytes(uri) == BLOCK * server.times
    assert len(server.requests) == 2 * resume.ATTEMPTS


@pytest.mark.parametrize("replacement", ["same size", "shorter"])
def test_an_object_replaced_while_it_is_read_raises(
    server: Server, uri: str, replacement: str
) -> None:
    content = DATA[::-1] if replacement == "same size" else DATA[:200_000]
    server.faults.append(Fault(cut=100_000, replace=content))
    with pytest.raises(storage.ObjectChanged, match=r"x\.gz was replaced while it was being read"):
        storage.read_bytes(uri)


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
    monkeypatch.setattr(resume, "FIRST_WAIT", 0.002)
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


def test_seekable_reads_equal_slices_despite_lost_connections(
    server: Server, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "READ_AHEAD", 1000)
    offsets = st.integers(0, len(DATA) + 10)
    steps = st.tuples(offsets, st.sampled_from(["set", "end"]), st.integers(0, 5000), st.booleans())

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(steps, max_size=5))
    def check(steps: list[tuple[int, str, int, bool]]) -> None:
        server.faults.clear()
        with storage.open_seekable(uri) as stream, io.BytesIO(DATA) as expected:
            for offset, whence, length, fault in steps:
                if fault:
                    server.faults.append(Fault(cut=length // 2))
                for file in (stream, expected):
                    if whence == "set":
                        file.seek(offset)
                    else:
                        file.seek(-min(offset, len(DATA)), os.SEEK_END)
                assert stream.read(length) == expected.read(length)
                assert stream.tell() == expected.tell()

    check()


def test_a_replaced_seekable_object_raises(server: Server, uri: str) -> None:
    with storage.open_seekable(uri) as stream:
        assert stream.read(10) == DATA[:10]
        server.data = DATA[::-1]
        stream.seek(-10, os.SEEK_END)
        with pytest.raises(storage.ObjectChanged):
            stream.read(10**6)


def test_small_reads_share_one_request(server: Server, uri: str) -> None:
    with storage.open_seekable(uri) as stream:
        assert b"".join(iter(lambda: stream.read(1000), b"")) == DATA
    assert len(ranges(server)) == 1


def test_a_lost_response_to_a_conditional_write_is_no_conflict(server: Server) -> None:
    """The first PUT succeeds without a response, so the second one fails on its condition."""
    puts: list[str | None] = []

    def do_put(handler: Handler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        puts.append(handler.headers["If-None-Match"])
        if len(puts) == 1:
            handler.state.data = body
            handler.refuse(500)
        else:
            handler.refuse(412)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Handler, "do_PUT", do_put, raising=False)
        version = storage.write_bytes("s3://bucket/lock", b"mine", create=True)
        assert puts == ["*", "*"]
        assert f'"{version}"' == server.version
        with pytest.raises(storage.Conflict):  # the first attempt fails: another writer's object
            storage.write_bytes("s3://bucket/lock", b"mine", create=True)


def test_memory_is_bounded_for_a_large_object(server: Server, uri: str) -> None:
    server.data, server.times = BLOCK, 200
    storage.stat(uri)  # load what the first request loads before memory is measured
    server.faults.append(Fault(cut=90 * len(BLOCK) + 7))
    digest = hashlib.blake2b()
    tracemalloc.start()
    try:
        with storage.open_stream(uri) as stream:
            while chunk := stream.read(1 << 16):
                digest.update(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    expected = hashlib.blake2b()
    for _ in range(200):
        expected.update(BLOCK)
    assert digest.digest() == expected.digest()
    assert peak < 8 << 20, f"{peak:,} bytes"
