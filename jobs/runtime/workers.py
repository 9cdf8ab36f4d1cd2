"""Check what the workers of a cluster have of the driver, by one small job before the work."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from jobs import storage
from schemas.errors import UserError, one_line

_TASKS = 16  # so that several workers get one
_ANSWER = "host string, error string"
_PREFIXES = ("AWS_", "REDPAJAMA_S3_")
"""Beginnings of the environment variables that `jobs.storage` reads."""

_REMEDY = (
    "give spark-submit --conf spark.executorEnv.{}=... (on EMR, Kubernetes: a role of the workers)"
)


def are_elsewhere(spark: SparkSession) -> bool:
    """Return whether the workers are not children of this process, with its environment and files."""
    if type(spark).__module__.startswith("pyspark.sql.connect"):
        return True
    try:
        return not str(spark.conf.get("spark.master", "")).startswith("local")
    except PySparkException:  # a platform that does not show it
        return True


def check_project(spark: SparkSession) -> None:
    """Check that the workers can import this project; Spark's error says it if not."""
    if are_elsewhere(spark):
        run(spark, _nothing)


def check_input(spark: SparkSession, uri: str) -> None:
    """Check that the workers can look up an input as the driver can.

    Raises
    ------
    UserError
        One cannot; the message names the environment variables that it lacks.
    """
    if are_elsewhere(spark):
        names = sorted(name for name in os.environ if name.startswith(_PREFIXES))
        run(spark, partial(look_up, uri, names if uri.startswith("s3") else ()))


def check(spark: SparkSession, test: Callable[[], object]) -> None:
    """Run a test in workers that are elsewhere.

    Raises
    ------
    UserError
        The test raises it in one of them.
    """
    if are_elsewhere(spark):
        run(spark, test)


def run(spark: SparkSession, test: Callable[[], object]) -> None:
    """Run a test in a few tasks, wherever they are; raise the first UserError of one."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _ in batches:
            error = ""
            try:
                test()
            except UserError as raised:  # returned, because Spark would try the task again
                error = str(raised)
            yield pa.RecordBatch.from_pylist([{"host": socket.gethostname(), "error": error}])

    answers = spark.range(0, _TASKS, 1, _TASKS).mapInArrow(work, _ANSWER).collect()
    errors = sorted((row["error"], row["host"]) for row in answers if row["error"])
    if errors:
        error, host = errors[0]
        raise UserError(error if error.startswith("the worker ") else f"the worker {host}: {error}")


def look_up(uri: str, names: Sequence[str]) -> None:
    """Look up an object in a worker.

    Parameters
    ----------
    names
        The driver's environment variables for the store.

    Raises
    ------
    UserError
        The object cannot be looked up, or is not there.
    """
    try:
        reason = "" if storage.stat(uri) else "it does not exist there"
    except (UserError, OSError) as error:
        reason = one_line(error)
    if not reason:
        return
    lacking = [name for name in names if name not in os.environ]
    hint = (
        f"; it lacks the driver's {', '.join(lacking)}: {_REMEDY.format(lacking[0])}"
        if lacking
        else ""
    )
    raise UserError(f"cannot read {uri} ({reason}){hint}")


def _nothing() -> None:
    return None
