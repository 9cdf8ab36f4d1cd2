"""Conversations beside other slices, from dumps to exports: duplicates, shares, held-out trees, takedown."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import chat_files as files
import pytest
import yaml
from pyspark.sql import SparkSession
from rows import collect, context
from stackexchange_dumps import SITE, posts_xml

from jobs import cli, dedup, export, run, takedown, trace
from jobs.sample.conversations import exchanges
from jobs.slices.raw.record import RawRecord
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from schemas.settings.export import ExportConfig
from schemas.settings.run import RunConfig
from schemas.settings.takedown import TakedownConfig
from schemas.settings.trace import TraceConfig

ENGLISH, GERMAN, FRENCH, SPANISH = (
    [item for item in exchanges() if item.language == language]
    for language in ("en", "de", "fr", "es")
)
TREES = 12


def post(id_: int, kind: int, body: str, **more: object) -> str:
    fields = {"Id": id_, "PostTypeId": kind, "Score": 1, "Body": f"<p>{body}</p>", **more}
    values = " ".join(
        f'{name}="{str(value).replace("&", "&amp;").replace("<", "&lt;").replace(chr(34), "&quot;")}"'
        for name, value in fields.items()
    )
    return f"  <row {values} />"


def long_text(items: list[Any]) -> str:
    return " ".join(item.answer for item in items)


def write_inputs(folder: Path) -> dict[str, Path]:
    answer = long_text(ENGLISH[:3])
    rows = [
        post(1, 1, ENGLISH[0].question, Title="Plants"),
        post(2, 2, long_text(ENGLISH[9:12]), ParentId=1, Score=9),
        post(3, 2, answer, ParentId=1),
    ]
    (folder / SITE).mkdir()
    (folder / SITE / "Posts.xml").write_bytes(posts_xml(*rows))
    copied = answer.replace("bushy", "dense").replace("overnight", "at night")
    longform = [
        {"input": "Write about three things.", "output": copied, "source": "Stack Exchange"},
        {"input": ENGLISH[5].question, "output": long_text(ENGLISH[5:8]), "source": "C4"},
    ]
    dolly = [
        {"instruction": question, "context": "", "response": answer_, "category": "a"}
        for question, answer_ in (
            (ENGLISH[5].question, long_text(GERMAN[:2])),
            ("Tell me more.", long_text(GERMAN[3:5])),
        )
    ]
    trees = []
    for i in range(TREES):
        root = files.message(f"r{i}", None, "prompter", f"{i} {long_text(FRENCH[i : i + 3])}")
        best = files.message(f"a{i}", f"r{i}", "assistant", f"{i} {SPANISH[i].answer}", rank=0)
        other = files.message(f"b{i}", f"r{i}", "assistant", f"{i} {SPANISH[i + 1].answer}", rank=1)
        # nearly all words of these two threads are in both
        ask = files.message(f"c{i}", f"a{i}", "prompter", f"{i} {SPANISH[i + 2].answer}")
        ends = [
            files.message(f"{x}{i}", f"c{i}", "assistant", f"Sí {x}.", rank=k)
            for k, x in enumerate("de")
        ]
        trees.append(files.tree(root, best, other, ask, *ends))
    return {
        "stackexchange": folder / SITE / "Posts.xml",
        "longform": files.json_lines(folder / "longform.jsonl", longform),
        "dolly": files.json_lines(folder / "dolly.jsonl", [*dolly, "{"]),
        "oasst": files.json_lines(folder / "trees.jsonl.gz", trees),
    }


@pytest.fixture(scope="module")
def root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conversations")
    inputs = write_inputs(folder)
    settings = {
        "root": str(folder / "root"),
        "ingest": [{"slice": name, "input": str(path)} for name, path in inputs.items()],
        "mix": {"sample": 1500, "held_out": 0.4, "shards": 1},
    }
    (folder / "run.yaml").write_text(yaml.safe_dump(settings))
    records = run.run(context(spark, folder / "root"), RunConfig(config=str(folder / "run.yaml")))
    for record in records:
        record.check()
    return folder / "root"


def test_an_answer_that_another_slice_has_is_found_and_the_better_one_stays(
    spark: SparkSession, root: Path
) -> None:
    rows = collect(spark, root, "duplicates", "id", "survivor_id", "kind", "similarity")
    ((id_, survivor, kind, similarity),) = rows  # threads of one tree are no copies of each other
    assert id_.startswith("longform/")
    assert (survivor, kind) == (f"stackexchange/{SITE}/1", "answer")
    assert 0.8 <= similarity < 1
    lines = dedup.run(context(spark, root), DedupConfig(root=str(root), explain=(id_,)))
    assert isinstance(lines, list)
    assert any(line.startswith(f"{id_} is a near-duplicate (by an answer) of") for line in lines)
    assert all(near == 0 for (near,) in collect(spark, root, "corpus", "copies.near"))
    corpus = Counter(name for (name,) in collect(spark, root, "corpus", "slice"))
    assert corpus == {"stackexchange": 1, "longform": 1, "dolly": 2, "oasst": 3 * TREES}


def test_prompts_are_compared_across_sets_where_asked(spark: SparkSession, root: Path) -> None:
    config = DedupConfig(root=str(root), kinds=("exact", "near", "prompt"), overwrite=True)
    record = dedup.run(context(spark, root), config)
    assert not isinstance(record, list)
    assert record.reasons == {"duplicate:answer": 1, "duplicate:prompt": 1}
    (row,) = (
        row for row in collect(spark, root, "duplicates", "id", "survivor_id", "kind")
        if row[2] == "prompt"
    )  # fmt: skip
    assert [row[0].partition("/")[0], row[1].partition("/")[0]] == ["longform", "dolly"]
    cli.run("dedup", DedupConfig(root=str(root), overwrite=True), context(spark, root))


def test_a_tree_is_held_out_as_a_whole_and_exported(
    spark: SparkSession, root: Path, tmp_path: Path
) -> None:
    def tree_of(id_: str) -> str:
        return id_.rpartition("/")[2][1:]

    mixed = {tree_of(i) for i, s in collect(spark, root, "mixture", "id", "slice") if s == "oasst"}
    everything = Counter(
        tree_of(i) for i, s in collect(spark, root, "corpus", "id", "slice") if s == "oasst"
    )
    config = ExportConfig(
        root=str(root),
        output=str(tmp_path / "held"),
        format="messages",
        table="corpus",
        held_out=True,
    )
    record = export.run(context(spark, root), config)
    assert record.reasons["not-held-out"] + record.rows_out == sum(everything.values()) + 4
    held: Counter[str] = Counter()
    for path in (tmp_path / "held" / "data" / "oasst").glob("*.zst"):
        held.update(tree_of(line["id"]) for line in read_lines(path))
    assert held
    assert mixed
    assert not held.keys() & mixed
    assert all(n == everything[tree] == 3 for tree, n in held.items())
    with pytest.raises(UserError, match="add --table corpus"):
        export.run(context(spark, root), ExportConfig(
            root=str(root), output=str(tmp_path / "x"), format="messages", held_out=True
        ))  # fmt: skip


def read_lines(path: Path) -> list[dict[str, Any]]:
    from slices import whole_file

    from jobs.sources.lines import line_bytes

    return [json.loads(line) for _, line, _ in line_bytes(whole_file(path), 1 << 22)]


def test_an_export_counts_what_its_form_cannot_represent(
    spark: SparkSession, root: Path, tmp_path: Path
) -> None:
    config = ExportConfig(
        root=str(root), output=str(tmp_path / "alpaca"), format="alpaca", table="corpus"
    )
    record = export.run(context(spark, root), config)
    assert record.rows_out == 3 + TREES  # the threads of one question, and instructions
    assert record.reasons == {"no-conversation": 1, "not-one-turn": 2 * TREES}
    manifest = json.loads((tmp_path / "alpaca" / "manifest.json").read_text())
    assert manifest["documents"] == record.rows_out


def test_the_trace_of_a_message_names_its_conversations(spark: SparkSession, root: Path) -> None:
    given = context(spark, root)
    with pytest.raises(UserError, match="is a message of oasst/d2 oasst/e2"):
        trace.run(given, TraceConfig(root=str(root), id=("oasst/c2",)))
    (found,) = trace.run(given, TraceConfig(root=str(root), id=("oasst/d2",)))
    assert isinstance(found.raw, RawRecord)
    assert dict(found.raw.headers["message"])["id"] == "d2"


def test_the_takedown_of_a_message_takes_all_that_answers_it(
    spark: SparkSession, root: Path
) -> None:
    config = TakedownConfig(root=str(root), id=("oasst/a3",), reason="asked for", yes=True)
    takedown.run(context(spark, root), config)
    for table in ("documents", "annotated", "corpus"):
        ids = {i for i, s in collect(spark, root, table, "id", "slice") if s == "oasst"}
        assert "oasst/b3" in ids
        assert not {"oasst/d3", "oasst/e3"} & ids
        assert len(ids) == 3 * TREES - 2
