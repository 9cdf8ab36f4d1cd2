"""Run `redpajama` with a task's parameters in Databricks' session.

A task fails only with an exception; a task of the wheel's entry point would ignore the exit code that
`main` returns after a user's error.
"""

import sys

from pyspark.sql import SparkSession

from jobs.cli import main

if __name__ == "__main__":
    SparkSession.builder.getOrCreate()  # the jobs use the active session, on clusters and serverless
    if main(sys.argv[1:]):
        raise RuntimeError("redpajama has stopped: the previous line names the cause")
