"""What a killed or changed run does again, and what it leaves as it is."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from cluster import PROJECT, until
from pyspark.sql import SparkSession
from roots import contents, readable
from rows import collect, context, said
from s3_server import die_with_parent
from seven import Seven

from jobs import ingest, run
from jobs.runtime.context import Context
from jobs.tables import manifest, runs
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from jobs.tables.table_handle import TableHandle
from schemas.settings.ingest import C4Config
from schemas.settings.run import RunConfig

FILES, LINES = 4, 5


def dump(folder: Path) -> str:
    """Files of C4, and a pattern that names them."""
    folder.mkdir()
    for number in range(FILES):
        rows = [
            {
                "text": f"The text of page {line} of file {number}.",
                "url": f"https://example.org/{number}/{line}",
                "timestamp": "2019-04-25T12:57:54Z",
            }
            for line in range(LINES)
        ]
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        (folder / f"c4-train.{number:05}-of-00004.json.gz").write_bytes(gzip.compress(content))
    return f"{folder}/*.json.gz"


def test_counts_are_stored_before_a_table_is_published(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = TableHandle.publish
    stored: list[Record] = []

    def publish_and_look(table: TableHandle, folders: Any, *, run: str, **options: Any) -> Manifest:
        stored.append(runs.load(table.context.root, run))
        return publish(table, folders, run=run, **options)

    monkeypatch.setattr(TableHandle, "publish", publish_and_look)
    given, root = dump(tmp_path / "dump"), str(tmp_path / "root")
    ingest.run(context(spark, root), C4Config(root=root, input=(given,)))
    assert [record.rows_out for record in stored if record.job == "ingest"][-1] == FILES * LINES


def test_an_ingest_killed_goes_on_from_its_last_group(spark: SparkSession, tmp_path: Path) -> None:
    given, root = dump(tmp_path / "dump"), str(tmp_path / "root")
    command = ["ingest", "c4", "--input", given, "--root", root, "--group-bytes", "1"]
    wanted = random.randint(1, 2)
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs.cli", *command],
        cwd=PROJECT,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )

    def groups() -> int:
        found = manifest.current(root, "documents")
        return len(found.folders) if found else 0

    until(lambda: process.poll() is not None or groups() >= wanted, f"{wanted} groups")
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)  # with Spark and its workers
    process.wait()
    before = manifest.current(root, "documents")
    assert before is not None
    done = len(before.folders)
    assert wanted <= done < FILES
    assert readable(root) == {"documents"}

    again = context(spark, root)
    records = ingest.run(again, C4Config(root=root, input=(given,)))
    assert f"{FILES - done} of {FILES} inputs are new" in said(again)
    after = manifest.current(root, "documents")
    assert after is not None
    assert after.folders[:done] == before.folders
    assert len(after.folders) == done + 1
    # what is told is of all that was asked for, whenever it was done
    assert sum(record.rows_out for record in records) == FILES * LINES

    whole = str(tmp_path / "whole")
    ingest.run(context(spark, whole), C4Config(root=whole, input=(given,)))
    columns = ("id", "text", "source")
    assert collect(spark, root, "documents", *columns) == collect(
        spark, whole, "documents", *columns
    )


def test_a_changed_setting_redoes_what_depends_on_it(
    spark: SparkSession, seven: Seven, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    shutil.copytree(seven.root, root)
    settings = yaml.safe_load(Path(seven.file).read_text())
    [(one,), *_] = collect(spark, root, "mixture", "id")
    file = tmp_path / "corpus.yaml"
    file.write_text(
        yaml.safe_dump({**settings, "root": str(root), "curate": {"where": f"id != '{one}'"}})
    )
    records = run.run(Context("", spark, out=io.StringIO()), RunConfig(config=str(file)))
    before = {record.run for record in seven.records}
    assert [record.job for record in records if record.run not in before] == ["curate", "mix"]
    assert len(records) == len(seven.records)
    same, other = contents(str(root)), contents(str(seven.root))
    assert {name for name in same if same[name] != other[name]} == {"corpus", "mixture"}
