"""Near-duplicates and evaluation items in every script, through the commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from rows import collect, context
from script_texts import TEXTS, copies

from jobs import cli
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.ingest import INGEST
from udfs.near_duplicates.shingling import Words


def rows_of_c4(texts: dict[str, str]) -> str:
    rows = [
        {"text": text, "url": f"https://a.example/{name}", "timestamp": "2020-01-01T00:00:00Z"}
        for name, text in texts.items()
    ]
    return "\n".join(json.dumps(row) for row in rows)


def annotated(spark: SparkSession, root: Path, lines: str, words: Words = "script") -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / "c4.jsonl").write_text(lines, "utf-8")
    given = context(spark, root)
    cli.run("ingest c4", INGEST["c4"](root=str(root), input=(str(root / "c4.jsonl"),)), given)
    cli.run("annotate", AnnotateConfig(root=str(root), minhash_words=words), given)
    return root


@pytest.fixture(scope="module")
def root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = {
        f"{language}/{number}": text
        for language in TEXTS
        for number, text in enumerate([TEXTS[language], *copies(language)])
    }
    return annotated(spark, tmp_path_factory.mktemp("scripts") / "new", rows_of_c4(texts))


def test_a_pair_in_each_script_is_found(spark: SparkSession, root: Path) -> None:
    cli.run("dedup", DedupConfig(root=str(root)), context(spark, root))
    urls = dict(collect(spark, root, "annotated", "id", "url"))
    rows = collect(spark, root, "duplicates", "id", "survivor_id", "kind", "similarity")
    pairs = [(urls[id_].split("/")[3], urls[kept].split("/")[3]) for id_, kept, _, _ in rows]
    assert all(one == other for one, other in pairs)
    assert {kind for _, _, kind, _ in rows} == {"near"}
    counts = {language: len(copies(language)) for language in TEXTS}
    assert {one: sum(pair[0] == one for pair in pairs) for one in TEXTS} == counts


def test_the_shared_pairs(spark: SparkSession, tmp_path: Path, after_cases: Path) -> None:
    lines = (after_cases / "dedup-cjk-thai/c4.jsonl").read_text("utf-8")
    root = annotated(spark, tmp_path / "root", lines)
    cli.run("dedup", DedupConfig(root=str(root)), context(spark, root))
    assert len(collect(spark, root, "duplicates", "id")) == 4


def test_roots_of_other_words_are_not_compared(
    spark: SparkSession, root: Path, tmp_path: Path
) -> None:
    older = annotated(spark, tmp_path / "older", rows_of_c4({"a": TEXTS["zh"]}), words="blanks")
    config = DedupConfig(root=str(root), against=(str(older),))
    with pytest.raises(UserError) as raised:
        cli.run("dedup", config, context(spark, root))
    assert str(raised.value).startswith("signatures of different words cannot be compared: ")
    assert f"redpajama annotate --root {older} --overwrite" in str(raised.value)


def test_items_are_found_verbatim_in_each_script(
    spark: SparkSession, root: Path, tmp_path: Path
) -> None:
    items = tmp_path / "items.jsonl"
    heads = {language: text[:60] for language, text in TEXTS.items()}
    rows = [
        {"id": language, "question": head.rpartition(" ")[0] or head}
        for language, head in heads.items()
    ]
    items.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    config = DecontaminateConfig(root=str(root), evaluations=(str(items),))
    record = cli.run("decontaminate", config, context(spark, root))
    urls = dict(collect(spark, root, "annotated", "id", "url"))
    rows_found = collect(spark, root, "contamination", "id", "item")
    assert {item for _, item in rows_found} == set(TEXTS)
    assert all(urls[id_].split("/")[3] == item for id_, item in rows_found)
    assert record.details["evaluations"]["items"]["too_short"] == 0
