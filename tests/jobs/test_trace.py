"""Trace on a small root: the decision of each job, missing and changed archives, raw records."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import py7zr
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archives import by_record, http, read, warc_record
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from rows import document

from jobs import cli, slices, trace
from jobs.runtime.context import Context
from jobs.slices.raw import streams
from jobs.slices.raw.record import Place, RawRecord, RecordNotFound
from jobs.steps.trace.document_trace import hint
from jobs.tables import runs
from jobs.tables.manifest import Folder
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.settings.mix import MixConfig
from schemas.settings.trace import TraceConfig
from schemas.tables import TABLES

STORED = ("kept", "tail", "short", "copy", "over", "blocked", "leaked")
PAGES = (*STORED, "changed", "gone", "evil")
METADATA = [("charset", "utf-8"), ("extractor", "main"), ("text_share", "0.4312")]
RULE = {"name": "mine/words", "sql": "rps_doc_word_count >= 50", "keep": True}


def record(name: str) -> bytes:
    return warc_record(http(f"<p>This is {name}.".encode()), name=name, url=f"http://a.org/{name}")


def fill(
    root: str, name: str, rows: list[dict[str, Any]], *inputs: dict[str, Any], run: str = "first"
) -> None:
    """Write these rows as the table, without Spark; a column that a row lacks is null."""
    table = TABLES[name]
    schema = to_arrow_schema(table.schema)
    columns = [field for field in schema if field.name not in table.partitions]
    by_partition: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        partition = "/".join(f"{column}={row[column]}" for column in table.partitions)
        by_partition.setdefault(partition, []).append(row)
    for partition, part in by_partition.items():
        folder = Path(root, name, run, "rows", partition)
        folder.mkdir(parents=True)
        values = [{column.name: row.get(column.name) for column in columns} for row in part]
        pq.write_table(pa.Table.from_pylist(values, pa.schema(columns)), folder / "0.parquet")
    handle = Context(root).table(name)
    files = handle.with_files(Folder(f"{run}/rows", run, "test"))
    handle.publish([files], run=run, replacing=None, inputs=inputs)


@pytest.fixture(scope="module")
def root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A root whose curate dropped bucket tail and documents below 50 words, and whose mixture is full.

    One of its archives has changed since it was ingested, and one no longer exists.
    """
    root, archives = (tmp_path_factory.mktemp(name) for name in ("root", "archives"))
    archive = archives / "a.warc.gz"
    archive.write_bytes(by_record(*map(record, STORED)))
    blocked = archives / "adult.txt"
    blocked.write_text("http://a.org/blocked\n")
    version = {"version": str(archive.stat().st_mtime_ns), "size": archive.stat().st_size}
    uris = {name: str(archive) for name in PAGES} | {
        name: str(archives / f"{name}.warc.gz") for name in ("changed", "gone")
    }
    Path(uris["changed"]).write_bytes(by_record(record("another")))
    offsets = [len(by_record(*map(record, STORED[:i]))) for i in range(len(STORED))] + [0, 0]
    documents = [
        document(
            name, f"This is {name}.", digest=None, url=f"http://a.org/{name}", metadata=METADATA
        )
        | {"source": {"uri": uris[name], "offset": offset}}
        | {"bucket": "tail" if name == "tail" else "head", "language": "en"}
        | {"quality_signals": {"rps_doc_word_count": 7 if name == "short" else 700}}
        | {"uri": uris[name], "original_nlines": 3, "original_length": 90, "token_count": 5}
        for name, offset in zip(PAGES[:-1], offsets, strict=True)
    ]
    ingested = [
        {"uri": uri, "run": "ingest-1", "version": "1", "size": 1}
        | (version if uri == str(archive) else {})
        for uri in set(uris.values())
    ]
    root_uri, context = str(root), Context(str(root), spark, out=io.StringIO())
    fill(root_uri, "documents", documents, *ingested)
    fill(root_uri, "paragraphs", documents, {"documents": "first"})
    fill(root_uri, "annotated", documents, {"documents": "first", "paragraphs": "first"})
    copy: dict[str, Any] = {
        "id": "common_crawl/copy",
        "survivor_id": "common_crawl/kept",
        "kind": "near",
    }
    copy |= {"cluster_id": "common_crawl/copy", "similarity": 0.875}
    fill(root_uri, "duplicates", [copy], {"annotated": "first"})
    request = {
        "kind": "id",
        "value": "common_crawl/evil",
        "date": "2026-11-20",
        "reason": "a request",
    }
    unrelated = {"kind": "domain", "value": "b.org", "date": "2026-11-21", "reason": "another"}
    fill(root_uri, "takedowns", [request, unrelated])
    repeated = {"slice": "common_crawl", "uri": str(archive), "offset": 9, "error": "duplicate-id"}
    repeated |= {"message": "another record has the id common_crawl/kept", "stage": "ingest"}
    fill(
        root_uri,
        "quarantine",
        [repeated, repeated | {"error": "other", "message": "of another record"}],
    )
    inputs: dict[str, Any] = {"annotated": "first", "duplicates": "first"}
    rules = {"rules": [RULE | {"slices": ["common_crawl"]}]}
    leak = {"id": "common_crawl/leaked", "evaluation": "mmlu", "item": "7", "ngram": "a b"}
    fill(root_uri, "contamination", [leak], {"annotated": "first"})
    curate = CurateConfig(
        root=root_uri,
        buckets=("head", "middle"),
        filters=("mine.yaml",),
        blocklists=(str(blocked),),
        contaminated="drop",
    )
    with runs.record(context, "curate", curate, inputs | rules) as curated:
        kept = [row for row in documents if row["id"].endswith(("kept", "over"))]
        kept[0] |= {"emails": 2, "ip_addresses": 0}
        fill(root_uri, "corpus", kept, inputs, run=curated.run)
    with runs.record(context, "mix", MixConfig(root=root_uri, tokens=10), {}) as mixed:
        share = {"stratum": "common_crawl", "tokens": 10, "available": 10, "epochs": 1.0}
        mixed.details["strata"] = [share]
        sampled = kept[0] | {"stratum": "common_crawl", "shard": 1}
        examples = [sampled | {"epoch": epoch, "position": 40 + epoch} for epoch in (0, 1)]
        fill(root_uri, "mixture", examples, {"corpus": curated.run}, run=mixed.run)
    return root_uri


@pytest.fixture(scope="module")
def traced(spark: SparkSession, root: str) -> dict[str, dict[str, Any]]:
    """The objects that `--json` prints for all pages, by their names."""
    out = io.StringIO()
    ids = tuple(f"common_crawl/{name}" for name in PAGES)
    trace.run(Context(root, spark, out=out), TraceConfig(root=root, id=ids, json=True))
    traces = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [trace["id"] for trace in traces] == list(ids)
    return dict(zip(PAGES, traces, strict=True))


def stage_of(trace: dict[str, Any], table: str) -> dict[str, Any]:
    stage: dict[str, Any]
    (stage,) = [stage for stage in trace["stages"] if stage["table"] == table]
    return stage


DECISIONS = {
    "kept": ("in", "in", "kept in slice=common_crawl/bucket=head, 5 tokens"),
    "tail": ("left out", "not reached", "bucket:tail: not one of --buckets head middle"),
    "short": (
        "left out",
        "not reached",
        "filter:mine/words: keep rps_doc_word_count >= 50 (rps_doc_word_count is 7)",
    ),
    "copy": ("left out", "not reached", "duplicate:near: common_crawl/kept is kept in its place"),
    "blocked": ("left out", "not reached", "blocklist:adult"),
    "leaked": ("left out", "not reached", "contaminated:mmlu"),
    "over": ("in", "left out", "kept in slice=common_crawl/bucket=head, 5 tokens"),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_has_its_numbers(name: str, traced: dict[str, Any]) -> None:
    kept, sampled, summary = DECISIONS[name]
    assert stage_of(traced[name], "corpus")["outcome"] == kept
    assert stage_of(traced[name], "corpus")["said"] == summary
    assert stage_of(traced[name], "mixture")["outcome"] == sampled


def test_what_was_replaced_is_counted_by_kind(traced: dict[str, Any]) -> None:
    assert stage_of(traced["kept"], "corpus")["replaced"] == {"emails": 2, "ip_addresses": 0}
    assert stage_of(traced["over"], "corpus")["replaced"] is None


def test_the_mixture_lists_each_position(traced: dict[str, Any]) -> None:
    stage = stage_of(traced["kept"], "mixture")
    assert stage["places"] == [
        {"epoch": 0, "shard": 1, "position": 40},
        {"epoch": 1, "shard": 1, "position": 41},
    ]
    assert stage["share"]["tokens"] == 10
    assert stage_of(traced["over"], "mixture")["reason"] == "over-budget"


def test_contamination_has_its_evidence(traced: dict[str, Any]) -> None:
    (evidence,) = stage_of(traced["leaked"], "contamination")["evidence"]
    assert evidence == {"evaluation": "mmlu", "item": "7", "ngram": "a b"}


def test_a_duplicate_and_its_survivor(traced: dict[str, Any]) -> None:
    copy = stage_of(traced["copy"], "duplicates")
    assert (copy["outcome"], copy["kind"], copy["similarity"]) == ("copy", "near", 0.875)
    assert "see redpajama dedup --explain common_crawl/copy" in copy["said"]
    assert stage_of(traced["kept"], "duplicates")["stands_for"] == 1


def test_a_takedown_has_its_date_and_reason(traced: dict[str, Any]) -> None:
    evil = traced["evil"]
    assert [(entry["date"], entry["reason"]) for entry in evil["takedowns"]] == [
        ("2026-11-20", "a request")
    ]
    assert (evil["source"], evil["stages"]) == (None, [])
    assert traced["kept"]["takedowns"] == []


def test_a_quarantined_record_is_listed_at_its_id(traced: dict[str, Any]) -> None:
    assert [row["error"] for row in traced["kept"]["quarantine"]] == ["duplicate-id"]
    assert traced["tail"]["quarantine"] == []


def test_the_raw_record_has_its_headers_and_its_body(traced: dict[str, Any]) -> None:
    record = traced["tail"]["raw"]
    assert record["headers"]["WARC"][0] == ["", "WARC/1.0"]
    assert ["WARC-Record-ID", "<urn:uuid:tail>"] in record["headers"]["WARC"]
    assert record["headers"]["HTTP"][0] == ["", "HTTP/1.1 200 OK"]
    assert record["beginning"] == "<p>This is tail."
    assert record["notes"] == []


def test_raw_writes_the_record_and_nothing_else(spark: SparkSession, root: str) -> None:
    target = io.BytesIO()
    out = io.TextIOWrapper(target, write_through=True)
    config = TraceConfig(root=root, url=("HTTPS://A.org:443/%6Fver/",), raw=True)
    trace.run(Context(root, spark, out=out), config)
    assert target.getvalue() + b"\r\n\r\n" == record("over")


def test_an_unknown_id_is_one_line_with_a_hint(spark: SparkSession, root: str) -> None:
    out = io.StringIO()
    config = TraceConfig(root=root, id=("common_crawl/over", "tail", "common_craw/x\n"))
    with pytest.raises(UserError) as raised:
        trace.run(Context(root, spark, out=out), config)
    assert str(raised.value) == (
        f"no document tail common_craw/x␊ in {root} (did you mean common_crawl/tail?)"
    )
    # the known ids are traced all the same
    lines = out.getvalue().splitlines()
    assert lines[0] == "common_crawl/over"
    assert "raw record    WARC record, " in out.getvalue()
    assert "              charset utf-8, extractor main, text_share 0.4312" in lines
    assert (
        "mixture/      left out: over-budget: other documents filled the share of common_crawl"
        in lines
    )


HINTS = {
    "12": "no slice prefix: an id is SLICE/NAME",
    "wikipdia/en/12": "did you mean 'wikipedia'?",
    "https://a.org/": "not an address",
    "c4/nobody": "c4 has no document of this name",
}


@pytest.mark.parametrize("id_", HINTS)
def test_an_invalid_id_gets_a_hint(id_: str) -> None:
    assert HINTS[id_] in hint(id_)


def test_a_changed_or_missing_archive_is_reported(traced: dict[str, Any]) -> None:
    assert traced["kept"]["archive"] == {"state": "same", "said": ""}
    changed = traced["changed"]
    assert changed["archive"]["state"] == "changed"
    assert changed["archive"]["said"].startswith("the archive has changed since it was ingested")
    assert changed["raw"]["missing"].endswith("the record there is common_crawl/another")
    gone = traced["gone"]
    assert gone["archive"]["state"] == "gone"
    assert "no longer exists" in gone["raw"]["missing"]
    for page in (changed, gone):  # the stages are complete all the same
        for table in ("documents", "annotated"):
            assert stage_of(page, table)["outcome"] == "in"


def raw_record(place: Place) -> RawRecord:
    return slices.load(place.slice).raw_record(place)


def place_of(path: Path, id_: str, offset: int) -> Place:
    messages: list[str] = []
    slice_ = id_.partition("/")[0]
    return Place(id_, slice_, str(path), offset, {}, None, (str(path),), 1 << 20, messages.append)


PACKINGS: dict[str, tuple[Callable[..., bytes], bool]] = {
    "by-record": (by_record, False),
    "as-one-file": (lambda *records: gzip.compress(b"".join(records)), True),
    "not-at-all": (lambda *records: b"".join(records), False),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_record_is_found_however_its_archive_is_compressed(packing: str, tmp_path: Path) -> None:
    pack, streamed = PACKINGS[packing]
    path = tmp_path / "a.warc.gz"
    # the archive is damaged behind the record
    path.write_bytes(pack(*map(record, ("one", "two", "three")))[:-9])
    (offset,) = [row["offset"] for row in read(path.read_bytes()) if row["record_id"] == "two"]
    raw = raw_record(place_of(path, "common_crawl/two", offset))
    assert b"".join(raw.content()) + b"\r\n\r\n" == record("two")
    assert bool(raw.notes) == streamed
    with pytest.raises(RecordNotFound, match="the record there is common_crawl/two"):
        raw_record(place_of(path, "common_crawl/one", offset))


def test_a_post_is_found_in_a_7z(tmp_path: Path) -> None:
    lines = [f'  <row Id="{n}" PostTypeId="1" Title="{n}?" Body="{n}!" />' for n in (1, 2, 3)]
    text = "\n".join(["<posts>", *lines, "</posts>"])
    path = tmp_path / "tea.example.7z"
    with py7zr.SevenZipFile(path, "w") as packed:
        packed.writestr(text, "Posts.xml")
    raw = raw_record(place_of(path, "stackexchange/tea.example/2", text.index(lines[1])))
    assert b"".join(raw.content()).decode() == lines[1]
    assert raw.notes == ["61 bytes were read to get there: 7z cannot be entered within"]


def test_a_long_read_to_a_record_reports_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_STEP", 2 << 20)
    messages: list[str] = []
    chunks = (bytes([n]) * (1 << 20) for n in range(8))
    assert next(streams.from_offset(chunks, 5 << 20, "a.gz", messages.append))[:1] == b"\5"
    assert messages == ["reading a.gz: 2 of 5 MB", "reading a.gz: 4 of 5 MB"]


def test_mistakes_are_reported_before_spark_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ["--root", str(tmp_path)]
    assert cli.main(["trace", "c4/a", "c4/b", "--raw", *root]) == 2
    assert capsys.readouterr().err == (
        "redpajama trace: --raw writes one record: give one id, and not --json\n"
    )
    assert cli.main(["trace", "c4/a", *root]) == 2
    assert "has no table documents yet" in capsys.readouterr().err
