"""What failed in a task, told in one line where a person can mend it.

Spark gives the driver what a task raised as text, within an exception of its own.
"""

from __future__ import annotations

import re

from schemas.errors import UserError

# the last line of the traceback of a Python worker
_USER_ERROR = re.compile(rf"^(?:{re.escape(UserError.__module__)}\.)?UserError: (.+)$", re.M)
_FULL = re.compile(r"No space left on device|Disk quota exceeded|ENOSPC", re.I)
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(?:jobs|udfs|schemas)\b")


def told(error: BaseException) -> str | None:
    """The line for a person; None for what is no fault of the user's, which needs its traceback."""
    said = str(error)
    found = _USER_ERROR.search(said)
    if found:
        return found[1].strip()
    if _FULL.search(said):
        return (
            "a disk is full, and nothing was published: make room where the tables go (`redpajama "
            "vacuum` removes what earlier runs left) or where Spark keeps its shuffles "
            "(spark.local.dir), and run it again"
        )
    if _NO_MODULE.search(said):
        return (
            "the workers do not have this project: give spark-submit its wheel, "
            "--py-files redpajama_spark-VERSION-py3-none-any.whl"
        )
    return None
