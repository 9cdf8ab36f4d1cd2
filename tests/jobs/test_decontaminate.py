"""Which documents hold evaluation items: the table, its counts, and what files of items may be like."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from families import annotated
from pyspark.sql import SparkSession
from rows import collect, context, fill, said

from jobs import cli
from jobs.steps.decontaminate import evaluation_sets
from jobs.tables import taken_down
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.mapping import from_mapping

GSM8K = "A robe takes two bolts of blue fiber and half that much white fiber; how many in total?"
MMLU = "Which of these is not a power that the constitution gives to the upper house of parliament?"
SHORT = "What is the capital of the state of Oregon?"


def prose(n: int, seed: int) -> str:
    return " ".join(random.Random(seed).choices(["river", "stone", "cloud", "grass"], k=n))


DOCUMENTS = {
    "clean/1": prose(300, 1),
    "clean/2": GSM8K[:60],
    "long/1": f"{prose(25_000, 2)} {GSM8K.upper()} {prose(25_000, 3)}",
    "both/1": f"{MMLU} {prose(9, 4)} {GSM8K.replace(' ', '  ')}",
    "short/1": f"Q: {SHORT} A: Salem",
    "gone/1": f"{prose(20, 5)} {MMLU}",
}


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two evaluation sets of one file name, with lines that are no items."""
    folder = tmp_path_factory.mktemp("sets")
    for name in ("gsm8k", "mmlu"):
        (folder / name).mkdir()
    lines = [json.dumps({"id": "g-1", "question": GSM8K}), "{not json", "", json.dumps({"id": 2})]
    gsm8k = folder / "gsm8k" / "test.jsonl.gz"
    gsm8k.write_bytes(gzip.compress("\n".join(lines).encode()))
    mmlu = folder / "mmlu" / "test.parquet"
    rows = [
        {"question": MMLU, "choices": ["yes", "no"]},
        {"question": SHORT, "choices": []},
        {"question": "Why?", "choices": ["no"]},
    ]
    pq.write_table(pa.Table.from_pylist(rows), mmlu)
    return [str(gsm8k), str(mmlu)]


def decontaminate(spark: SparkSession, root: Path, sets: list[str], **others: Any) -> Record:
    config = DecontaminateConfig(root=str(root), evaluations=tuple(sets), **others)
    made: Record = cli.run("decontaminate", config, context(spark, root))
    return made


@pytest.fixture(scope="module")
def done(
    spark: SparkSession, sets: list[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Record]:
    root = tmp_path_factory.mktemp("root")
    rows = [annotated(id_, text) for id_, text in DOCUMENTS.items()]
    fill(spark, root, "annotated", rows, partitions=3)
    down = [{"kind": "id", "value": "gone/1", "date": "2099-01-01", "reason": "asked"}]
    fill(spark, root, "takedowns", down)
    return root, decontaminate(spark, root, sets)


EXPECTED = [
    ("both/1", "gsm8k/test", "g-1"),
    ("both/1", "mmlu/test", "1"),
    ("long/1", "gsm8k/test", "g-1"),
    ("short/1", "mmlu/test", "2"),
]


def test_the_evidence(spark: SparkSession, done: tuple[Path, Record]) -> None:
    rows = collect(spark, done[0], "contamination", "*")
    assert [row[:3] for row in rows] == EXPECTED
    assert rows[2][3] == "a robe takes two bolts of blue fiber and half that much white"
    assert rows[3][3] == "what is the capital of the state of oregon"


def test_the_counts_add_up(done: tuple[Path, Record]) -> None:
    record = done[1]
    assert (record.rows_in, record.rows_out) == (6, 3)
    assert record.reasons == {"clean": 2, taken_down.REASON: 1}
    held = sum(len(DOCUMENTS[id_]) for id_ in ("long/1", "both/1", "short/1"))
    assert record.characters_out == held
    zero = {"too_short": 0, "bad": 0}
    assert record.details["evaluations"] == {
        "gsm8k/test": {**zero, "items": 1, "found": 1, "documents": 2, "bad": 2},
        "mmlu/test": {**zero, "items": 3, "found": 2, "documents": 2, "too_short": 1},
    }
    assert not list((done[0] / "contamination").rglob("*.npz"))


def test_again_it_does_nothing_and_partitions_change_nothing(
    spark: SparkSession, done: tuple[Path, Record], sets: list[str], tmp_path: Path
) -> None:
    config = DecontaminateConfig(root=str(done[0]), evaluations=tuple(sets))
    given = context(spark, done[0])
    assert cli.run("decontaminate", config, given).run == done[1].run
    assert "decontaminate: nothing has changed" in said(given)
    rows = [annotated(id_, text) for id_, text in reversed(DOCUMENTS.items()) if id_ != "gone/1"]
    fill(spark, tmp_path, "annotated", rows, partitions=1)
    decontaminate(spark, tmp_path, sets)
    found = [collect(spark, root, "contamination", "*") for root in (done[0], tmp_path)]
    assert found[0] == found[1]
    record = decontaminate(spark, tmp_path, sets, max_documents=1)
    # what two documents have is common text here, and the first words that only one has are told
    evidence = [row[:3] for row in collect(spark, tmp_path, "contamination", "*")]
    assert evidence == [EXPECTED[1], EXPECTED[3]]
    assert record.details["common_ngrams"] == 6


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "one two\r\n\n  \nthree\n", [("1", "one two"), ("4", "three")]),
        ("a.csv", 'idx,question,answer\n7,"a, b\nc",d\n', [("7", "a b c d")]),
        ("a.tsv", "question\tkey\nWho?\tk\n", [("k", "who")]),
        (
            "a.json",
            '[{"task_id": "H/0", "q": {"t": ["A", {"x": "b"}], "n": 1}}, 3]',
            [("H/0", "a b")],
        ),
        ("a.jsonl", '\ufeff{"q": "a"}\n[1]\n"b"\n{"q": ""}\n', [("1", "a"), ("3", "b")]),
        ("a.jsonl", '{"id": "\\ud800", "q": "a"}\n' + "[" * 100_000, [("?", "a")]),
        ("a.ndjson", b'{"id": true, "q": "\xff"}\n{"id": null, "q": "b"}\n', [("2", "b")]),
    ],
    ids=["text", "csv", "tsv", "json", "jsonl", "hostile", "bytes"],
)
def test_files_of_items(
    name: str, content: str | bytes, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / name).write_bytes(data)
    (found,) = evaluation_sets.find([str(tmp_path / name)])
    assert [(item.item, item.text.decode()) for item in found.read()] == expected
    assert (found.name, found.items) == ("a", len(expected))
    packed = tmp_path / f"{name}.zst"
    with pa.CompressedOutputStream(str(packed), "zstd") as stream:
        stream.write(data)
    (again,) = evaluation_sets.find([str(packed)])
    pairs = [(found.name, *pair) for pair in _pairs(expected)]
    assert [item[:3] for item in again.read()] == pairs


def _pairs(expected: list[tuple[str, str]]) -> list[tuple[str, bytes]]:
    return [(item, text.encode()) for item, text in expected]


def test_only_the_fields_that_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": "one", "b": "two", "c": "three"}\n{"a": "one"}\n')
    (found,) = evaluation_sets.find([str(tmp_path / "a.jsonl")], ("c", "b"))
    assert [item.text for item in found.read()] == [b"three two"]
    assert found.bad == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b"", "evaluation set .*a.jsonl has no item with text$"),
        ("a.jsonl", b"\x00\xff\n{\n", "has no item with text$"),
        ("a.parquet", b"PAR1 and no footer", "cannot read evaluation set .*a.parquet: "),
        ("a.jsonl.gz", b"no gzip", "cannot read evaluation set .*a.jsonl.gz: "),
        ("a.jsonl.gz", gzip.compress(b'{"q": "a"}' * 99)[:-9], "cannot read evaluation set "),
        ("a.zst", b"none", "cannot read evaluation set .*a.zst: "),
    ],
    ids=["empty", "binary", "parquet", "gzip", "cut", "zstd"],
)
def test_a_file_that_is_none_is_one_clear_line(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    (found,) = evaluation_sets.find([str(tmp_path / name)])
    with pytest.raises(UserError, match=message) as raised:
        list(found.read())
    assert "\n" not in str(raised.value)


def test_mistakes_are_told_before_anything_is_read(
    spark: SparkSession, done: tuple[Path, Record], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"no object matches .*none.jsonl"):
        decontaminate(spark, done[0], [str(tmp_path / "none.jsonl")])
    for name in ("a.jsonl", "a.txt"):
        (tmp_path / name).write_text('"What is it?"\n')
    with pytest.raises(UserError, match=r"are both evaluation set .*/a: rename one"):
        evaluation_sets.find([str(tmp_path)])
    with pytest.raises(UserError, match="no item of the evaluation sets has 8 words"):
        decontaminate(spark, done[0], [str(tmp_path / "a.txt")])
    with pytest.raises(UserError, match="evaluations is missing"):
        from_mapping(DecontaminateConfig, {"root": "r"}, where="")
    with pytest.raises(UserError, match="give at least one file"):
        from_mapping(DecontaminateConfig, {"root": "r", "evaluations": []}, where="")
