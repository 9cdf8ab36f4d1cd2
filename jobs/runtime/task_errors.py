"""One-line messages for errors that the user can fix, raised in a task or in the driver.

Spark gives the driver a task's exception as text inside an exception of its own.
"""

from __future__ import annotations

import re

from pyspark.errors import PySparkException

from schemas.errors import UserError

# the last line of the traceback of a Python worker
_USER_ERROR = re.compile(rf"^(?:{re.escape(UserError.__module__)}\.)?UserError: (.+)$", re.M)
_FULL = re.compile(r"No space left on device|Disk quota exceeded|ENOSPC", re.I)
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
    missing = _NO_MODULE.search(text)
    if missing and missing[1].partition(".")[0] in _OF_PROJECT:
        return (
            "the workers do not have this project: give spark-submit its wheel, "
            "--py-files redpajama_spark-VERSION-py3-none-any.whl"
        )
    if missing and isinstance(error, PySparkException):
        return f"the workers have no module {missing[1]}: give spark-submit its file or wheel, --py-files"
    return None
