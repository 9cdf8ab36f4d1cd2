"""What a job is given: the root, a Spark session when it asks for one, and somewhere to speak."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TextIO

from pyspark.sql import SparkSession

from jobs import session


class Context:
    """Where a job works.

    Parameters
    ----------
    root
        Folder of the tables.
    spark
        A session to use; else one is found or started when a job first needs it, so that a job
        with nothing to do never waits for one.
    """

    def __init__(
        self, root: str, spark: SparkSession | None = None, *, out: TextIO | None = None
    ) -> None:
        self.root = absolute(root)
        self.given = spark
        self.out = out

    @cached_property
    def spark(self) -> SparkSession:
        """The session."""
        if self.given is not None:
            return session.with_runtime(self.given)
        return session.get_session("redpajama")

    def say(self, line: str) -> None:
        """Tell the user how it goes."""
        print(line, file=self.out or sys.stdout, flush=True)


def absolute(root: str) -> str:
    """The root as every process reads it, wherever it was started."""
    if root and "://" not in root and not root.startswith("dbfs:"):
        root = os.path.abspath(root)
    return root.rstrip("/") or "/"
