"""Archive lists of snapshots, from a local mirror, from S3 and from a web server."""

from __future__ import annotations

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import storage
from jobs.storage.crawl import archive_list
from schemas.errors import UserError

PATHS = [f"crawl-data/CC-MAIN-2023-06/segments/1.{i}/warc/CC-MAIN-{i}.warc.gz" for i in range(5)]


@pytest.fixture
def mirror(tmp_path: Path) -> str:
    archive_paths = gzip.compress("".join(f"{path}\n" for path in PATHS).encode())
    storage.write_bytes(f"{tmp_path}/crawl-data/CC-MAIN-2023-06/warc.paths.gz", archive_paths)
    return str(tmp_path)


@pytest.fixture
def web(mirror: str) -> Iterator[str]:
    class QuietHandler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print no requests."""

    handler = functools.partial(QuietHandler, directory=mirror)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("snapshot", ["CC-MAIN-2023-06", "2023-06"])
def test_the_archives_of_a_snapshot_in_a_local_mirror(mirror: str, snapshot: str) -> None:
    assert archive_list(snapshot, base=mirror) == [f"{mirror}/{path}" for path in PATHS]
    assert archive_list(snapshot, base=mirror, limit=2) == [f"{mirror}/{p}" for p in PATHS[:2]]


def test_the_archives_of_a_snapshot_on_a_web_server(web: str) -> None:
    assert archive_list("2023-06", base=web) == [web + path for path in PATHS]


@pytest.mark.s3
def test_the_archives_of_a_snapshot_in_a_bucket(mirror: str, s3: object) -> None:
    name = "crawl-data/CC-MAIN-2023-06/warc.paths.gz"
    storage.write_bytes(f"s3://public/{name}", storage.read_bytes(f"{mirror}/{name}"))

    assert archive_list("2023-06", base="s3a://public")[0] == f"s3a://public/{PATHS[0]}"


def test_an_unknown_snapshot_is_a_user_error(mirror: str, web: str) -> None:
    for base in (mirror, web):
        with pytest.raises(UserError, match=r"'CC-MAIN-1999-01' at .*/warc\.paths\.gz.*YYYY-WW"):
            archive_list("1999-01", base=base)
    with pytest.raises(UserError, match=r"/wet\.paths\.gz"):
        archive_list("2023-06", "wet", base=mirror)


def test_a_damaged_list_is_a_user_error(mirror: str) -> None:
    storage.write_bytes(f"{mirror}/crawl-data/CC-MAIN-2023-14/warc.paths.gz", b"<html>")
    with pytest.raises(UserError, match=r"cannot read .*2023-14/warc\.paths\.gz: Not a gzipped"):
        archive_list("2023-14", base=mirror)
