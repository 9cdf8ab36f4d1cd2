"""The settings that the installed Spark and its Hadoop know, read from their jars."""

from __future__ import annotations

import functools
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyspark

JARS = Path(pyspark.__file__).parent / "jars"

# the classes that define settings; others only mention names, some of them wrong or gone
_CLASSES = re.compile(r"internal/config/|SQLConf|SqlApiConf|deploy/k8s/Config|util/TransportConf")
_NAME = re.compile(rb"spark\.[A-Za-z][\w.]*\w")
# a name of the user's own choice follows these
_OPEN = ("spark.executorEnv.", "spark.kubernetes.driverEnv.", "spark.kubernetes.driver.secrets.")
# names that Spark puts together of two strings: the class has what comes before this
_SUFFIX = ".serviceAccountName"


@functools.cache
def spark_names() -> frozenset[str]:
    """Names in the classes where Spark defines its settings."""
    found: set[bytes] = set()
    for jar in JARS.glob("spark-*.jar"):
        with zipfile.ZipFile(jar) as classes:
            for name in classes.namelist():
                if _CLASSES.search(name):
                    found.update(_NAME.findall(classes.read(name)))
    return frozenset(name.decode() for name in found)


@functools.cache
def hadoop_names() -> frozenset[str]:
    """Names in Hadoop's own lists of defaults, those of S3A among them."""
    found: set[str] = set()
    (jar,) = JARS.glob("hadoop-client-api-*.jar")
    with zipfile.ZipFile(jar) as classes:
        for file in ("core-default.xml", "mapred-default.xml"):
            names = ElementTree.fromstring(classes.read(file)).iter("name")
            found.update((name.text or "").strip() for name in names)
    return frozenset(found)


def unknown_names(names: list[str]) -> list[str]:
    """Those that neither Spark nor Hadoop has."""
    return [name for name in names if not _is_known(name)]


def _is_known(name: str) -> bool:
    if name.startswith("spark.hadoop."):
        return name.removeprefix("spark.hadoop.") in hadoop_names()
    volume = r"spark\.kubernetes\.(driver|executor)\.volumes\."
    return (
        name.removesuffix(_SUFFIX) in spark_names()
        or name.startswith(_OPEN)
        or re.fullmatch(volume + r"[a-zA-Z]+\.[\w-]+\.(mount|options)\.\w+", name) is not None
    )
