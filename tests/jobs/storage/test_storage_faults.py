"""Faults of the network and the server, on S3 and on a web server."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc

import pytest
from faulty_server import BLOCK, DATA, Fault, Handler, Server
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs import storage
from jobs.storage import remote


@pytest.fixture
def server(faulty_server: Server) -> Server:
    return faulty_server


@pytest.fixture(params=["http", "s3"])
def uri(request: pytest.FixtureRequest, server: Server) -> str:
    """Return the URI of the same object on a web server and on S3."""
    return f"{server.base}/bucket/x.gz" if request.param == "http" else "s3://bucket/x.gz"


def ranges(server: Server) -> list[str | None]:
    return [span for method, span, _ in server.requests if method == "GET"]


def test_a_lost_connection_is_resumed_where_it_broke_off(server: Server, uri: str) -> None:
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


def test_reading_fails_after_too_many_losses_in_a_row(server: Server, uri: str) -> None:
    server.faults += [Fault(cut=10) for _ in range(remote.ATTEMPTS)]
    with pytest.raises(ConnectionError, match=rf"byte 80, {remote.ATTEMPTS} times in a row"):
        storage.read_bytes(uri)
    assert len(server.requests) == remote.ATTEMPTS


def test_reading_survives_any_number_of_losses_with_progress_between_them(
    server: Server, uri: str
) -> None:
    server.data, server.times = BLOCK, 2 * remote.ATTEMPTS
    server.faults += [Fault(cut=len(BLOCK) + 1) for _ in range(2 * remote.ATTEMPTS - 1)]

    assert storage.read_bytes(uri) == BLOCK * server.times
    assert len(server.requests) == 2 * remote.ATTEMPTS


@pytest.mark.parametrize("replacement", ["same size", "shorter"])
def test_an_object_replaced_while_it_is_read_raises(
    server: Server, uri: str, replacement: str
) -> None:
    content = DATA[::-1] if replacement == "same size" else DATA[:200_000]
    server.faults.append(Fault(cut=100_000, replace=content))
    with pytest.raises(storage.ObjectChanged, match=r"x\.gz was replaced while it was being read"):
        storage.read_bytes(uri)


def test_seekable_reads_equal_slices_despite_lost_connections(
    server: Server, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "READ_AHEAD", 1000)
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
