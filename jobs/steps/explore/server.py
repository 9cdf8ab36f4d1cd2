"""The server: 127.0.0.1 alone, reading alone, and answers for its own pages alone.

A browser that another site has sent here gets nothing: the Host header must name this server (a name that
a hostile site has pointed to 127.0.0.1 does not), requests from other origins are refused, and no answer
allows another origin to read it. No address is a path: what is served is in `routes`.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jobs.steps.explore import routes
from jobs.steps.explore.routes import Answer
from jobs.steps.explore.state import State
from schemas.errors import UserError

ADDRESS = "127.0.0.1"
LONGEST_QUERY = 60_000
"""Characters of an address that are read."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Server(ThreadingHTTPServer):
    """A server of the pages of a place.

    Raises
    ------
    UserError
        The port is taken.
    """

    daemon_threads = True

    def __init__(self, state: State, port: int = 0) -> None:
        self.state = state
        try:
            super().__init__((ADDRESS, port), Handler)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UserError(f"port {port} cannot be used: {reason}") from error

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"http://{ADDRESS}:{self.server_address[1]}/"

    @property
    def hosts(self) -> set[str]:
        """The Host headers that are accepted."""
        port = self.server_address[1]
        names = {f"{name}:{port}" for name in (ADDRESS, "localhost")}
        return names | ({ADDRESS, "localhost"} if port == 80 else set())

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a browser that closed its connection; report anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    server: Server
    timeout = 60

    def do_GET(self) -> None:
        """Answer a request for a page."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer a request for the headers of a page."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        try:
            answer = self._refused() or self._routed()
        except UserError as error:
            answer = routes.error_page(self.server.state, 400, str(error))
        except Exception:  # noqa: BLE001
            logging.getLogger(__name__).error("%s", traceback.format_exc())
            answer = routes.error_page(self.server.state, 500, "this page failed: see the terminal")
        self.send_response(answer.status)
        for name, value in {**HEADERS, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.type)
        if isinstance(answer.body, bytes):
            self.send_header("Content-Length", str(len(answer.body)))
            parts: Iterable[bytes] = [answer.body]
        else:
            self.close_connection = True
            self.send_header("Connection", "close")
            parts = answer.body
        self.end_headers()
        if with_body:
            self._write(iter(parts))

    def _write(self, parts: Iterator[bytes]) -> None:
        try:
            for part in parts:
                self.wfile.write(part)
        except (OSError, UserError) as error:
            # the headers are out: the connection ends before its end, which a browser shows
            self.close_connection = True
            if not isinstance(error, ConnectionError):
                logging.getLogger(__name__).error("%s", error)

    def _refused(self) -> Answer | None:
        """Return the refusal of a request that another site may have made; None for one's own."""
        if self.headers.get("Host") not in self.server.hosts:
            return Answer(403, b"Host is not this server\n")
        origin = self.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.server.hosts:
            return Answer(403, b"another site may not read this one\n")
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return Answer(403, b"another site may not open this one: type its address\n")
        if len(self.path) > LONGEST_QUERY:
            return Answer(414, b"the address is too long\n")
        return None

    def _routed(self) -> Answer:
        parts = urlsplit(self.path)
        try:
            params = parse_qs(parts.query, keep_blank_values=True, max_num_fields=1000)
        except ValueError as error:
            raise UserError("the address has too many fields") from error
        return routes.answer(self.server.state, parts.path, params)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: addresses hold what the user searched for."""
