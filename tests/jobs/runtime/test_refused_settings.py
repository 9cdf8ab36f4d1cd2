"""Settings that a platform refuses: passed over with one line, restored after a block."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.runtime import session
from jobs.steps.paragraphs.lines import whole_files

MAX = "spark.sql.files.maxPartitionBytes"
OPEN = "spark.sql.files.openCostInBytes"


class Conf:
    """A session's settings on a platform that refuses some of them at one of three calls."""

    def __init__(self, refused: set[str], at: str) -> None:
        self.refused, self.at = refused, at
        self.values = {MAX: "1", OPEN: "2"}

    def isModifiable(self, key: str) -> bool:  # noqa: N802 - Spark's name
        return not (self.at == "isModifiable" and key in self.refused)

    def get(self, key: str) -> str:
        self._check("get", key)
        return self.values[key]

    def set(self, key: str, value: str) -> None:
        self._check("set", key)
        self.values[key] = value

    def _check(self, call: str, key: str) -> None:
        if call == self.at and key in self.refused:
            raise RuntimeError(f"[CONFIG_NOT_AVAILABLE] Configuration {key} is not available.")


def platform(refused: set[str], at: str) -> Any:
    return SimpleNamespace(conf=Conf(refused, at))


@pytest.fixture(autouse=True)
def _nothing_said_before() -> Iterator[None]:
    session._say_once.cache_clear()
    yield
    session._say_once.cache_clear()


@pytest.mark.parametrize("at", ["isModifiable", "set"])
def test_a_refused_setting_costs_one_line(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused = {"spark.sql.parquet.compression.codec", "spark.sql.maxConcurrentOutputFileWriters"}
    spark = platform(refused, at)
    session.with_runtime(spark)
    session.with_runtime(spark)
    assert (
        spark.conf.values.items()
        >= {key: value for key, value in session.RUNTIME.items() if key not in refused}.items()
    )
    assert not refused & spark.conf.values.keys()
    (line,) = capsys.readouterr().err.splitlines()
    assert set(line.split(" of ")[1].split(", ")) == refused


def test_where_nothing_is_refused_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    spark = platform(set(), "set")
    session.with_runtime(spark)
    assert spark.conf.values.items() >= session.RUNTIME.items()
    assert capsys.readouterr().err == ""


class Builder:
    """A session's builder that records the settings of the session."""

    def __init__(self) -> None:
        self.started_with: dict[str, str] = {}

    def appName(self, name: str) -> Builder:  # noqa: N802 - Spark's name
        return self

    def config(self, key: str, value: str) -> Builder:
        self.started_with[key] = value
        return self

    def getOrCreate(self) -> Any:  # noqa: N802 - Spark's name
        return platform(set(), "set")


@pytest.mark.parametrize("started", ["SPARK_REMOTE", "DATABRICKS_RUNTIME_VERSION", None])
def test_spark_submit_starts_with_the_settings_that_cannot_change_later(
    started: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in session._HAS_SESSION:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PYSPARK_GATEWAY_PORT", "1")
    if started:
        monkeypatch.setenv(started, "x")
    builder = Builder()
    spark = SimpleNamespace(builder=builder, getActiveSession=lambda: None)
    monkeypatch.setattr(session, "SparkSession", spark)
    monkeypatch.setattr("jobs.runtime.workers.check_project", lambda spark: None)
    session.get_session("test")
    assert builder.started_with == ({} if started else session.AT_START)
    assert capsys.readouterr().err == ""


def test_which_settings_can_change_later(spark: SparkSession) -> None:
    assert all(map(spark.conf.isModifiable, session.RUNTIME))
    assert not any(map(spark.conf.isModifiable, session.AT_START))


@pytest.mark.parametrize("at", ["isModifiable", "get", "set"])
@pytest.mark.parametrize("refused", [{MAX}, {OPEN}, {MAX, OPEN}])
def test_files_are_not_read_whole_where_one_setting_is_refused(refused: set[str], at: str) -> None:
    spark = platform(refused, at)
    with whole_files(spark) as whole:
        assert whole is False
    assert spark.conf.values == {MAX: "1", OPEN: "2"}


def test_settings_of_a_block_are_restored_after_an_error() -> None:
    spark = platform(set(), "set")

    def fail() -> None:
        with whole_files(spark) as whole:
            assert whole is True
            assert spark.conf.values == {MAX: str(2**40), OPEN: str(2**40)}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert spark.conf.values == {MAX: "1", OPEN: "2"}
