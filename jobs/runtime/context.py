"""What a job is given: the root, a Spark session when it asks for one, and somewhere to speak."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import Any, TextIO

from pyspark.sql import SparkSession

from jobs.runtime import json_log, session


class Context:
    """Where a job works.

    Parameters
    ----------
    root
        Folder of the tables.
    spark
        A session to use; else one is found or started when a job first needs it, so that a job
        with nothing to do never waits for one.
    json
        Speak in JSON, an object a line (`jobs.runtime.json_log`), for a machine that watches.
    """

    def __init__(
        self,
        root: str,
        spark: SparkSession | None = None,
        *,
        out: TextIO | None = None,
        json: bool = False,
    ) -> None:
        self.root = absolute(root)
        self.given = spark
        self.out = out
        self.json = json
        self.doing: dict[str, Any] = {}  # the job and the run that is under way

    @cached_property
    def spark(self) -> SparkSession:
        """The session."""
        if self.given is not None:
            return session.with_runtime(self.given)
        return session.get_session("redpajama")

    def at(self, root: str) -> Context:
        """The same, at another root."""
        return Context(root, self.given, out=self.out, json=self.json)

    def say(self, line: str) -> None:
        """Tell the user how it goes."""
        if self.json:
            self.event("message", message=line)
        else:
            self._print(line)

    def event(self, event: str, **fields: Any) -> None:
        """Tell a machine what happened; a person is told by `say`."""
        if self.json:
            self._print(json_log.line(event, {**self.doing, **fields}))

    def _print(self, line: str) -> None:
        print(line, file=self.out or sys.stdout, flush=True)


def absolute(root: str) -> str:
    """The root as every process reads it, wherever it was started."""
    if root and "://" not in root and not root.startswith("dbfs:"):
        root = os.path.abspath(root)
    return root.rstrip("/") or "/"
