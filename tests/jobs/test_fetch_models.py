"""Download models from a server on loopback that breaks off, sends wrong data, or has no file."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from faulty_server import DATA, Fault, Server

from jobs import cli, fetch_models
from jobs.steps.fetch_models import published
from jobs.steps.fetch_models.blacklists import unpack
from jobs.steps.fetch_models.download import Progress, fetch, size
from schemas.errors import UserError
from udfs.models.model_files import find_perplexity_models, language_model_path
from udfs.quality_signals.resources import Resources

HASH = hashlib.sha256(DATA).hexdigest()


@dataclass
class Mirror:
    """A web server of files in memory, by path."""

    base: str
    files: dict[str, bytes] = field(default_factory=dict)
    requested: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Mirror

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.state.requested.append(self.path)
        self.answer(with_body=True)

    def answer(self, *, with_body: bool) -> None:
        content = self.state.files.get(self.path.removeprefix("/"))
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.send_header("ETag", f'"{hashlib.md5(content or b"").hexdigest()}"')
        self.end_headers()
        if with_body:
            self.wfile.write(content or b"")


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    class Bound(Handler):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Bound) as listening:
        listening.daemon_threads = True
        Bound.state = Mirror(f"http://127.0.0.1:{listening.server_port}")
        threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
        yield Bound.state
        listening.shutdown()


def archive(*members: tuple[str, str | bytes]) -> bytes:
    """A tar.gz of files (bytes) and of symbolic links (text)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def own(tmp_path: Path, **files: dict[str, str] | str) -> list[str]:
    """Arguments that fetch nothing but these files."""
    table = tmp_path / "table.yaml"
    table.write_text(json.dumps(files))
    return ["fetch-models", "--what", "classifier", "--languages", "all", "--table", str(table)]


def fetch_one(tmp_path: Path, server: Server, sha256: str | None = None) -> tuple[int, Path]:
    """Fetch the server's object as the model wikiref."""
    entry = {"address": f"{server.base}/wikiref"} | ({"sha256": sha256} if sha256 else {})
    folder = tmp_path / "models"
    code = cli.main([*own(tmp_path, **{"wikiref.model.bin": entry}), "--models", str(folder)])
    return code, folder / "wikiref.model.bin"


def test_a_mirror_fills_a_folder_that_the_jobs_can_use(
    mirror: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror.files = {
        "mirror/lid.176.bin": b"a model",
        "mirror/en.sp.model": b"pieces",
        "mirror/en.arpa.bin": b"language model",
        "mirror/own/extra.bin": b"more",
    }
    folder = tmp_path / "new" / "models"
    table = tmp_path / "t.yaml"
    table.write_text(f"own/extra.bin: {mirror.base}/mirror/own/extra.bin\n")
    arguments = ["fetch-models", "--models", str(folder), "--mirror", mirror.base + "/mirror/"]
    arguments += ["--what", "lid", "perplexity", "--languages", "en", "--table", str(table)]
    assert cli.main(arguments) == 0
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 5  # a line for each file, and one for all
    assert out[0].startswith("lid.176.bin: fetched 7 B, ")
    assert language_model_path(folder).read_bytes() == b"a model"
    assert list(find_perplexity_models(folder)) == ["en"]
    assert (folder / "own" / "extra.bin").read_bytes() == b"more"
    assert f"{hashlib.sha256(b'pieces').hexdigest()}  en.sp.model\n" in sums(folder)

    before = len(mirror.requested)
    assert cli.main(arguments) == 0
    assert len(mirror.requested) == before
    assert "4 files in" in capsys.readouterr().out


def sums(folder: Path) -> str:
    return (folder / fetch_models.SUMS).read_text()


def test_the_lists_are_used_by_the_signals(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files = {
        "ldnoobw/en": b"bad\n",
        "stopwords/en.json": b'["the"]',
        published.UT1: archive(
            ("blacklists/adult/domains", b"bad.example\n"), ("blacklists/porn", "adult")
        ),
    }
    table = {
        path: {"sha256": hashlib.sha256(content).hexdigest()}
        for path, content in mirror.files.items()
    }
    (tmp_path / "table.yaml").write_text(json.dumps(table))
    arguments = ["fetch-models", "--models", str(tmp_path / "m"), "--mirror", mirror.base]
    arguments += ["--what", "lists", "--languages", "en", "--table", str(tmp_path / "table.yaml")]
    assert cli.main(arguments) == 0
    resources = Resources.load(tmp_path / "m")
    assert resources.bad_words == {"en": frozenset({"bad"})}
    assert resources.stop_words == {"en": frozenset({"the"})}
    assert resources.categories is not None
    assert resources.categories.get("bad.example") == 23  # (adult, porn), V2's number


def test_a_lost_connection_is_resumed(faulty_server: Server, tmp_path: Path) -> None:
    faulty_server.faults.extend([Fault(), Fault(cut=70_000), Fault(cut=70_000)])
    code, path = fetch_one(tmp_path, faulty_server, HASH)
    assert code == 0
    assert path.read_bytes() == DATA


def test_a_killed_download_is_resumed(
    faulty_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = 200_000

    class Killed(BaseException):
        pass

    def update(_: object, done: int, total: int) -> None:
        if done >= killed:
            raise Killed

    monkeypatch.setattr("jobs.steps.fetch_models.download._CHUNK", 50_000)
    with monkeypatch.context() as patched:
        patched.setattr("jobs.steps.fetch_models.download.Progress.update", update)
        with pytest.raises(Killed):
            fetch_one(tmp_path, faulty_server)
    part = tmp_path / "models" / "wikiref.model.bin.part"
    assert part.stat().st_size == killed
    faulty_server.requests.clear()
    code, path = fetch_one(tmp_path, faulty_server, HASH)
    assert code == 0
    assert path.read_bytes() == DATA
    assert [span for verb, span, _ in faulty_server.requests if verb == "GET"] == [
        f"bytes={killed}-"
    ]
    assert sorted(file.name for file in path.parent.iterdir()) == ["SHA256SUMS", path.name]


def test_a_part_of_another_version_is_not_resumed(faulty_server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    note = {"address": f"{faulty_server.base}/wikiref", "size": len(DATA), "version": '"old"'}
    (folder / "wikiref.model.bin.part").write_bytes(b"x" * 1000)
    (folder / "wikiref.model.bin.part.json").write_text(json.dumps(note))
    code, path = fetch_one(tmp_path, faulty_server)
    assert code == 0
    assert path.read_bytes() == DATA


def test_a_complete_part_is_only_renamed(faulty_server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    note = {
        "address": f"{faulty_server.base}/wikiref",
        "size": len(DATA),
        "version": faulty_server.version,
    }
    (folder / "wikiref.model.bin.part").write_bytes(DATA)
    (folder / "wikiref.model.bin.part.json").write_text(json.dumps(note))
    code, path = fetch_one(tmp_path, faulty_server, HASH)
    assert code == 0
    assert path.read_bytes() == DATA


def test_a_wrong_checksum_keeps_nothing(
    faulty_server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, path = fetch_one(tmp_path, faulty_server, "0" * 64)
    assert code == 2
    assert list(path.parent.iterdir()) == []
    captured = capsys.readouterr()
    assert f"has SHA-256 {HASH}, not {'0' * 64}" in captured.out
    assert captured.err == (
        "redpajama fetch-models: 1 of 1 files failed, for the reasons above: wikiref.model.bin\n"
    )


def test_the_first_checksum_is_kept(
    faulty_server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch_one(tmp_path, faulty_server)[0] == 0
    path = tmp_path / "models" / "wikiref.model.bin"
    path.write_bytes(b"damaged")
    assert fetch_one(tmp_path, faulty_server)[0] == 2
    assert "remove it to fetch it again" in capsys.readouterr().out
    assert path.read_bytes() == b"damaged"  # it may be the user's own
    path.unlink()
    assert fetch_one(tmp_path, faulty_server)[0] == 0
    path.unlink()
    faulty_server.data = DATA[::-1]
    assert fetch_one(tmp_path, faulty_server)[0] == 2
    assert not path.exists()


def test_a_file_of_the_user_is_kept(
    faulty_server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "models" / "wikiref.model.bin"
    path.parent.mkdir()
    path.write_bytes(b"mine")
    assert fetch_one(tmp_path, faulty_server)[0] == 0
    assert path.read_bytes() == b"mine"
    assert "not checked, since this command did not fetch it" in capsys.readouterr().out


def test_a_missing_file_does_not_stop_the_others(
    mirror: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror.files = {"en.arpa.bin": b"language model", "lid.176.bin": b"<!DOCTYPE html><p>Sign in"}
    arguments = ["fetch-models", "--models", str(tmp_path), "--mirror", mirror.base]
    assert cli.main([*arguments, "--what", "lid", "perplexity", "--languages", "en"]) == 2
    captured = capsys.readouterr()
    assert "lid.176.bin: the content of " in captured.out
    assert "is a web page" in captured.out
    assert f"en.sp.model: no object at {mirror.base}/en.sp.model" in captured.out
    assert captured.err.endswith(
        "2 of 3 files failed, for the reasons above: lid.176.bin, en.sp.model\n"
    )
    assert [path.name for path in tmp_path.glob("*.bin")] == ["en.arpa.bin"]


def test_an_archive_writes_nothing_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    evil = archive(
        ("../../outside/adult/domains", b"x"),
        ("/etc/adult/domains", b"x"),
        ("blacklists/../adult/domains", b"x"),
        ("blacklists/adult/domains", str(tmp_path / "outside")),  # a link in a list's place
        ("blacklists/gambling", str(tmp_path / "outside")),
        ("blacklists/gambling/domains", b"casino.example\n"),
        ("blacklists/dating", "../../outside"),
        ("blacklists/games/domains", b"not one of V2's"),
        ("blacklists/gambling/urls", b"not a list of domains"),
    )
    path = tmp_path / "in" / "a.tar.gz"
    path.parent.mkdir()
    path.write_bytes(evil)
    assert unpack(path, path.parent) == ["gambling"]
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert files == [Path("in/a.tar.gz"), Path("in/gambling/domains")]
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", archive(("a", b"x")), archive()],
    ids=["nothing", "no archive", "another file", "no file"],  # the archives hold the time
)
def test_a_bad_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"a\.tar\.gz"):
        unpack(path, tmp_path)


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(archive(("blacklists/adult/domains", DATA))[:-5000])
    with pytest.raises(UserError, match="cannot be unpacked"):
        unpack(path, tmp_path)
    assert not (tmp_path / "adult" / "domains").exists()


TABLES = {
    "[": "is not YAML",
    "- a": "a line for each file",
    "../a: http://x/a": "not a path below",
    "/a: http://x/a": "not a path below",
    "a: {adress: x}": "did you mean 'address'?",
    "a: {}": "a: expected an address",
    "a:": "a: expected an address",
    "a: [x]": "a: address: expected text",
    "a: {sha256: 12}": "a: sha256: expected a SHA-256 of 64",
    "a: {sha256: '12'}": "a: sha256: expected a SHA-256 of 64",
    f"a: {{sha256: '{HASH}'}}": "has no address",
}


@pytest.mark.parametrize("content", TABLES)
def test_a_wrong_table_is_refused(content: str, tmp_path: Path) -> None:
    table = tmp_path / "t.yaml"
    table.write_text(content)
    with pytest.raises(UserError, match=TABLES[content].replace("?", r"\?")):
        published.chosen(["lid"], ["en"], None, str(table))


def test_published_files() -> None:
    items = published.published()
    paths = [item.path for item in items]
    assert len(set(paths)) == len(paths)
    assert len([path for path in paths if path.endswith(".arpa.bin")]) == 48
    assert all(item.sha256 for item in items if item.kind == "lists" and item.language)
    german = {item.path for item in published.chosen(["perplexity", "lists"], ["de"], None, None)}
    assert german == {
        *("de.sp.model", "de.arpa.bin", "ldnoobw/de", "stopwords/de.json", "ut1/blacklists.tar.gz")
    }
    with pytest.raises(UserError, match="did you mean 'de'"):
        published.chosen(["perplexity"], ["dee"], None, None)


def test_the_checksums_of_the_lists_are_right(shared_data: Path) -> None:
    checked = 0
    for item in published.chosen(["lists"], ["all"], None, None):
        path = shared_data / "lists" / item.path
        if path.is_file():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == item.sha256, item.path
            checked += 1
    assert checked == 28 + 5


def test_the_folder_must_be_local(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fetch-models", "--models", "s3://bucket/models"]) == 2
    assert "on a disk" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert cli.main(["fetch-models", "--models", str(tmp_path / "file" / "m")]) == 2
    assert "cannot create the folder" in capsys.readouterr().err


def test_sizes() -> None:
    assert [size(n) for n in (0, 999, 1000, 131_266_198, 4_140_000_000)] == [
        *("0 B", "999 B", "1.0 kB", "131.3 MB", "4.1 GB")
    ]


def test_a_terminal_shows_progress(faulty_server: Server, tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    progress = Progress("model", out)
    progress.updated -= 1  # a second ago
    fetch(f"{faulty_server.base}/x", tmp_path / "x", None, progress)
    first, last = out.getvalue().split("\r\033[K")[1:]
    assert first.startswith("model: 300.0 kB of 300.0 kB, ")
    assert "\n" not in first
    assert last.startswith("model: fetched 300.0 kB, ")
    assert last.endswith("/s\n")
