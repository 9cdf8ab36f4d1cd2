"""Rules judge the lines of a page before paragraph dedup, from annotate to curate and its dry run."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import SparkSession
from rows import collect, context, document, fill, said

from jobs import annotate, cli, curate, paragraphs
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.curate import CurateConfig
from schemas.settings.paragraphs import ParagraphsConfig

TEXT = (
    "The committee of the {0} met to discuss the budget, and it was agreed to change the plan.\n"
    "Most of the people who live in the {0} valley work with wood, as they always have.\n"
    "It is not easy to say when the {0} bridge was built, but the records point to a year."
)
FRENCH = (
    "Le comité de la ville s'est réuni lundi pour discuter du budget, et il a été convenu de changer.\n"
    "La plupart des gens qui vivent dans la vallée travaillent le bois, comme toujours."
)
SHOP = "Buy cheap watches online today with free delivery to the door."


def test_repeated_lines_drop_a_page_although_paragraph_dedup_has_taken_them_out(
    spark: SparkSession, tmp_path: Path
) -> None:
    root = str(tmp_path)
    texts = {
        "shop": "\n".join([SHOP] * 10 + [TEXT.format("shop")]),
        "loud": TEXT.format("loud").upper(),
        "good": TEXT.format("good"),
        "french": FRENCH,
    }
    rows = [document(name, text, id=name) for name, text in texts.items()]
    fill(spark, tmp_path, "documents", rows)
    paragraphs.run(context(spark, tmp_path), ParagraphsConfig(root=root))
    made = annotate.run(
        context(spark, tmp_path), AnnotateConfig(root=root, language_id="robust")
    ).run
    columns = ("id", "text", "language", "language_score", "rule_measures")
    measured = {row[0]: row[1:] for row in collect(spark, root, "annotated", *columns)}
    assert measured["shop"][0].count(SHOP) == 1
    assert measured["shop"][3]["duplicate_lines"] == 9 / 13
    assert measured["loud"][1] == "en"  # in capitals, which `ccnet` does not know
    for _, _, score, measures in measured.values():
        assert measures["language_probability"] == score != round(score, 2)

    for name in ("duplicates", "copies"):
        fill(spark, tmp_path, name, [], inputs=[{"annotated": made}])
    own = tmp_path / "own.yaml"
    own.write_text("languages: [en]\nrules: {lines: {keep: duplicate_lines <= 0.3}}\n")
    given = context(spark, tmp_path)
    told = "own is made for en: it does not judge 1 documents in fr (--filters NAME:all judges all)"
    curate.run(given, CurateConfig(root=root, filters=(str(own),), dry_run=True))
    assert f"curate --dry-run: {told}" in said(given).splitlines()
    given = context(spark, tmp_path)
    record = cli.run("curate", CurateConfig(root=root, filters=(str(own),)), given)
    assert record.reasons == {"filter:own/lines": 1}
    assert f"curate: {told}" in said(given).splitlines()


def test_documents_without_measures_are_told(spark: SparkSession, tmp_path: Path) -> None:
    row = document("old", "a text", language="en", bucket="all")
    fill(spark, tmp_path, "annotated", [row])
    given = context(spark, tmp_path)
    where = ("duplicate_lines < 0.5", "length > 1")
    curate.run(given, CurateConfig(root=str(tmp_path), where=where, dry_run=True))
    [line] = [line for line in said(given).splitlines() if "earlier release" in line]
    assert "of where-1, which" in line
