"""Signals of installed packages through annotate and curate."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from rows import collect, context, document, fill

from jobs import annotate, cli
from jobs.tables import runs
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.curate import CurateConfig
from udfs.quality_signals import InstalledSignal

TEXTS = {"a": "a short text", "b": "a text that is longer than the other", "c": "x" * 90}


def run(spark: SparkSession, root: Path, monkeypatch: pytest.MonkeyPatch, *signals: str) -> str:
    """Annotate with signals given as `name=module:attribute of version`."""
    found = []
    for signal in signals:
        name, target, version = signal.split("=")
        found.append(InstalledSignal(name, target, f"example {version}"))
    monkeypatch.setattr(annotate, "installed_signals", lambda: tuple(found))
    return annotate.run(context(spark, root), AnnotateConfig(root=str(root))).run


def test_signals_of_packages_are_a_column_that_rules_can_use(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [document(name, text, slice="books", id=name) for name, text in TEXTS.items()]
    fill(spark, tmp_path, "documents", rows, labels={"slice": "books"})
    plain = run(spark, tmp_path, monkeypatch)
    assert collect(spark, tmp_path, "annotated", "user_signals") == [(None,)] * 3
    record = runs.all_records(str(tmp_path))[-1]
    assert "signals" not in record.inputs

    with_length = run(spark, tmp_path, monkeypatch, "characters=builtins:len=1.0")
    assert with_length != plain
    assert run(spark, tmp_path, monkeypatch, "characters=builtins:len=1.0") == with_length
    newer = run(spark, tmp_path, monkeypatch, "characters=builtins:len=1.1")
    assert newer != with_length
    record = runs.all_records(str(tmp_path))[-1]
    assert record.inputs["signals"] == {"characters": "builtins:len of example 1.1"}
    expected = {name: {"characters": float(len(text))} for name, text in TEXTS.items()}
    assert dict(collect(spark, tmp_path, "annotated", "id", "user_signals")) == expected

    for name in ("duplicates", "copies"):
        fill(spark, tmp_path, name, [], inputs=[{"annotated": newer}])
    config = CurateConfig(root=str(tmp_path), where=("user_signals.characters > 20",))
    assert cli.run("curate", config, context(spark, tmp_path)).reasons == {"filter:where": 1}
    kept = dict(collect(spark, tmp_path, "corpus", "id", "user_signals"))
    assert kept == {name: expected[name] for name in "bc"}
