"""What each task of the job runs: `redpajama` with the task's parameters, in Databricks' session.

A task fails by an exception alone. A task of the wheel's entry point would not do: it passes over the
code that `main` returns after a user's mistake.
"""

import sys

from pyspark.sql import SparkSession

from jobs.cli import main

if __name__ == "__main__":
    SparkSession.builder.getOrCreate()  # which the jobs then find, on a cluster and serverless
    if main(sys.argv[1:]):
        raise RuntimeError("redpajama has stopped: the line before this says why")
