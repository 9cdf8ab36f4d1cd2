"""JSON lines: the output of `--json-progress`, and the log of tasks in their executor.

Each line has `time` (UTC) and `event`, and where they apply `job`, `run` and Spark's `stage`; a task's
line also has `partition` and `attempt`. The events are `step` (of `redpajama run`), `started`, `progress`,
`message`, `finished`, `failed`, `error` and `log`.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

LOGGER = "jobs"  # parent of the loggers of all modules of this package


def line(event: str, fields: Mapping[str, Any]) -> str:
    """Return one line: the time, the event and its fields."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"time": now, "event": event, **fields}, ensure_ascii=False, default=str)


class JsonFormatter(logging.Formatter):
    """Format a log record as a JSON line.

    Parameters
    ----------
    fields
        Fields of every line of this process, such as job and run.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__()
        self._fields = fields

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of an exception only the last line, without its traceback."""
        fields = {
            **self._fields,
            **_task(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        return line("log", fields)


def to_stderr(fields: Mapping[str, Any]) -> None:
    """Log as JSON to standard error, which in a task is the executor's log."""
    logger = logging.getLogger(LOGGER)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(fields))
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _task() -> dict[str, Any]:
    """Return stage, partition and attempt of the task in this process; {} outside of a task."""
    from pyspark import TaskContext

    task = TaskContext.get()
    if task is None:
        return {}
    return {
        "stage": task.stageId(),
        "partition": task.partitionId(),
        "attempt": task.attemptNumber(),
    }
