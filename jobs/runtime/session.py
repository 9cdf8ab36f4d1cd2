"""Spark session: the active one, or a local one that needs no configuration."""

from __future__ import annotations

import atexit
import functools
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from jobs.runtime import class_archive, workers
from jobs.runtime.java import find_java

# Settings that every job relies on. All of them can be set while a session runs, so they also hold under
# Spark Connect and in a notebook's session.
RUNTIME = {
    "spark.sql.session.timeZone": "UTC",
    # a web page of text is a few KB, one of HTML often 100 KB: 10,000 rows, the default, are a GB
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "spark.sql.parquet.compression.codec": "zstd",
    # write slices and outcomes side by side instead of sorting every text by them first
    "spark.sql.maxConcurrentOutputFileWriters": "64",
}

# Settings that save time and can be set only before a session starts: of those that start here.
AT_START = {
    # recording the line of code of each column costs four calls to the JVM a column: a quarter of the
    # time of a small dedup
    "spark.python.sql.dataFrameDebugging.enabled": "false",
}

# environment variables of Connect and Databricks, which have started Spark, and of spark-submit
_STARTED = ("SPARK_REMOTE", "DATABRICKS_RUNTIME_VERSION")
_HAS_SESSION = (*_STARTED, "PYSPARK_GATEWAY_PORT")

LOOPBACK = "127.0.0.1"
# absolute: in a worker a module of a wheel has a path that begins with the working directory
LOG4J = (Path(__file__).absolute().parent / "log4j2.properties").as_uri()

# the parallel collector: the default one's threads cost a tenth of the processor time of an ingest
JAVA_OPTIONS = f"-Dlog4j2.configurationFile={LOG4J} -XX:+UseParallelGC"


QUICK = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
"""Java's quick compiler alone: the optimising one takes half of the processor time of a short run.

It has 48 MB for compiled code by default, which Spark fills; Java then discards code and compiles it again.
"""

QUICK_BYTES = 256 << 20
"""Bytes as stored below which a job's time is less with the quick compiler alone.

On two cores, with it and without: a run from 2,190 pages (12 MB of WARC) to a mixture takes 49 s and 83 s;
ingest of 17,520 pages (95 MB) 86 s and 98 s of processor time; dedup of 64,000 documents (440 MB of text)
with signatures 21 s and 26 s.
"""


INTERPRETED = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""Settings with which Spark interprets its plans, each as it was made, and compiles none of them.

Few rows are read in less time than it takes to compile a plan, or to plan each of its stages again.
"""

INTERPRETED_BYTES = 16 << 20
"""Bytes as stored below which plans are interpreted."""


def get_session(name: str, *, input_bytes: Callable[[], float] | None = None) -> SparkSession:
    """Return the session of a notebook, spark-submit or Spark Connect, else a local one.

    Parameters
    ----------
    input_bytes
        Return the bytes that a job reads, asked for only if a local session starts; by default many.
    """
    # these loggers repeat every exception as JSON, also those that are reported in one line
    for logger in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(logger).setLevel("CRITICAL")
    active = SparkSession.getActiveSession()
    if active is None and any(name in os.environ for name in _HAS_SESSION):
        active = _platform_session(name)
        _ship_wheel(active)
        workers.check_project(active)
    if active is None:
        return local_session(name=name, **_by_size(input_bytes() if input_bytes else math.inf))
    return with_runtime(active)


def _by_size(size: float) -> dict[str, Any]:
    """Return the arguments of `local_session` for a job that reads so many bytes."""
    arguments: dict[str, Any] = {"java_options": QUICK if size < QUICK_BYTES else ""}
    if size < INTERPRETED_BYTES:
        # as many partitions as cores, since no adaptive plan joins smaller ones
        arguments |= {"settings": INTERPRETED, "shuffle_partitions": _cores()}
    return arguments


def _platform_session(name: str) -> SparkSession:
    """Return the session of spark-submit, Spark Connect or Databricks."""
    builder = SparkSession.builder.appName(name)
    # Connect and Databricks have started Spark already; spark-submit starts it with this session
    if not any(variable in os.environ for variable in _STARTED):
        for key, value in AT_START.items():
            builder = builder.config(key, value)
    return builder.getOrCreate()


def _ship_wheel(spark: SparkSession) -> None:
    """Give the workers the wheel that the driver imports this project from, if there is one.

    `spark-submit --py-files x.whl` makes a wheel importable in the driver alone; Spark takes only
    `.zip` for packages, which a wheel is.
    """
    wheel = Path(__file__).parents[2]
    if wheel.suffix == ".whl":
        folder = tempfile.mkdtemp(prefix="redpajama-wheel-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        archive = shutil.copyfile(wheel, Path(folder, wheel.stem + ".zip"))
        spark.addArtifacts(str(archive), pyfile=True)


def with_runtime(spark: SparkSession) -> SparkSession:
    """Apply `RUNTIME`, except for settings that the platform does not let a job change."""
    different = [key for key, value in RUNTIME.items() if _value(spark, key) != value]
    refused = [key for key in different if not set_if_allowed(spark, key, RUNTIME[key])]
    if refused:
        _say_once(f"redpajama: this platform keeps its own values of {', '.join(refused)}")
    return spark


def set_if_allowed(spark: SparkSession, key: str, value: str) -> bool:
    """Set a setting of a session and return True, or return False where the platform refuses it.

    Databricks' serverless compute has a list of its own of what may be set; whether `isModifiable` knows
    it is not documented, so `set` may refuse what `isModifiable` allows.
    """
    try:
        if not spark.conf.isModifiable(key):
            return False
        spark.conf.set(key, value)
    except Exception:  # noqa: BLE001 - each platform refuses with a type of its own
        return False
    return True


@contextmanager
def overridden(spark: SparkSession, values: Mapping[str, str]) -> Iterator[bool]:
    """Set settings of a session for a block; yield False where the platform refuses one of them."""
    before: dict[str, str] = {}
    for key, value in values.items():
        former = _value(spark, key)
        if former is None or not set_if_allowed(spark, key, value):
            break
        before[key] = former
    try:
        yield len(before) == len(values)
    finally:
        for key, former in before.items():
            spark.conf.set(key, former)


def _value(spark: SparkSession, key: str) -> str | None:
    """Return the value of a setting, None where the platform does not show it."""
    try:
        return str(spark.conf.get(key))
    except Exception:  # noqa: BLE001 - each platform refuses with a type of its own
        return None


@functools.cache
def _say_once(line: str) -> None:
    print(line, file=sys.stderr)


def local_session(
    *,
    name: str = "redpajama",
    cores: int | None = None,
    shuffle_partitions: int | None = None,
    megabytes: int | None = None,
    java_options: str = "",
    settings: Mapping[str, str] | None = None,
) -> SparkSession:
    """Return a session in this process.

    Parameters
    ----------
    cores
        Threads; by default all cores that this process may use.
    shuffle_partitions
        Partitions after a shuffle; by default four a core, which adaptive execution coalesces.
    megabytes
        Size of the JVM's heap; by default a quarter of the machine's memory, from 1 to 16 GB.
    java_options
        Options of Java beside `JAVA_OPTIONS` and those of the archive of Spark's classes.
    settings
        Further settings of Spark, such as `INTERPRETED`.
    """
    find_java()
    if class_archive.MAKE not in java_options:
        java_options += " " + class_archive.java_options()
    cores = cores or _cores()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # otherwise the JVM resolves the machine's own name, which some networks cannot
    os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
    builder = (
        SparkSession.builder.master(f"local[{cores}]")
        .appName(name)
        .config("spark.driver.memory", f"{megabytes or _driver_megabytes()}m")
        .config("spark.driver.host", LOOPBACK)
        .config("spark.driver.bindAddress", LOOPBACK)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
        .config("spark.driver.extraJavaOptions", f"{JAVA_OPTIONS} {java_options}")
        .config("spark.sql.shuffle.partitions", str(shuffle_partitions or 4 * cores))
        # by default Spark makes a folder in the working directory
        .config("spark.sql.warehouse.dir", str(Path(tempfile.gettempdir()) / "redpajama-warehouse"))
    )
    for key, value in {**RUNTIME, **AT_START, **(settings or {})}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _driver_megabytes() -> int:
    """Return a quarter of the machine's memory, from 1 to 16 GB: Python workers need the rest."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(1024, min(16384, machine // 4))
