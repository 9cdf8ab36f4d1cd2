"""One-line messages for errors that the user can fix, raised in a task or in the driver.

Spark gives the driver a task's exception as text inside an exception of its own.
"""

from __future__ import annotations

import re

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from schemas.errors import UserError

# the last line of the traceback of a Python worker
_USER_ERROR = re.compile(
    rf"^(?:(?:{re.escape(UserError.__module__)}\.)?UserError|[\w.]+\.DamagedFileError): (.+)$", re.M
)
_FULL = re.compile(r"No space left on device|Disk quota exceeded|ENOSPC", re.I)
_REFUSED = re.compile(
    r"(?:Permission denied|Operation not permitted|Read-only file system|AccessDenied(?:Exception)?|"
    r"Access Denied|Mkdirs failed to create \S+)"
)
_PATH = re.compile(r"(?:file:|s3a?:/)/\S+?(?=\.?[\s;,'\"\]]|:\s|$)|/[\w.=/-]+")
_UNREADABLE = re.compile(
    r"FAILED_READ_FILE|PATH_NOT_FOUND|is not a Parquet file|Could not read footer|"
    r"Parquet magic bytes not found|Parquet file size is \d+ bytes"
)
_PARQUET = re.compile(r"[^\s'\"(]+\.parquet\b")
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '([^']+)'")
_OF_PROJECT = ("jobs", "udfs", "schemas")


def user_message(error: BaseException) -> str | None:
    """Return a one-line message for an error that the user can fix, else None."""
    text = str(error)
    raised = _USER_ERROR.search(text)
    if raised:
        return raised[1].strip()
    if _FULL.search(text):
        return (
            "a disk is full, and nothing was published: free space where the tables are (`redpajama "
            "vacuum` removes leftovers of earlier runs) or where Spark stores its shuffles "
            "(spark.local.dir), and run it again"
        )
    if isinstance(error, PySparkException | Py4JJavaError):
        stored = _UNREADABLE.search(text)
        if stored:
            file = _PARQUET.search(text, max(0, stored.start() - 500))
            file = file or _PATH.search(text, stored.start())
            return (
                f"cannot read {file[0] if file else 'a Parquet file'}, which is lost or damaged: "
                "`redpajama check` says which command makes it again"
            )
        refused = _REFUSED.search(text)
        if refused:
            return (
                f"{_place(text, refused)}{refused[0]}; nothing was published: check the permissions"
            )
    missing = _NO_MODULE.search(text)
    if missing and missing[1].partition(".")[0] in _OF_PROJECT:
        return (
            "the workers do not have this project: give spark-submit its wheel, "
            "--py-files redpajama_spark-VERSION-py3-none-any.whl"
        )
    if missing and isinstance(error, PySparkException):
        return f"the workers have no module {missing[1]}: give spark-submit its file or wheel, --py-files"
    return None


def _place(text: str, refused: re.Match[str]) -> str:
    """Return the path that the line of an error names, as the beginning of a message."""
    begin = text.rfind("\n", 0, refused.start()) + 1
    path = _PATH.search(text[begin : refused.start()])
    return f"{path[0]}: " if path else ""
