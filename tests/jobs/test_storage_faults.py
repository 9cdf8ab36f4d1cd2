"""Reading over a network that breaks, from S3 and from a web server alike."""

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
    """Give the same object's address, as a web server's and as an S3 server's."""
    return f"{server.base}/bucket/x.gz" if request.param == "http" else "s3://bucket/x.gz"


def ranges(server: Server) -> list[str | None]:
    return [span for method, span, _ in server.requests if method == "GET"]


def test_a_lost_connection_is_resumed_where_it_broke(server: Server, uri: str) -> None:
    server.faults += [Fault(cut=100_000), Fault(cut=50_000)]

    assert storage.read_bytes(uri) == DATA
    assert ranges(server) == [None, "bytes=100000-299999", "bytes=150000-299999"]
    assert [match for *_, match in server.requests] == [None, server.version, server.version]


def test_a_reset_connection_loses_no_more_than_a_piece(server: Server, uri: str) -> None:
    server.faults += [Fault(cut=100_000, reset=True), Fault(cut=100_000, reset=True)]

    with storage.open_stream(uri) as stream:
        assert stream.read(len(DATA)) == DATA
    _, second, third = ranges(server)
    assert (second, third) == ("bytes=65536-299999", "bytes=131072-299999")


def test_busy_servers_are_asked_again(server: Server, uri: str) -> None:
    server.faults += [Fault(status=503), Fault(cut=100_000), Fault(status=500)]

    assert storage.read_bytes(uri) == DATA
    assert ranges(server) == [None, None, *["bytes=100000-299999"] * 2]


@pytest.mark.parametrize("status", [403, 429])
def test_a_web_server_that_throttles_is_asked_again(server: Server, status: int) -> None:
    server.faults += [Fault(status=status)] * 3
    assert storage.read_bytes(f"{server.base}/x.gz") == DATA


def test_a_web_server_is_given_the_time_it_asks_for(
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
    assert http.LONGEST_RETRY_AFTER <= slept[1] <= http.LONGEST_RETRY_AFTER + 1


def test_a_connection_that_never_holds_is_given_up(server: Server, uri: str) -> None:
    server.faults += [Fault(cut=10) for _ in range(resume.ATTEMPTS)]
    with pytest.raises(ConnectionError, match=rf"byte 80, {resume.ATTEMPTS} times in a row"):
        storage.read_bytes(uri)
    assert len(server.requests) == resume.ATTEMPTS


def test_a_connection_that_breaks_often_but_moves_on_is_not_given_up(
    server: Server, uri: str
) -> None:
    server.data, server.times = BLOCK, 2 * resume.ATTEMPTS
    server.faults += [Fault(cut=len(BLOCK) + 1) for _ in range(2 * resume.ATTEMPTS - 1)]

    assert storage.read_bytes(uri) == BLOCK * server.times
    assert len(server.requests) == 2 * resume.ATTEMPTS


@pytest.mark.parametrize("what", ["same size", "shorter"])
def test_an_object_that_is_replaced_while_it_is_read_is_refused(
    server: Server, uri: str, what: str
) -> None:
    other = DATA[::-1] if what == "same size" else DATA[:200_000]
    server.faults.append(Fault(cut=100_000, replace=other))
    with pytest.raises(storage.ObjectChanged, match=r"x\.gz was replaced while it was being read"):
        storage.read_bytes(uri)


@pytest.mark.parametrize("etags", [('W/"1"', 'W/"2"'), ("", "")], ids=["weak", "none"])
def test_replacement_shows_without_a_strong_etag(server: Server, etags: tuple[str, str]) -> None:
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


def test_a_url_that_is_not_there(server: Server) -> None:
    uri = f"{server.base}/missing?signature=secret"
    assert storage.stat(uri) is None
    assert not storage.exists(uri)
    with pytest.raises(UserError, match="no object matches http://127"):
        storage.expand([uri])
    with pytest.raises(FileNotFoundError, match="404") as raised:
        storage.read_bytes(uri)
    assert "secret" not in str(raised.value)


def test_a_url_that_stays_forbidden_is_given_up_early(server: Server) -> None:
    server.faults += [Fault(status=403)] * 99
    with pytest.raises(PermissionError, match="403"):
        storage.read_bytes(f"{server.base}/x.gz")
    assert len(server.requests) == http.FORBIDDEN_ATTEMPTS + 1


def test_a_host_that_is_not_there_is_the_users_error(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_web_server_lists_and_takes_nothing() -> None:
    uri = "https://example.org/x"
    for refused in (
        lambda: storage.expand([f"{uri}/*.gz"]),
        lambda: storage.list_names(uri),
        lambda: storage.list_folders(uri),
        lambda: storage.write_bytes(uri, b""),
        lambda: storage.write_file(uri, io.BytesIO()),
        lambda: storage.remove_tree(uri),
    ):
        with pytest.raises(UserError, match="a web server"):
            refused()


def test_seekable_reads_are_slices_whatever_breaks(
    server: Server, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "READ_AHEAD", 1000)
    places = st.integers(0, len(DATA) + 10)
    steps = st.tuples(places, st.sampled_from(["set", "end"]), st.integers(0, 5000), st.booleans())

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(steps, max_size=5))
    def check(steps: list[tuple[int, str, int, bool]]) -> None:
        server.faults.clear()
        with storage.open_seekable(uri) as stream, io.BytesIO(DATA) as expected:
            for place, whence, length, fault in steps:
                if fault:
                    server.faults.append(Fault(cut=length // 2))
                for each in (stream, expected):
                    if whence == "set":
                        each.seek(place)
                    else:
                        each.seek(-min(place, len(DATA)), os.SEEK_END)
                assert stream.read(length) == expected.read(length)
                assert stream.tell() == expected.tell()

    check()


def test_a_seekable_object_that_is_replaced_is_refused(server: Server, uri: str) -> None:
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


def test_an_answer_lost_on_the_way_is_no_conflict(server: Server) -> None:
    """The second attempt of a PUT meets what the first one wrote."""
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
        with pytest.raises(storage.Conflict):  # refused at once, so written by somebody else
            storage.write_bytes("s3://bucket/lock", b"mine", create=True)


def test_memory_stays_bounded_however_large_the_object(server: Server, uri: str) -> None:
    server.data, server.times = BLOCK, 200
    storage.stat(uri)  # what a first request loads is not the stream's
    server.faults.append(Fault(cut=90 * len(BLOCK) + 7))
    digest = hashlib.blake2b()
    tracemalloc.start()
    try:
        with storage.open_stream(uri) as stream:
            while piece := stream.read(1 << 16):
                digest.update(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    expected = hashlib.blake2b()
    for _ in range(200):
        expected.update(BLOCK)
    assert digest.digest() == expected.digest()
    assert peak < 8 << 20, f"{peak:,} bytes"
