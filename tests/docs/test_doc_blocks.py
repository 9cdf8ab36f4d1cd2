"""Blocks of Python and YAML of the documentation: each runs, or is read as the job reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from archives import by_record, http, warc_record
from pages import Block, blocks
from pyspark.sql import SparkSession
from rows import document, fill

from jobs import run
from jobs.steps.curate import filters
from jobs.steps.fetch_models import published
from jobs.steps.mix import recipe_file
from schemas.settings.run import RunConfig

PYTHON = blocks("python")
YAML = blocks("yaml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that a block runs in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("block", [block for block in PYTHON if "spark" not in block.text], ids=str)
def test_python_runs(block: Block, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block.text, str(block), "exec"), {})
    assert bool(capsys.readouterr().out.strip()) == ("print(" in block.text)


@pytest.mark.parametrize("block", [block for block in PYTHON if "spark" in block.text], ids=str)
def test_python_runs_on_spark(
    block: Block, folder: Path, spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "archives").mkdir()
    archive = by_record(warc_record(http(b"<html><body>a page</body></html>")))
    (folder / "archives/one.warc.gz").write_bytes(archive)
    for table in ("annotated", "mixture"):
        fill(spark, folder / "corpus", table, [document("a", "a page")])
    # the session's workers are in the folder that it was started in
    text = re.sub('"(archives|corpus)\\b', rf'"{folder}/\1', block.text)
    partitions = str(spark.conf.get("spark.sql.shuffle.partitions"))
    exec(compile(text, str(block), "exec"), {"spark": spark, "root": str(folder / "corpus")})
    # a block that asks for a local session gives the one of all tests its settings
    spark.conf.set("spark.sql.shuffle.partitions", partitions)
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("block", YAML, ids=str)
def test_yaml_is_read_as_the_job_reads_it(
    block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = block.text.splitlines()[0]
    file = folder / "block.yaml"
    file.write_text(block.text, encoding="utf-8")
    if head.startswith("# corpus.yaml"):
        _, steps = run.plan(RunConfig(config=str(file)))
        assert [job for job, _ in steps][-1] == "mix"
    elif head.startswith("# mine.yaml"):
        assert filters.load([str(file)])
    elif head.startswith("# functions.yaml"):
        (module,) = (block for block in PYTHON if block.text.startswith("# my_rules.py"))
        (folder / "my_rules.py").write_text(module.text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        assert filters.load([str(file)])[0].functions
    elif head.startswith("# recipe.yaml"):
        assert recipe_file.parse(block.text, str(file)).strata
    elif head.startswith("# models.yaml"):
        assert published.chosen(["lid"], ["en"], None, str(file))
    else:
        # the figures of a page, which another test reads
        assert block.page.name == "SIZING.md"
        assert yaml.safe_load(block.text)
