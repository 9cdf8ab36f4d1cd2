"""The certificate says what was removed, and is written only if a second search finds nothing of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from plain_roots import context, fill
from rows import document

from jobs import cli
from jobs.steps.takedown import purge
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig

TABLES = ("documents", "annotated")
SITES = ("a.example", "b.example", "c.example")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    rows = [
        document(site, f"planted {site} é", url=f"https://{site}/x", source_domain=site)
        for site in SITES
    ]
    fill(root, "documents", rows, run="older")
    fill(root, "documents", rows, files=3)
    shorter = [row | {"text": "as annotated"} for row in rows]
    fill(root, "annotated", shorter, inputs=[{"documents": "first"}])
    return root


def take(root: Path, certificate: Path, **options: Any) -> Any:
    config = TakedownConfig(
        root=str(root),
        reason="request 7",
        date="2026-11-20",
        domain=("a.example",),
        certificate=str(certificate),
        **options,
    )
    record = cli.run("takedown", config, context(root))
    return record, json.loads(certificate.read_text())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("permanent", [False, True])
def test_what_it_certifies(root: Path, tmp_path: Path, permanent: bool) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*.parquet")}
    record, content = take(root, tmp_path / "certificate.json", permanent=permanent)
    assert content["request"] == {
        "date": "2026-11-20",
        "reason": "request 7",
        "entries": [{"kind": "domain", "value": "a.example"}],
    }
    assert content["run"] == record.run
    (removed,) = content["documents"]
    assert removed == {
        "id": "common_crawl/a.example",
        "url": "https://a.example/x",
        "entries": ["domain a.example"],
        "text_sha256": sha256("planted a.example é".encode()),
    }
    held = {(entry["table"], entry["path"]): entry for entry in content["files_before"]}
    assert len(held) == 3  # of documents/, its older version and annotated/
    for entry in held.values():
        stored = before[root / entry["table"] / entry["path"]]
        assert (entry["bytes"], entry["sha256"]) == (len(stored), sha256(stored))
        assert not (root / entry["table"] / entry["path"]).exists()
    assert [entry["is_current"] for entry in held.values()].count(False) == 1

    documents, annotated = content["tables"]
    assert (documents["rows_before"], documents["rows_after"]) == (3, 2)
    assert (documents["version_before"], documents["version_after"]) == ("first", record.run)
    assert documents["files_written"] == []  # the file had no other document
    (written,) = annotated["files_written"]
    assert written["sha256"] == sha256((root / "annotated" / written["path"]).read_bytes())
    assert content["search_after"]["documents_found"] == 0
    tables = [path for path in root.rglob("*.parquet") if path.relative_to(root).parts[0] in TABLES]
    assert content["search_after"]["files"] == len(tables)
    assert content["kept"]["documents"] == (0 if permanent else 1)
    assert str(root) not in json.dumps(content)


def test_nothing_is_certified_that_is_found_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remove_nothing(_: Any, now: dict[str, Manifest], hits: Any) -> list[str]:
        return []

    monkeypatch.setattr(purge, "purge", remove_nothing)
    certificate = tmp_path / "certificate.json"
    with pytest.raises(UserError, match="--certificate: a document is still in annotated/first"):
        take(root, certificate)
    assert not certificate.exists()
    monkeypatch.undo()
    take(root, certificate)


@pytest.mark.parametrize("option", ["dry_run", "restore"])
def test_nothing_is_certified_that_is_not_removed(root: Path, tmp_path: Path, option: str) -> None:
    with pytest.raises(UserError, match="--certificate does not apply to"):
        take(root, tmp_path / "certificate.json", **{option: True})
