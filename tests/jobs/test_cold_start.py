"""Jobs that start their session themselves: nothing may name a column of Spark before they do."""

from __future__ import annotations

import io
import shlex
from functools import cached_property
from pathlib import Path

import pytest
from command_lines import settings_of
from earlier_root import put_inputs, stored_rows, unpack_root
from pyspark import SparkContext
from pyspark.sql import SparkSession

from jobs import cli
from jobs.runtime.context import Context


class ColdContext(Context):
    """A context whose session begins only when a job asks for it, as from the command line."""

    active: SparkContext

    @cached_property
    def spark(self) -> SparkSession:
        """Make the session of the tests the active one."""
        SparkContext._active_spark_context = self.active
        assert self.given is not None
        return self.given

    def at(self, root: str) -> Context:
        """Return a context for another root, as cold as this one."""
        return type(self)(root, self.given, out=self.out)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    put_inputs()
    return unpack_root(tmp_path_factory.mktemp("cold"))


@pytest.mark.parametrize(
    "line",
    [
        "trace {kept} {copy}",
        "dedup --explain {copy}",
        "curate --dry-run",
        "takedown --id {kept} --reason asked --dry-run",
        "export --format jsonl --output {output}",
        "report --sample 1",
        "decontaminate --evaluations {evaluations}",
        "mix --tokens 1000 --overwrite",
        "paragraphs --overwrite",
    ],
)
def test_a_job_of_a_fresh_process(
    spark: SparkSession, root: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [copy, kept] = [stored_rows(root, name)[0]["id"] for name in ("duplicates", "corpus")]
    items = tmp_path / "items.jsonl"
    items.write_text('{"id": "1", "text": "eight words that are in no document of this root"}\n')
    words = line.format(kept=kept, copy=copy, output=tmp_path / "out", evaluations=items)
    job, settings = settings_of([*shlex.split(words), "--root", root])
    monkeypatch.setattr(ColdContext, "active", spark.sparkContext, raising=False)
    monkeypatch.setattr(SparkContext, "_active_spark_context", None)
    cli.run(job, settings, ColdContext(root, spark, out=io.StringIO()))
