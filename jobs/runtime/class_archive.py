"""An archive of Spark's classes, which halves the time that a local session takes to start.

Java loads and verifies some 15,000 classes before Spark reads its first record. A class-data archive
(https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html) holds them as they are in memory:
a session with one count takes 6 s of processor time in place of 17 (Java 17, two cores). `make` makes it,
in some 20 s: set-up calls it, or else the first session does at its end, in a process of its own.

Java itself refuses an archive of another Java or of changed jars, and then goes on without one.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from jobs.runtime.java import JAVA, find_java
from schemas.errors import UserError

MEGABYTES = 1000
"""Free disk below which none is made: an archive has 160 MB, and Java writes it beside a former one."""

MAKE = "-XX:ArchiveClassesAtExit="
"""Java's option, with a file's path, to write an archive of the classes that were loaded."""

_SECONDS = 300
# without them Java warns of each class that an archive cannot hold, and of an archive that it refuses
_QUIET = "-Xlog:disable -Xlog:all=error:stderr"


def java_options() -> str:
    """Return the options of Java for the archive of this Java and Spark; empty if there is none.

    Where there is none yet, one is made after this process has ended.
    """
    archive = path()
    if archive is None:
        return ""
    if archive.exists():
        return f"-XX:SharedArchiveFile={archive} {_QUIET}"
    atexit.register(_make_later, archive)
    return ""


def path() -> Path | None:
    """Return where the archive of this Java and Spark is or would be; None if no folder takes it."""
    folder = _folder()
    java = shutil.which("java", path=str(Path(os.environ.get("JAVA_HOME", ""), "bin")))
    spark = importlib.util.find_spec("pyspark")
    if folder is None or java is None or spark is None or spark.origin is None:
        return None
    if " " in str(folder):  # Spark splits the options of Java at blanks
        return None
    jars = Path(spark.origin).parent / "jars"
    runtime = Path(os.environ.get(JAVA, java)).resolve()
    modules = runtime.parents[1] / "lib" / "modules"
    if not jars.is_dir() or not modules.is_file():
        return None
    stated = [(str(file), file.stat().st_mtime_ns) for file in (jars, modules)]
    return folder / f"spark-{hashlib.sha256(repr(stated).encode()).hexdigest()[:16]}.jsa"


def _folder() -> Path | None:
    """Return the environment's own folder for data, or the user's cache; None if it cannot be written."""
    if sys.prefix != sys.base_prefix:
        base = Path(sys.prefix, "share")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    folder = base / "redpajama-spark"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) and free > MEGABYTES * 10**6 else None


def make(archive: Path) -> bool:
    """Make the archive, unless another process does; return whether it is there.

    A Java that cannot make one leaves an empty file of the same name with `.failed`, and is not asked again.
    """
    failed = archive.with_suffix(".failed")
    with open(archive.with_suffix(".lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return archive.exists()
        if archive.exists() or failed.exists():
            return archive.exists()
        temporary = archive.with_suffix(f".{os.getpid()}")
        command = [sys.executable, "-m", "jobs.runtime.class_archive_run", str(temporary)]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS)
            temporary.rename(archive)
        except (OSError, subprocess.SubprocessError) as error:
            if not isinstance(error, subprocess.TimeoutExpired):  # that is of a busy machine
                failed.touch()
        finally:
            temporary.unlink(missing_ok=True)
    return archive.exists()


def _make_later(archive: Path) -> None:
    """Make the archive in a process of its own, with the lowest priority."""
    command = ["nice", "-n", "19", sys.executable, "-m", "jobs.runtime.class_archive"]
    with contextlib.suppress(OSError):  # the next session tries again
        subprocess.Popen(
            command,
            cwd=archive.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def main() -> int:
    """Make the archive if there is none; return 0 also where this Java cannot make one."""
    try:
        find_java()
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    archive = path()
    if archive is not None and not archive.exists():
        print("Preparing Java for Spark (once, some 20 s) ...", file=sys.stderr)
        make(archive)
    return 0


if __name__ == "__main__":
    sys.exit(main())
