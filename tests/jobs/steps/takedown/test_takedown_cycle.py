"""Takedown, restore, second takedown, rewritten exports, re-ingest: a search finds what it should."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import plain_roots
import pytest
from pyspark.sql import SparkSession
from rows import collect, context, said
from takedown_roots import Killed, contents, everything, families, grow, killed_at, take

from jobs import cli, storage
from jobs.steps.export.files import INCOMPLETE, MANIFEST
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from schemas.settings.ingest import C4Config

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SITES = ("a.example", "b.example", "c.example")
MOMENTS = (4, 8)
"""The changes of the storage before which two takedowns end, one after the other."""


def dump(path: Path, *sites: str) -> str:
    """Write a file of C4 with a planted string for each site."""
    lines = [json.dumps({"text": f"planted-{site}", "url": f"https://{site}/x"}) for site in sites]
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def planted(*folders: Path) -> set[str]:
    """Return the sites with a planted string in any file, of any version and format."""
    stored = "\n".join(everything(folder) for folder in folders if folder.exists())
    for file in (file for folder in folders for file in folder.rglob("*.jsonl.zst")):
        stored += zstd.decompress(file.read_bytes()).decode()
    return {site for site in SITES if f"planted-{site}" in stored}


def export(spark: SparkSession, root: Path, output: Path, **options: Any) -> None:
    config = ExportConfig(
        root=str(root), output=str(output), format="jsonl", table="corpus", **options
    )
    cli.run("export", config, context(spark, root))


def killed_before(uri: str) -> pytest.MonkeyPatch:
    """Patch storage so that the process ends before it writes an object."""
    patch, write = pytest.MonkeyPatch(), storage.write_bytes

    def written(at: str, *arguments: Any, **named: Any) -> Any:
        if at == uri:
            raise Killed
        return write(at, *arguments, **named)

    patch.setattr(storage, "write_bytes", written)
    return patch


def tables(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.name not in ("_removed", "_runs")]


def test_a_search_finds_what_it_should(spark: SparkSession, tmp_path: Path) -> None:
    root, output, other = tmp_path / "root", tmp_path / "out", tmp_path / "other"
    source = dump(tmp_path / "c4.json", *SITES)
    cli.run("ingest c4", C4Config(root=str(root), input=(source,)), context(spark, root))
    rows = collect(spark, root, "documents", "id", "text", "url", "source_domain")
    columns = ("id", "text", "url", "source_domain")
    about = {"slice": "c4", "bucket": "all", "token_count": 2}
    corpus = [dict(zip(columns, row, strict=True)) | about for row in rows]
    plain_roots.fill(root, "corpus", corpus)
    export(spark, root, output)
    export(spark, root, other)
    assert planted(output) == planted(root) == set(SITES)

    with pytest.raises(UserError, match=r"--exports .*/nowhere: no export of"):
        take(spark, root, domain=("a.example",), exports=(str(tmp_path / "nowhere"),))
    record, given = take(spark, root, domain=("a.example",))
    assert planted(*tables(root)) == {"b.example", "c.example"}
    assert planted(root / "_removed") == {"a.example"}
    assert f"takedown: the export {output} holds up to 1 of the rows: write it again" in said(given)
    assert [entry["output"] for entry in record.details["exports"]] == [str(other), str(output)]

    record, given = take(spark, root, restore=True)
    assert record.details["restored"] == {"documents": 1}
    assert planted(root / "documents") == set(SITES)
    assert "corpus/ lack the documents: run the jobs that make them again" in said(given)

    named = {"domain": ("a.example",), "permanent": True, "exports": (str(output),)}
    # killed twice among the tables, and before the last file of the export
    kills = [partial(killed_at, moment) for moment in MOMENTS]
    for kill in (*kills, partial(killed_before, str(output / MANIFEST))):
        patch = kill()
        try:
            with pytest.raises(Killed):
                take(spark, root, **named)
        finally:
            patch.undo()
    assert (output / INCOMPLETE).exists()
    _, given = take(spark, root, **named)
    assert f"the export {output} holds" not in said(given)  # corpus/ has lost it before
    assert planted(root, output) == {"b.example", "c.example"}
    assert planted(other) == set(SITES)

    # an export that was interrupted, and one that was moved
    moved = other.rename(tmp_path / "moved")
    (output / INCOMPLETE).write_text("jsonl")
    _, given = take(spark, root, domain=("a.example",), exports=(str(output), str(moved)))
    assert said(given).count("export: 2 documents") == 2
    assert planted(root, output, moved) == {"b.example", "c.example"}
    _, given = take(spark, root, domain=("a.example",), exports=(str(output), str(moved)))
    assert "export:" not in said(given)

    config = C4Config(root=str(root), input=(dump(tmp_path / "c4.json", *SITES),), replace=True)
    cli.run("ingest c4", config, context(spark, root))
    assert planted(root) == {"b.example", "c.example"}


def test_a_restore_gives_the_tables_from_before(spark: SparkSession, tmp_path: Path) -> None:
    """Survivors and single documents are removed, so that dedup and curate run twice."""
    root = tmp_path / "root"
    grow(spark, root, families(3, 6))
    before = contents(spark, root)
    survivor = collect(spark, root, "duplicates", "survivor_id")[0][0]
    record, _ = take(spark, root, domain=("site1.example",), id=(survivor,))
    without = contents(spark, root)
    assert all(without[name] != before[name] for name in ("documents", "duplicates", "corpus"))
    assert record.details["removed"]["documents"] > 2

    _, given = take(spark, root, restore=True)
    assert "have to run" not in said(given)
    assert contents(spark, root) == before
