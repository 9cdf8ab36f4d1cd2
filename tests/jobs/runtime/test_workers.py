"""What the workers lack of the driver is said in one line, before the work."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs import storage
from jobs.runtime import workers
from schemas.errors import UserError


class Connect:
    """A session that only has settings."""

    def __init__(self, **settings: str) -> None:
        self.conf = settings


@pytest.mark.parametrize(
    ("master", "elsewhere"),
    [
        ("local[2]", False),
        ("local", False),
        ("spark://host:7077", True),
        ("yarn", True),
        ("", True),
    ],
)
def test_workers_of_a_local_session_are_not_checked(master: str, elsewhere: bool) -> None:
    session: Any = Connect(**{"spark.master": master})
    assert workers.are_elsewhere(session) == elsewhere


def test_an_input_that_is_there_passes(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    workers.look_up(str(tmp_path / "a"), ())


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(uri: str) -> None:
        raise UserError("access to s3://b/k\nis denied (403)")

    monkeypatch.setattr(storage, "stat", refuse)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_REGION", "x")
    with pytest.raises(UserError) as raised:
        workers.look_up("s3://b/k", ["AWS_ENDPOINT_URL", "AWS_REGION"])
    assert str(raised.value) == (
        "cannot read s3://b/k (access to s3://b/k is denied (403)); it lacks the driver's "
        "AWS_ENDPOINT_URL: give spark-submit --conf spark.executorEnv.AWS_ENDPOINT_URL=... (on EMR, "
        "Kubernetes: a role of the workers)"
    )
    with pytest.raises(UserError) as raised:
        workers.look_up("s3://b/k", ["AWS_REGION"])
    assert str(raised.value) == "cannot read s3://b/k (access to s3://b/k is denied (403))"


NEW = "REDPAJAMA_S3_OF_THIS_TEST"


def test_a_worker_s_answer_is_one_line(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker of this session has not the variables that the driver has got since it began."""
    (tmp_path / "a").touch()
    monkeypatch.setenv(NEW, "http://127.0.0.1:1")
    assert NEW in os.environ
    workers.run(spark, partial(workers.look_up, str(tmp_path / "a"), [NEW]))
    with pytest.raises(UserError) as raised:
        workers.run(spark, partial(workers.look_up, str(tmp_path / "b"), [NEW]))
    line = str(raised.value)
    assert line.startswith("the worker ")
    assert (
        f": cannot read {tmp_path}/b (it does not exist there); it lacks the driver's {NEW}: give"
        in line
    )
