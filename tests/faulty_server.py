"""A server of one object with injected faults, which is read as S3 and as a web server.

`tests/jobs/conftest.py` imports its fixture `faulty_server`.
"""

from __future__ import annotations

import hashlib
import io
import random
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from jobs.storage import remote

BLOCK = random.Random(0).randbytes(1 << 20)
DATA = BLOCK[:300_000]


@dataclass
class Fault:
    """The fault of one response."""

    status: int = 0  # respond with this status
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None  # close the connection after so many bytes of the body
    reset: bool = False  # close it by a TCP reset
    replace: bytes | None = None  # replace the object's content for later requests


@dataclass
class Server:
    """One object at every path, whose content is `data` repeated `times` times."""

    base: str
    data: bytes = DATA
    times: int = 1
    etag: str | None = None
    last_modified: str | None = None
    ranges: bool = True
    head: bool = True
    faults: deque[Fault] = field(default_factory=deque)
    requests: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    """Method, Range and If-Match of every request."""

    @property
    def size(self) -> int:
        return len(self.data) * self.times

    @property
    def version(self) -> str:
        return self.etag if self.etag is not None else f'"{hashlib.md5(self.data).hexdigest()}"'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server

    def log_message(self, *_: object) -> None:
        """Print no requests."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        state, span = self.state, self.headers["Range"]
        match = self.headers["If-Match"]
        state.requests.append((self.command, span, match))
        fault = state.faults.popleft() if state.faults else Fault()
        if self.command == "HEAD" and not state.head:
            fault = Fault(status=403)
        if "missing" in self.path:
            fault = Fault(status=404)
        if fault.status:
            return self.refuse(fault.status, fault.headers)
        if match and match != state.version:
            return self.refuse(412)
        start, end = 0, state.size
        if span and state.ranges:
            first, _, last = span.removeprefix("bytes=").partition("-")
            start, end = int(first), min(int(last) + 1 if last else end, end)
            if start >= state.size:
                return self.refuse(416, {"Content-Range": f"bytes */{state.size}"})
        self.send_response(206 if span and state.ranges else 200)
        self.send_header("Content-Length", str(end - start))
        if span and state.ranges:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{state.size}")
        if state.version:
            self.send_header("ETag", state.version)
        if state.last_modified:
            self.send_header("Last-Modified", state.last_modified)
        self.end_headers()
        if self.command == "GET":
            self.send_body(start, end if fault.cut is None else min(end, start + fault.cut), fault)
        if fault.replace is not None:
            state.data = fault.replace
        return None

    def send_body(self, start: int, end: int, fault: Fault) -> None:
        data = self.state.data
        try:
            while start < end and data:  # a test that has ended may have emptied its data
                position = start % len(data)
                chunk = data[position : position + min(end - start, 1 << 18)]
                self.wfile.write(chunk)
                start += len(chunk)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the reader closed the connection
        if fault.cut is not None:
            self.close_connection = True
            if fault.reset:
                time.sleep(0.3)  # a reset discards data that the reader has not received yet
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
                self.wfile = io.BytesIO()

    def refuse(self, status: int, headers: dict[str, str] | None = None) -> None:
        code = {503: "SlowDown", 412: "PreconditionFailed", 404: "NoSuchKey", 416: "InvalidRange"}
        body = f"<Error><Code>{code.get(status, 'X')}</Code><Message>no</Message></Error>".encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Print errors, except for connections that a reader closed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@pytest.fixture
def faulty_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Run a server without faults and direct `s3://` to it; shorten the waits between retries."""
    monkeypatch.setattr(remote, "FIRST_WAIT", 0.002)

    class TestHandler(Handler):
        """A new class for each test, because the state is a class attribute."""

    with Listener(("127.0.0.1", 0), TestHandler) as listener:
        TestHandler.state = Server(f"http://127.0.0.1:{listener.server_port}")
        monkeypatch.setenv("AWS_ENDPOINT_URL", TestHandler.state.base)
        threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
        yield TestHandler.state
        listener.shutdown()
