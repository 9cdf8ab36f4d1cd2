"""The server of `explore`: its own pages for its own user, and nothing beyond the place."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from explore_places import HOSTILE, LINES, get, hostile_rows, root, serving, write_parquet
from plain_roots import fill

from jobs.steps.explore.server import Server
from schemas.errors import UserError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = write_parquet(tmp_path_factory.mktemp("folder") / "docs", hostile_rows())
    (place / "secret.txt").write_text("secret")
    with serving(place) as server:
        yield server


@pytest.fixture(scope="module")
def rooted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(root(tmp_path_factory.mktemp("rooted"))) as server:
        yield server


def test_it_listens_on_loopback_alone(folder: Server) -> None:
    assert folder.server_address[0] == "127.0.0.1"
    assert folder.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
def test_a_name_that_was_pointed_here_gets_nothing(folder: Server, host: str) -> None:
    port = folder.server_address[1]
    status, _, text = get(folder, "/", Host=host.format(port=port))
    assert status == 403
    assert "Title" not in text


def test_no_host_at_all_gets_nothing(folder: Server) -> None:
    with socket.create_connection(("127.0.0.1", int(folder.server_address[1]))) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b" 403 " in connection.recv(100)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_site_gets_nothing(folder: Server, headers: dict[str, str]) -> None:
    status, answered, text = get(folder, "/", **headers)
    assert status == 403
    assert "Title" not in text
    assert not [name for name in answered if name.lower().startswith("access-control")]


def test_answers_allow_no_other_origin_no_frame_and_no_inline_script(folder: Server) -> None:
    for path in ("/", "/static/explore.js", "/nothing"):
        _, headers, _ = get(folder, path, Origin=folder.url.rstrip("/"))
        assert not [name for name in headers if name.lower().startswith("access-control")]
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_but_reading(folder: Server, method: str) -> None:
    assert get(folder, "/", method)[0] == 501


@pytest.mark.parametrize(
    "path",
    [
        "/secret.txt",
        "/../docs/secret.txt",
        "/static/../routes.py",
        "/static/..%2f..%2froutes.py",
        "/static//etc/passwd",
        "//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/document?table=../../etc&id=/etc/passwd",
        "/text?id=/etc/passwd",
        "/raw?id=../../../etc/passwd",
        "/trace?id=file:///etc/passwd",
        "/?table=/etc/passwd",
        "/?show=read_text('/etc/passwd')",
        "/?sort=(SELECT content FROM read_text('/etc/passwd'))",
        "/?range=read_text('/etc/passwd'):0:1",
    ],
)
def test_no_address_reaches_a_file(folder: Server, path: str) -> None:
    status, _, text = get(folder, quote(path, safe="/?&=%:'()"))
    assert status in (400, 404)
    assert "root:" not in text
    assert "secret" not in text.replace("secret.txt", "")


def test_duckdb_itself_opens_no_other_file(folder: Server) -> None:
    database = folder.state.version().database
    for sql in ("SELECT * FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/x.csv'"):
        with pytest.raises(UserError, match="disabled by configuration"):
            database.rows(sql)
    with pytest.raises(UserError, match="locked"):
        database.rows("SET enable_external_access = true")


def test_links_to_other_places_are_left_out(tmp_path: Path) -> None:
    outside = write_parquet(tmp_path / "outside", [{"id": "x", "text": "outside"}])
    place = write_parquet(tmp_path / "place", [{"id": "a", "text": "inside"}])
    (place / "link.parquet").symlink_to(outside / "rows.parquet")
    with serving(place) as server:
        assert server.state.version().place.outside == 1
        page = get(server, "/")[2]
    assert "inside" in page
    assert "outside" not in page


def test_hostile_columns_are_shown_as_text(folder: Server) -> None:
    id_ = hostile_rows()[0]["id"]
    query = urlencode({"id": id_, "q": "before"})
    for path in ("/", f"/document?{query}", "/?words=script", f"/?{urlencode({'slice': HOSTILE})}"):
        status, headers, text = get(folder, path)
        assert status == 200, path
        assert headers["Content-Type"].startswith("text/html")
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text
        assert 'href="javascript:' not in text
        assert "<i>2023" not in text
    _, headers, text = get(folder, f"/text?{query}")
    assert headers["Content-Type"].startswith("text/plain")
    assert HOSTILE in text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("range=token_count:a:1", "a range has numbers at its ends"),
        ("range=nothing:0:1", "has no column"),
        ("sort=text;--", "has no column"),
        ("show=nothing", "has no column"),
        ("table=nothing", "no table"),
        ("&".join(f"a{i}=1" for i in range(1100)), "too many fields"),
    ],
)
def test_a_wrong_address_is_one_line(folder: Server, query: str, message: str) -> None:
    status, _, text = get(folder, f"/?{query}")
    assert status == 400
    assert message in text


def test_a_document_with_its_views(rooted: Server) -> None:
    page = get(rooted, "/document?table=corpus&id=c4/a")[2]
    assert "email@example.com" in page
    assert "A title" in page
    removed = get(rooted, "/document?table=corpus&id=c4/a&view=removed")[2]
    assert f"<del>{LINES[1]}</del>" in removed
    assert removed.count("<del>") == 1
    changes = get(rooted, "/document?table=corpus&id=c4/a&view=changes")[2]
    assert "<del>a@b.example</del>" in changes
    assert "<ins>email@example.com</ins>" in changes
    name = "rps_lines_ending_with_terminal_punctution_mark"
    lines = get(rooted, f"/document?table=corpus&id=c4/a&lines={name}")[2]
    assert 'class="pointed"' in lines
    assert lines.count('class="score"') == 2


def test_duplicates_side_by_side(rooted: Server) -> None:
    page = get(rooted, "/document?table=annotated&id=c4/b&against=c4/a")[2]
    assert "0.8750" in page
    assert "<del>other</del>" in page
    assert "<ins>second</ins>" in page


def test_a_trace_without_spark(rooted: Server) -> None:
    page = get(rooted, "/trace?id=c4/b")[2]
    assert "near duplicate of c4/a" in page
    assert "is kept in its place" in page or "unknown run" in page


def test_a_row_cannot_name_a_file_for_the_raw_record(tmp_path: Path) -> None:
    place = root(tmp_path)  # its manifest lists no inputs
    with serving(place) as server:
        status, _, text = get(server, "/raw?id=c4/a")
        assert status == 400
        assert "does not list its archive" in text
        assert "does not list its archive" in get(server, "/trace?id=c4/a")[2]


def test_a_new_version_is_shown_without_a_restart(tmp_path: Path) -> None:
    place = root(tmp_path)
    with serving(place) as server:
        assert "c4/a" in get(server, "/")[2]
        fill(
            place,
            "corpus",
            [{"id": "c4/new", "text": "new", "slice": "c4", "bucket": "all"}],
            run="2",
        )
        page = get(server, "/")[2]
        assert "c4/new" in page
        assert "c4/a" not in page


def test_a_port_that_is_taken(folder: Server) -> None:
    with (
        pytest.raises(UserError, match="cannot be used"),
        serving(folder.state.config.place, port=folder.server_address[1]),
    ):
        pass
    with pytest.raises(UserError, match="cannot be used"):
        Server(folder.state, 70_000)


def test_a_manifest_that_is_damaged_meanwhile_is_one_line(tmp_path: Path) -> None:
    place = root(tmp_path)
    with serving(place) as server:
        (place / "corpus" / "_CURRENT.json").write_text("{")
        status, _, text = get(server, "/")
    assert status == 400
    assert "_CURRENT.json" in text
