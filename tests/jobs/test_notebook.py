"""What the notebooks share: where a root is, what an empty one gets, texts side by side."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs import notebook
from jobs.runtime.context import Context
from jobs.tables import manifest, runs
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig


def test_the_root_is_the_variable_s_or_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPAJAMA_ROOT", "/data/corpus")
    assert notebook.root_setting("corpus") == "/data/corpus"
    monkeypatch.delenv("REDPAJAMA_ROOT")
    shared, own = notebook.root_setting("corpus"), notebook.root_setting("better", apart=True)
    assert shared == notebook.root_setting("explore") == notebook.local_root()
    assert re.search(r"redpajama-notebooks-\d+-[0-9a-f]{8}$", shared)
    assert own == f"{shared}-better"


def test_a_setting_is_one_of_its_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    assert notebook.setting("filters", "gopher", ["c4", "gopher"]) == "gopher"
    monkeypatch.setenv("REDPAJAMA_FILTERS", "c4")
    assert notebook.setting("filters", "gopher", ["c4", "gopher"]) == "c4"
    monkeypatch.setenv("REDPAJAMA_FILTERS", "gofer")
    with pytest.raises(UserError, match=r"no filters 'gofer' .*did you mean 'gopher'"):
        notebook.setting("filters", "gopher", ["c4", "gopher"])


def test_pages_open_one_by_one() -> None:
    page = notebook.pages({"<a>": {"raw": "<p>"}, "b": {"raw": "x", "text": "y"}})
    assert page.count("<details") == page.count("</details>") == 2
    assert page.startswith("<details open><summary>&lt;a&gt;</summary>")
    assert "<p>" not in page


def test_the_session_that_is_there_is_the_notebook_s(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABRICKS_RUNTIME_VERSION", raising=False)
    assert not notebook.on_databricks()
    assert notebook.session() is spark
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "client.2.5")  # as serverless has it
    assert notebook.on_databricks()
    assert notebook.session() is spark


def test_a_sample_needs_a_folder() -> None:
    with pytest.raises(UserError, match="s3a://bucket/root is not one: name archives instead"):
        notebook.sample_in("s3a://bucket/root")


def published(root: Path, name: str) -> None:
    Context(str(root)).table(name).publish([], run="first", replacing=None)


def test_a_root_that_has_documents_is_left_alone(tmp_path: Path) -> None:
    given = Context(str(tmp_path), out=io.StringIO())
    published(tmp_path, "documents")
    with pytest.raises(UserError, match="has documents/ but no annotated/"):
        notebook.fill_if_empty(given)
    published(tmp_path, "annotated")
    notebook.fill_if_empty(given)
    assert {folder.name for folder in tmp_path.iterdir()} == {"documents", "annotated"}


def test_the_record_is_that_of_the_run_that_made_the_table(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no table annotated yet"):
        notebook.record_of(str(tmp_path), "annotated")
    config = AnnotateConfig(root=str(tmp_path), models="/data/models")
    given = Context(str(tmp_path), out=io.StringIO())
    given.spark = None  # type: ignore[assignment]  # a record needs none
    with runs.record(given, "annotate", config, {}) as made:
        folder = manifest.Folder(f"{made.run}/rows", made.run, "annotate", {})
        given.table("annotated").publish([folder], run=made.run, replacing=None)
    found = notebook.record_of(str(tmp_path), "annotated")
    assert (found.run, found.config["models"]) == (made.run, "/data/models")


def test_texts_side_by_side_are_text_alone() -> None:
    page = notebook.side_by_side({"<raw>": "<script>alert('&')</script>", "text": "a\nb"})
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;" in page
    assert "<b>&lt;raw&gt;</b>" in page
    assert page.count("<td") == 2
    assert "a\nb</pre>" in page
