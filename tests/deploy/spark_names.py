"""Names of the settings of the installed Spark and its Hadoop, read from their jars."""

from __future__ import annotations

import functools
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyspark

JARS = Path(pyspark.__file__).parent / "jars"

# the classes that define settings; others only mention names, some of which do not exist
_CLASSES = re.compile(r"internal/config/|SQLConf|SqlApiConf|deploy/k8s/Config|util/TransportConf")
_NAME = re.compile(rb"spark\.[A-Za-z][\w.]*\w")
# prefixes of names that the user chooses
_OPEN = (
    "spark.executorEnv.",
    "spark.kubernetes.driverEnv.",
    "spark.kubernetes.driver.secrets.",
    "spark.kubernetes.driver.annotation.",
    "spark.kubernetes.driver.node.selector.",
    "spark.kubernetes.executor.node.selector.",
)
# keys of metrics.properties (https://spark.apache.org/docs/latest/monitoring.html#metrics)
_METRICS = {f"spark.metrics.conf.*.sink.prometheusServlet.{key}" for key in ("class", "path")}
# Spark composes these names of two strings; the class has the part before this suffix
_SUFFIX = ".serviceAccountName"


@functools.cache
def spark_names() -> frozenset[str]:
    """Return the names in the classes where Spark defines its settings."""
    names: set[bytes] = set()
    for jar in JARS.glob("spark-*.jar"):
        with zipfile.ZipFile(jar) as classes:
            for path in classes.namelist():
                if _CLASSES.search(path):
                    names.update(_NAME.findall(classes.read(path)))
    return frozenset(name.decode() for name in names)


@functools.cache
def hadoop_defaults() -> dict[str, str]:
    """Return Hadoop's lists of defaults, including those of S3A."""
    values: dict[str, str] = {}
    (jar,) = JARS.glob("hadoop-client-api-*.jar")
    with zipfile.ZipFile(jar) as classes:
        for file in ("core-default.xml", "mapred-default.xml"):
            for setting in ElementTree.fromstring(classes.read(file)).iter("property"):
                name = (setting.findtext("name") or "").strip()
                values[name] = (setting.findtext("value") or "").strip()
    return values


def hadoop_names() -> frozenset[str]:
    """Return the names in Hadoop's lists of defaults."""
    return frozenset(hadoop_defaults())


def unknown_names(names: list[str]) -> list[str]:
    """Return the names that neither Spark nor Hadoop has."""
    return [name for name in names if not _is_known(name)]


def _is_known(name: str) -> bool:
    if name.startswith("spark.hadoop."):
        return name.removeprefix("spark.hadoop.") in hadoop_names()
    volume = r"spark\.kubernetes\.(driver|executor)\.volumes\."
    return (
        name.removesuffix(_SUFFIX) in spark_names()
        or name.startswith(_OPEN)
        or name in _METRICS
        or re.fullmatch(volume + r"[a-zA-Z]+\.[\w-]+\.(mount|options)\.\w+", name) is not None
    )
