"""All seven slices of the sample from one file: one corpus, one mixture, and every record counted."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import tarfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession
from rows import collect
from seven import Seven

from jobs import run, slices, tables, trace
from jobs.runtime.context import Context
from jobs.sample import SampleInfo
from jobs.slices.raw.record import Place, RawRecord
from jobs.tables import manifest
from schemas.settings.ingest import PRETRAINING
from schemas.settings.run import RunConfig
from schemas.settings.trace import TraceConfig


def test_the_sample_has_all_seven(made: SampleInfo) -> None:
    assert set(PRETRAINING) <= set(made.inputs)


def test_one_corpus_and_one_mixture(spark: SparkSession, made: SampleInfo, seven: Seven) -> None:
    root, records, slices_ = seven.root, seven.records, set(made.inputs)
    for table in ("documents", "annotated", "corpus", "mixture"):
        found = {name for (name,) in collect(spark, root, table, "slice")}
        assert found == slices_, table
    ids = [id_ for (id_,) in collect(spark, root, "documents", "id")]
    assert len(set(ids)) == len(ids)
    assert {id_.partition("/")[0] for id_ in ids} == slices_
    mixed = next(record for record in records if record.job == "mix")
    longest = {
        name: max(tokens for slice_, tokens in rows if slice_ == name)
        for rows in [collect(spark, root, "corpus", "slice", "token_count")]
        for name in slices_
    }
    for stratum in mixed.details["strata"]:
        # within one document of its share
        assert abs(stratum["tokens"] - stratum["wanted"]) <= longest[stratum["stratum"]], stratum
        assert stratum["wanted"] == pytest.approx(60_000 / len(slices_), abs=1)


def test_every_planted_record_became_what_was_planned(
    spark: SparkSession, made: SampleInfo, seven: Seven
) -> None:
    truth: dict[str, Any] = json.loads(made.truth.read_text(encoding="utf-8"))
    for record in seven.records:
        if record.job != "ingest" or record.details["what"][0] == "common_crawl":
            continue
        name = record.details["what"][0]
        expected = Counter(row["outcome"] for row in truth[name])
        kept = expected.pop("kept")
        assert record.rows_out == kept, name
        reasons = Counter({key.removeprefix("quarantine:"): n for key, n in record.reasons.items()})
        assert reasons == expected, name
        assert record.rows_in == kept + sum(expected.values())


def test_the_counts_add_up(spark: SparkSession, seven: Seven) -> None:
    root, records = seven.root, seven.records
    documents = sum(record.rows_out for record in records if record.job == "ingest")
    assert tables.read(spark, str(root), "documents").count() == documents
    for record in records:
        record.check()
    curated = next(record for record in records if record.job == "curate")
    corpus = manifest.current(str(root), "corpus")
    assert corpus is not None
    assert curated.rows_out == corpus.rows
    dropped = sum(
        sum(record.reasons.values())
        for record in records
        if record.job in ("paragraphs", "annotate", "dedup")
    )
    assert documents == corpus.rows + dropped


def test_only_web_pages_have_buckets_and_lines_left(spark: SparkSession, seven: Seven) -> None:
    rows = collect(spark, seven.root, "annotated", "slice", "bucket", "line_ids", "language")
    for slice_, bucket, line_ids, language in rows:
        if slice_ == "common_crawl":
            assert line_ids is not None
        else:
            assert (bucket, line_ids) == ("all", None)
        assert (language is None) == (slice_ == "github")


def test_a_second_run_has_nothing_to_do(seven: Seven) -> None:
    out = io.StringIO()
    again = run.run(Context("", out=out), RunConfig(config=seven.file))  # without Spark
    assert [record.run for record in again] == [record.run for record in seven.records]
    # and it prints the counts of each stage again, and the folders of the tables
    printed = out.getvalue()
    corpus = manifest.current(str(seven.root), "corpus")
    assert corpus is not None
    line = next(line for line in printed.splitlines() if line.startswith("curate "))
    assert f" {corpus.rows:,} " in line
    assert f"{seven.root}/corpus/{corpus.folders[0].path}" in printed


Found = list[tuple[dict[str, Any], RawRecord]]


@pytest.fixture(scope="module")
def raw_records(spark: SparkSession, seven: Seven) -> dict[str, Found]:
    """The raw record of every document, by slice."""
    root = str(seven.root)
    documents = Context(root).table("documents").required()
    inputs = tuple(ingested["uri"] for ingested in documents.inputs)
    columns = ("id", "slice", "source", "metadata", "digest", "title", "url")
    rows = tables.read(spark, root, "documents").select(*columns).orderBy("id").collect()
    raw: dict[str, Found] = {}
    for stored in rows:
        row = stored.asDict(recursive=True)
        place = Place(
            id=row["id"],
            slice=row["slice"],
            uri=row["source"]["uri"],
            offset=row["source"]["offset"],
            metadata=row["metadata"] or {},
            digest=row["digest"],
            inputs=inputs,
            max_bytes=1 << 25,
            report=print,
        )
        raw.setdefault(row["slice"], []).append((row, slices.load(place.slice).raw_record(place)))
    return raw


def stored(row: dict[str, Any]) -> tuple[str, bytes, int]:
    """The name of a document's archive, all that is inside it, and the document's offset."""
    uri, offset = row["source"]["uri"], row["source"]["offset"]
    undo = {"gz": gzip.decompress, "bz2": bz2.decompress}.get(uri.rpartition(".")[2], bytes)
    return uri, undo(Path(uri).read_bytes()), offset


def test_the_raw_record_of_a_web_page_is_its_gzip_member(raw_records: dict[str, Found]) -> None:
    for row, record in raw_records["common_crawl"]:
        uri, offset = row["source"]["uri"], row["source"]["offset"]
        member = zlib.decompressobj(wbits=31).decompress(Path(uri).read_bytes()[offset:])
        content = b"".join(record.content())
        assert member.startswith(content)
        assert member[len(content) :].strip() == b""
        assert f"<urn:uuid:{row['id'].rpartition('/')[2]}>".encode() in content
        assert ("WARC-Target-URI", row["url"]) in record.headers["WARC"]
        assert record.headers["HTTP"][0][1].startswith("HTTP/1.1 200")


@pytest.mark.parametrize("slice_", ["c4", "github", "books", "stackexchange"])
def test_the_raw_record_of_a_line_is_the_line(slice_: str, raw_records: dict[str, Found]) -> None:
    lines = 0
    for row, record in raw_records[slice_]:
        content = b"".join(record.content())
        uri, data, offset = stored(row)
        if uri.endswith(".parquet"):
            there = pq.read_table(uri).slice(offset, 1).to_pylist()[0]
            assert json.loads(content)["content"] == there["content"]
        elif ".txt" in uri:
            assert content == data
            continue
        else:
            assert data[offset:].split(b"\n", 1)[0].removesuffix(b"\r") == content
        lines += 1
        named = {
            "c4": row["url"],
            "github": (row["metadata"] or {}).get("path"),
            "books": row["title"],
            "stackexchange": f'Id="{row["id"].rpartition("/")[2]}" ',
        }
        assert named[slice_].encode() in content
    assert lines


def test_a_question_tells_its_answers(raw_records: dict[str, Found]) -> None:
    answered = [
        pair for pair in raw_records["stackexchange"] if "answer_ids" in pair[0]["metadata"]
    ]
    assert answered
    for row, record in answered:
        _, data, _ = stored(row)
        (_, ids), *_ = record.headers["answers"]
        question = row["id"].rpartition("/")[2]
        for answer in ids:
            (line,) = [line for line in data.split(b"\n") if f' Id="{answer}" '.encode() in line]
            assert f'ParentId="{question}"'.encode() in line


def test_the_raw_record_of_an_article_is_its_page(raw_records: dict[str, Found]) -> None:
    for row, record in raw_records["wikipedia"]:
        uri, data, offset = stored(row)
        content = b"".join(record.content())
        assert content in data
        if not uri.endswith(".bz2"):
            assert data[offset:].startswith(content)
        page = content.decode("utf-16-le" if b"\0" in content else "utf-8")
        assert page.startswith("<page>")
        assert page.endswith("</page>")
        assert page.count("<page>") == 1
        assert f"<id>{row['id'].rpartition('/')[2]}</id>" in page


def test_the_raw_record_of_a_paper_is_what_arxiv_has(raw_records: dict[str, Found]) -> None:
    kinds = Counter(record.what for _, record in raw_records["arxiv"])
    assert len(kinds) == 3
    for row, record in raw_records["arxiv"]:
        uri = Path(row["source"]["uri"])
        content = b"".join(record.content())
        if uri.suffix == ".tar":
            with tarfile.open(uri) as archive:
                (member,) = [
                    member
                    for member in archive.getmembers()
                    if member.offset == row["source"]["offset"]
                ]
                stream = archive.extractfile(member)
                assert stream is not None
                assert content == stream.read()
                assert dict(record.headers["tar"])["name"] == member.name
        elif uri.suffix == ".gz":
            assert content == uri.read_bytes()
        else:
            files = sorted(uri.parent.glob("*.tex"))
            assert content == b"".join(file.read_bytes() for file in files)
            assert [name for name, _ in record.headers["files"]] == [file.name for file in files]
        assert "\\title{" in record.beginning


def test_trace_tells_what_became_of_documents(spark: SparkSession, seven: Seven) -> None:
    root = str(seven.root)
    ids = {name: {id_ for (id_,) in collect(spark, root, name, "id")} for name in _WAY}
    web = {id_ for id_ in ids["documents"] if id_.startswith("common_crawl/")}
    no_lines, no_language = web - ids["paragraphs"], ids["paragraphs"] - ids["annotated"]
    ways = {
        "mixture in": ids["mixture"],
        "mixture left out": ids["corpus"] - ids["mixture"],
        "paragraphs no-paragraph-left": no_lines,
        "annotated language-score": no_language,
    }
    expected = {min(those): what for what, those in ways.items() if those}
    copy, kind = min(collect(spark, root, "duplicates", "id", "kind"))
    expected |= {copy: f"corpus duplicate:{kind}", "arxiv/math/9901014": "truncated-gzip"}
    out = io.StringIO()
    config = TraceConfig(root=root, id=tuple(expected), json=True)
    trace.run(Context(root, spark, out=out), config)
    for line in out.getvalue().splitlines():
        traced = json.loads(line)
        outcomes = {stage["table"]: stage for stage in traced["stages"]}
        for table, found in outcomes.items():
            reached = found["outcome"] in ("in", "copy")
            there = traced["id"] in ids[table]
            assert reached == (
                there or (table == "duplicates" and traced["id"] in ids["annotated"])
            )
        table, _, what = expected[traced["id"]].partition(" ")
        if not outcomes:
            assert [row["error"] for row in traced["quarantine"]] == [table]
            assert traced["raw"]["what"] == "member of a tar"
        else:
            assert what in (outcomes[table]["outcome"], outcomes[table].get("reason"))
            assert "missing" not in traced["raw"]


_WAY = ("documents", "paragraphs", "annotated", "duplicates", "corpus", "mixture")
