"""What happens to an ingest, and to annotate, where storage, disks, workers or inputs fail."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archives import by_record, http, warc_record
from faulty_server import Fault, Server
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from rows import collect, context, said

from jobs import annotate, ingest, storage
from jobs.runtime import task_errors
from jobs.steps.ingest import changed_inputs, unread_inputs
from jobs.tables import manifest, runs
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.ingest import C4Config, CommonCrawlConfig

LINES = 3000


def lines(start: int = 0, bad: int = 0) -> bytes:
    """A file of C4, of which some lines are broken."""
    rows = [
        json.dumps({"text": f"The text of page {n}: {n * 7919}.", "url": f"https://x.org/{n}"})
        for n in range(start, start + LINES)
    ]
    return "".join(f"{row[: 30 if n < bad else None]}\n" for n, row in enumerate(rows)).encode()


def ids(spark: SparkSession, root: Path) -> list[str]:
    return [id_ for (id_,) in collect(spark, root, "documents", "id")]


def test_a_store_that_is_busy_resets_and_breaks_off_costs_retries(
    spark: SparkSession, faulty_server: Server, tmp_path: Path
) -> None:
    server = faulty_server
    server.data = gzip.compress(lines(), mtime=0)
    settings = C4Config(root=str(tmp_path), input=(f"{server.base}/c4-train.00000.json.gz",))
    server.faults += [
        Fault(status=503),  # to the look at its size and version
        Fault(),
        Fault(status=503),
        Fault(cut=5000, reset=True),
        Fault(cut=len(server.data) // 2),  # half an object
    ]
    [record] = ingest.run(context(spark, tmp_path), settings)
    assert (record.rows_out, record.reasons) == (LINES, {})
    assert not server.faults
    assert len(set(ids(spark, tmp_path))) == LINES


def test_a_store_that_stays_away_costs_its_object_which_is_read_again(
    spark: SparkSession, faulty_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = faulty_server
    server.data = lines()
    there = tmp_path / "c4-train.00001.json"
    there.write_bytes(lines(LINES))
    uri = f"{server.base}/c4-train.00000.json"
    settings = C4Config(root=str(tmp_path / "root"), input=(uri, str(there)))
    given = context(spark, settings.root)
    server.faults += [Fault(), *[Fault(status=403)] * 9]
    [record] = ingest.run(given, settings)
    assert (record.rows_out, record.reasons) == (LINES, {"quarantine:storage-error": 1})
    [line] = [line for line in said(given).splitlines() if "1 of 2 inputs were not" in line]
    assert uri in line
    assert "403 Forbidden" in line
    assert len(collect(spark, settings.root, "quarantine", "uri")) == 1
    server.faults.clear()
    again = ingest.run(given, settings)
    assert again[-1].rows_out == LINES
    assert len(set(ids(spark, Path(settings.root)))) == 2 * LINES
    assert collect(spark, settings.root, "quarantine", "uri") == []
    assert "read now: 1 inputs with storage errors before" in said(given)


def test_an_object_replaced_while_it_is_read_is_not_taken(
    spark: SparkSession, faulty_server: Server, tmp_path: Path
) -> None:
    server = faulty_server
    server.data, new = lines(), lines(LINES)
    there = tmp_path / "c4-train.00001.json"
    there.write_bytes(lines(2 * LINES))
    uri = f"{server.base}/c4-train.00000.json"
    settings = C4Config(root=str(tmp_path / "root"), input=(uri, str(there)))
    given = context(spark, settings.root)
    # replaced when all of it was read: nothing but its version tells
    server.faults += [Fault(), Fault(), Fault(replace=new)]
    [record] = ingest.run(given, settings)
    assert record.rows_out == LINES
    assert record.reasons == {f"quarantine:{changed_inputs.OBJECT_CHANGED}": 1}
    [(uri_, error)] = collect(spark, settings.root, "quarantine", "uri", "error")
    assert (uri_, error) == (uri, "object-changed")
    again = ingest.run(given, settings)
    assert again[-1].rows_out == LINES
    urls = {url for (url,) in collect(spark, settings.root, "documents", "url")}
    assert urls == {f"https://x.org/{n}" for n in range(LINES, 3 * LINES)}


def test_an_input_that_is_missing_is_named(spark: SparkSession, tmp_path: Path) -> None:
    there = tmp_path / "a.json"
    there.write_bytes(lines())
    missing = str(tmp_path / "b.json")
    settings = C4Config(root=str(tmp_path / "root"), input=(str(there), missing))
    with pytest.raises(UserError, match=f"no object matches {missing}"):
        ingest.run(context(spark, settings.root), settings)
    assert not storage.exists(settings.root)


def test_too_many_bad_records_stop_an_ingest(spark: SparkSession, tmp_path: Path) -> None:
    dump = tmp_path / "c4-train.00000.json"
    dump.write_bytes(lines(bad=LINES // 4))
    root = str(tmp_path / "root")
    given = context(spark, root)
    with pytest.raises(UserError, match=r"750 of 3,000 records cannot be used \(broken-json 750\)"):
        ingest.run(given, C4Config(root=root, input=(str(dump),)))
    assert manifest.current(root, "documents") is None
    [record] = runs.all_records(root)
    assert (record.status, record.reasons) == ("failed", {"quarantine:broken-json": 750})
    [record] = ingest.run(given, C4Config(root=root, input=(str(dump),), max_quarantined=0.25))
    assert record.rows_out == LINES - 750


def test_an_ingest_that_can_use_no_record_stops(spark: SparkSession, tmp_path: Path) -> None:
    dump = tmp_path / "c4-train.00000.json"
    dump.write_text("<html>not JSON</html>\n" * 3)
    root = str(tmp_path / "root")
    with pytest.raises(UserError) as raised:
        ingest.run(context(spark, root), C4Config(root=root, input=(str(dump),)))
    assert re.fullmatch(
        rf"c4 local: no record of 1 inputs can be used \(broken-json, {dump}: .+\); nothing is "
        "published: check that the slice and the inputs are the right ones",
        str(raised.value),
    )
    assert manifest.current(root, "documents") is None
    [record] = runs.all_records(root)
    assert (record.status, record.reasons) == ("failed", {"quarantine:broken-json": 3})
    # beside a file that can be read, its lines are quarantined
    (tmp_path / "c4-train.00001.json").write_bytes(lines())
    both = C4Config(root=root, input=(str(tmp_path / "*.json"),))
    [record] = ingest.run(context(spark, root), both)
    assert (record.rows_out, record.reasons) == (LINES, {"quarantine:broken-json": 3})


def test_an_ingest_of_which_no_input_is_read_stops() -> None:
    record = Record("r", "ingest", reasons={"quarantine:storage-error": 2})
    lost = {
        "https://b.org/2": "https://b.org/2 may not be read (403 Forbidden)",
        "https://a.org/1": "the connection was lost",
    }
    nothing: Any = None
    with pytest.raises(UserError) as raised:
        unread_inputs.check("c4 local", record, lost, 2, nothing)
    assert str(raised.value) == (
        "c4 local: 2 of 2 inputs were not read to their end (https://a.org/1: the connection was "
        "lost): nothing is published; run this again"
    )
    record.reasons["short"] = 1
    unread_inputs.check("c4 local", record, lost, 3, nothing)


def test_a_page_of_100_mb_costs_itself(spark: SparkSession, tmp_path: Path) -> None:
    page = http(b"<p>A page that is long enough to be kept, and has words. </p>" * 20)
    huge = http(b"<p>word</p>" * (100 * 2**20 // 11))
    dump = tmp_path / "a.warc.gz"
    dump.write_bytes(
        by_record(
            warc_record(page, name="1"), warc_record(huge, name="2"), warc_record(page, name="3")
        )
    )
    settings = CommonCrawlConfig(root=str(tmp_path / "root"), input=(str(dump),))
    [record] = ingest.run(context(spark, settings.root), settings)
    assert (record.rows_out, record.reasons) == (2, {"quarantine:record-too-large": 1})


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_leaves_what_was_published(
    spark: SparkSession, tmp_path: Path, small_disk: Path
) -> None:
    first, second = tmp_path / "c4-train.00000.json", tmp_path / "c4-train.00001.json"
    first.write_bytes(lines())
    noise = [{"text": os.urandom(2000).hex(), "url": f"https://y.org/{n}"} for n in range(1000)]
    second.write_text("".join(json.dumps(row) + "\n" for row in noise))
    root = small_disk / "root"
    given = context(spark, root)
    ingest.run(given, C4Config(root=str(root), input=(str(first),)))
    both = C4Config(root=str(root), input=(str(first), str(second)))
    with pytest.raises((PySparkException, Py4JJavaError, UserError)) as failed:
        ingest.run(given, both)
    assert "a disk is full" in str(task_errors.user_message(failed.value))
    assert len(ids(spark, root)) == LINES
    subprocess.run(["mount", "-o", "remount,size=50m", small_disk], check=True)
    ingest.run(given, both)
    assert len(ids(spark, root)) == LINES + 1000


def test_a_worker_without_the_models_is_named(
    spark: SparkSession, tmp_path: Path, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = tmp_path / "c4-train.00000.json"
    dump.write_bytes(lines())
    root = str(tmp_path / "root")
    ingest.run(context(spark, root), C4Config(root=root, input=(str(dump),)))
    # this process finds the folder by it, and a worker, which works elsewhere, does not
    monkeypatch.chdir(Path(made.models).parent)
    here = f"/proc/self/cwd/{Path(made.models).name}"
    with pytest.raises(PySparkException) as failed:
        annotate.run(context(spark, root), AnnotateConfig(root=root, models=here))
    line = task_errors.user_message(failed.value)
    assert line is not None
    assert line.startswith("the worker ")
    assert "no such folder of models: every worker must see the models" in line
    assert manifest.current(root, "annotated") is None
    record = runs.all_records(root)[-1]
    assert record.error == line
