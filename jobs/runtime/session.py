"""The Spark session: the one that is there, or a local one that needs no configuration."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from jobs.runtime.java import find_java

# What every job relies on, wherever it runs. All of it can be set while a session runs, so that it
# holds on a cluster, under Spark Connect and on a notebook's session too.
RUNTIME = {
    "spark.sql.session.timeZone": "UTC",
    # a web page of text is a few KB, one of HTML often 100 KB: 10,000 rows, the default, are a GB
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "spark.sql.parquet.compression.codec": "zstd",
    # where in the code each column was made costs four calls to the JVM a column: a quarter of the time
    # of a dedup of few documents
    "spark.python.sql.dataFrameDebugging.enabled": "false",
    # write slices and outcomes side by side instead of sorting every text by them first
    "spark.sql.maxConcurrentOutputFileWriters": "64",
}

# where one of these is set there is a session already: spark-submit's, Connect's, Databricks' own
_HAS_SESSION = ("PYSPARK_GATEWAY_PORT", "SPARK_REMOTE", "DATABRICKS_RUNTIME_VERSION")

LOOPBACK = "127.0.0.1"
# absolute: in a worker a module of a wheel has a path that begins with the working directory
LOG4J = (Path(__file__).absolute().parent / "log4j2.properties").as_uri()

# the parallel collector: the default one's threads cost a tenth of the processor time of an ingest
JAVA_OPTIONS = f"-Dlog4j2.configurationFile={LOG4J} -XX:+UseParallelGC"


def get_session(name: str) -> SparkSession:
    """The session that a notebook, spark-submit or Spark Connect has made, else a local one."""
    # it says again, as JSON, what an exception says, also one that is told in a line of ours
    PySparkLogger.getLogger("SQLQueryContextLogger").setLevel("CRITICAL")
    active = SparkSession.getActiveSession()
    if active is None and any(name in os.environ for name in _HAS_SESSION):
        active = SparkSession.builder.appName(name).getOrCreate()
        _ship_wheel(active)
    if active is None:
        return local_session(name=name)
    return with_runtime(active)


def _ship_wheel(spark: SparkSession) -> None:
    """Have the workers import this project from the wheel that the driver runs from, if it does.

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
    """Set what the jobs rely on; a platform that does not let a job set it keeps its own."""
    for key, value in RUNTIME.items():
        if spark.conf.isModifiable(key):
            spark.conf.set(key, value)
    return spark


def local_session(
    *,
    name: str = "redpajama",
    cores: int | None = None,
    shuffle_partitions: int | None = None,
    megabytes: int | None = None,
) -> SparkSession:
    """A session in this process.

    Parameters
    ----------
    cores
        Threads; all that this process may use by default.
    shuffle_partitions
        Partitions after a shuffle; four a core by default, which adaptive execution joins again.
    megabytes
        Of the JVM's heap; by default a quarter of the machine's memory, from 1 to 16 GB.
    """
    find_java()
    cores = cores or len(os.sched_getaffinity(0))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # else the JVM looks the machine's own name up, which some networks cannot answer
    os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
    builder = (
        SparkSession.builder.master(f"local[{cores}]")
        .appName(name)
        .config("spark.driver.memory", f"{megabytes or _driver_megabytes()}m")
        .config("spark.driver.host", LOOPBACK)
        .config("spark.driver.bindAddress", LOOPBACK)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
        .config("spark.driver.extraJavaOptions", JAVA_OPTIONS)
        .config("spark.sql.shuffle.partitions", str(shuffle_partitions or 4 * cores))
        # nothing is written beside the user's files
        .config("spark.sql.warehouse.dir", str(Path(tempfile.gettempdir()) / "redpajama-warehouse"))
    )
    for key, value in RUNTIME.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _driver_megabytes() -> int:
    """A quarter of the machine for the JVM, from 1 to 16 GB: Python workers need the rest."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(1024, min(16384, machine // 4))
