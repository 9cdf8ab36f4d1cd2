"""Job context: root path, lazily created Spark session and output stream."""

from __future__ import annotations

import math
import os
import sys
from functools import cached_property
from typing import Any, TextIO

from pyspark.sql import SparkSession

from jobs.runtime import json_log, session
from jobs.tables import manifest
from jobs.tables.table_handle import TableHandle
from schemas.errors import UserError
from schemas.tables import TABLES


class Context:
    """Root, session and output of a job.

    Parameters
    ----------
    root
        Folder of the tables.
    spark
        The session to use. By default the active one is used, or one is started, when a job first
        needs it: a job with nothing to do does not wait for a session.
    out
        Stream that lines are printed to; standard output by default.
    json
        Print JSON, an object a line (`jobs.runtime.json_log`), for programs.
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
        self.current_run: dict[str, Any] = {}  # `job` and `run`, added to each event
        self.input_bytes: float = 0  # of inputs beside the root's tables; set before `spark`
        # documents that each one stands for: jobs on a sample take the ways that they take on the whole
        self.scale: float = 1

    @cached_property
    def spark(self) -> SparkSession:
        """The Spark session, with the settings that the jobs rely on."""
        if self.given is not None:
            return session.with_runtime(self.given)
        return session.get_session("redpajama", input_bytes=self._bytes)

    def _bytes(self) -> float:
        """Return the bytes that a job may read: its inputs and all tables of the root."""
        manifests = (manifest.current(self.root, name) for name in TABLES if self.root)
        total = self.input_bytes + sum(current.bytes for current in manifests if current)
        return total or math.inf  # a job that reads other files has not said how many

    def table(self, name: str) -> TableHandle:
        """Return a handle on a table of the root.

        Raises
        ------
        UserError
            There is no table of this name.
        """
        return TableHandle(self, name)

    def at(self, root: str) -> Context:
        """Return a context like this one for another root."""
        return Context(root, self.given, out=self.out, json=self.json)

    def print(self, line: str) -> None:
        """Print a line for people; with `json` it is an event `message`."""
        if self.json:
            self.event("message", message=line)
        else:
            self._write(line)

    def event(self, event: str, **fields: Any) -> None:
        """Print an event for programs; without `json` nothing is printed."""
        if self.json:
            self._write(json_log.line(event, {**self.current_run, **fields}))

    def _write(self, line: str) -> None:
        print(line, file=self.out or sys.stdout, flush=True)


def absolute(root: str) -> str:
    """Return the root as an address that does not depend on a process's working directory.

    Raises
    ------
    UserError
        It is `s3://` without a bucket.
    """
    if root.rstrip("/") in ("s3:", "s3a:", "s3n:"):  # a table would be taken for the bucket
        raise UserError(f"{root} names no bucket: write s3://BUCKET/FOLDER")
    if root and "://" not in root and not root.startswith("dbfs:"):
        root = os.path.abspath(root)
    return root.rstrip("/") or "/"
