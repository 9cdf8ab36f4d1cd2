"""A takedown names what goes and why, and what is similar; more than a few documents need consent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from plain_roots import context, fill, rows_of
from rows import document, said

from jobs import cli
from jobs.runtime.context import Context
from jobs.steps.takedown import guard
from jobs.steps.trace.removals import removals
from jobs.tables import file_scan
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig


def page(number: int, url: str) -> dict[str, Any]:
    return document(f"{number:04}", f"text {number}", url=url, source_domain=url.split("/")[2])


def grow(root: Path, *urls: str) -> None:
    """Make documents/ and annotated/ of pages."""
    rows = [page(number, url) for number, url in enumerate(urls)]
    fill(root, "documents", rows, files=2)
    fill(root, "annotated", rows, inputs=[{"documents": "first"}])


def take(root: Path, **named: Any) -> tuple[Record, str]:
    job_context = context(root)
    config = TakedownConfig(root=str(root), **{"reason": "asked", **named})
    record: Record = cli.run("takedown", config, job_context)
    return record, said(job_context)


def stored(root: Path) -> dict[str, bytes]:
    """Return all files of a root besides its run records."""
    paths = [path for path in root.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in paths if path.parent.name != "_runs"}


PAGES = (
    "https://xn--strae-oqa.de/a",
    "https://www.strasse.de/b",
    "https://other.example/%7Eme/",
    "https://www.other.example/~me",
    "ftp://other.example/~me",
    "https://last.example/x",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    grow(tmp_path / "root", *PAGES)
    return tmp_path / "root"


@pytest.fixture(params=["in this process", "in Spark jobs"])
def anywhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "in Spark jobs":
        request.getfixturevalue("spark")
        monkeypatch.setattr(file_scan, "FEW_FILES", 0)


@pytest.mark.usefixtures("anywhere")
def test_a_dry_run_names_what_would_go_and_what_is_similar(root: Path) -> None:
    before = stored(root)
    record, output = take(
        root, domain=("straße.de",), url=("http://other.example/~me",), dry_run=True
    )
    assert stored(root) == before
    removed = [
        {"id": "common_crawl/0000", "url": PAGES[0], "why": ["domain xn--strae-oqa.de"]},
        {"id": "common_crawl/0002", "url": PAGES[2], "why": ["url //other.example/~me"]},
    ]
    similar = [
        {"id": "common_crawl/0001", "url": PAGES[1], "similar": "domain strasse.de"},
        {"id": "common_crawl/0003", "url": PAGES[3], "similar": "url other.example/~me"},
        {"id": "common_crawl/0004", "url": PAGES[4], "similar": "url other.example/~me"},
    ]
    assert record.details["named"] == removed
    assert record.details["similar"] == similar
    lines = (root / record.details["documents_file"]).read_text().splitlines()
    assert [json.loads(line) for line in lines] == [*removed, *similar]
    assert f"would remove common_crawl/0000 {PAGES[0]}: domain xn--strae-oqa.de" in output
    assert f"leaves common_crawl/0001 {PAGES[1]}: similar to domain strasse.de" in output
    assert "2 documents would be removed" in output


@pytest.mark.usefixtures("anywhere")
def test_a_takedown_removes_what_its_dry_run_named(root: Path) -> None:
    named: dict[str, Any] = {"domain": ("straße.de",), "url": ("http://other.example/~me",)}
    dry, _ = take(root, **named, dry_run=True)
    record, output = take(root, **named)
    assert record.details["named"] == dry.details["named"]
    assert f"removes common_crawl/0002 {PAGES[2]}" in output
    kept = [(f"common_crawl/{number:04}",) for number in (1, 3, 4, 5)]
    assert rows_of(root, "documents", "id") == rows_of(root, "annotated", "id") == kept


@pytest.mark.parametrize(
    ("removed", "total", "options", "is_refused"),
    [
        (10, 23, {}, False),
        (11, 23, {}, True),
        (20, 23, {}, True),
        (20, 23, {"yes": True}, False),
        (20, 23, {"at_most": 20}, False),
        (20, 23, {"at_most": 19}, True),
        (20, 23, {"at_most": 19, "yes": True}, True),
        (1, 23, {"at_most": 0}, True),
        (100, 10_000, {}, False),
        (101, 10_000, {}, True),
        (1000, 10**9, {}, False),
        (1001, 10**9, {}, True),
        (1001, 10**9, {"yes": True}, False),
        (0, 0, {}, False),
    ],
)
def test_many_documents_need_consent(
    removed: int, total: int, options: dict[str, Any], is_refused: bool
) -> None:
    config = TakedownConfig(root="r", reason="x", **options)
    assert (guard.refusal(config, removed, total) is not None) == is_refused


def test_a_refused_takedown_changes_nothing(tmp_path: Path) -> None:
    grow(tmp_path, *(f"https://a.example/{number}" for number in range(30)), PAGES[0])
    before = stored(tmp_path)
    with pytest.raises(UserError, match=r"30 documents of 31 \(97%\) match; nothing was changed"):
        take(tmp_path, domain=("a.example",))
    assert stored(tmp_path) == before
    dry, output = take(tmp_path, domain=("a.example",), dry_run=True)
    assert "this asks for --yes or --at-most 30" in output
    assert "all 30 documents, and 0 similar ones, are named in" in output
    assert output.count("would remove common_crawl/") == 20
    assert len(dry.details["named"]) == 30
    record, _ = take(tmp_path, domain=("a.example",), at_most=30)
    assert record.reasons == {"taken-down": 30}


def test_a_root_that_lacks_a_file_is_refused(root: Path) -> None:
    """Put back from a copy later, it would bring the documents back."""
    file = next((root / "documents").rglob("*.parquet"))
    copy = file.rename(root.parent / "copy.parquet")
    with pytest.raises(UserError, match=rf"{file.name} is lost: put it back from a copy, or run"):
        take(root, domain=("example.org",))
    assert not (root / "takedowns").exists()
    copy.rename(file)
    take(root, domain=("example.org",), dry_run=True)


def test_a_blank_within_a_domain_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grow(tmp_path, *PAGES)
    before = stored(tmp_path)
    command = ["takedown", "--root", str(tmp_path), "--domain", "example", ".com", "--reason", "x"]
    assert cli.main(command) == 2
    assert "--domain: 'example' is a single label" in capsys.readouterr().err
    assert stored(tmp_path) == before


def test_a_takedown_of_a_small_root_starts_no_spark(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_session(_: Context) -> None:
        raise AssertionError("a session was started")

    monkeypatch.setattr(Context, "spark", property(no_session))
    take(root, domain=("straße.de",))
    assert len(rows_of(root, "documents", "id")) == 5


def test_a_removed_document_is_traced_to_its_takedown(root: Path) -> None:
    ids = ["common_crawl/0000", "common_crawl/0001", "common_crawl/0002", "common_crawl/0003"]
    take(root, domain=("straße.de",), dry_run=True)
    assert removals(context(root), ids) == {}
    with pytest.raises(UserError):
        take(root, domain=("straße.de",), at_most=0)
    assert removals(context(root), ids) == {}
    first, _ = take(root, domain=("straße.de",))
    second, _ = take(root, id=(ids[2],))
    assert removals(context(root), ids) == {
        ids[0]: f"removed by {first.run}: domain xn--strae-oqa.de",
        ids[2]: f"removed by {second.run}: id {ids[2]}",
    }
