"""Lines of JSON: what `--json-progress` prints, and what tasks write to their executor's log.

Each has `time` (UTC), `event`, and as far as there are any `job`, `run` and Spark's `stage`; a task's
also `partition` and `attempt`. The events are `step` (of `redpajama run`), `started`, `progress`,
`message`, `finished`, `failed`, `error` and `log`.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

LOGGER = "jobs"  # that of all modules of this package


def line(event: str, fields: Mapping[str, Any]) -> str:
    """One line: the time, the event, and its fields."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"time": now, "event": event, **fields}, ensure_ascii=False, default=str)


class JsonFormatter(logging.Formatter):
    """Makes such a line of a log record.

    Parameters
    ----------
    fields
        What is known of the process: job and run.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__()
        self._fields = fields

    def format(self, record: logging.LogRecord) -> str:
        """The line; an exception is told by its last line, which may not have secrets either."""
        said = {
            **self._fields,
            **_task(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        return line("log", said)


def to_stderr(fields: Mapping[str, Any]) -> None:
    """Have this process log as JSON to standard error; in a task that is the executor's log."""
    logger = logging.getLogger(LOGGER)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(fields))
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _task() -> dict[str, Any]:
    """Stage, partition and attempt of the task that this process runs, if it runs one."""
    from pyspark import TaskContext

    task = TaskContext.get()
    if task is None:
        return {}
    return {
        "stage": task.stageId(),
        "partition": task.partitionId(),
        "attempt": task.attemptNumber(),
    }
