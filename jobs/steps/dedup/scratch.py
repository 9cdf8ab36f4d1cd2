"""What the steps of dedup leave to each other: Parquet in a folder of the run.

A DataFrame that several steps read would be computed once for each of them, and a loop would make a
plan that grows with every round. Stored rows are read instead, which also works under Spark Connect.
"""

from __future__ import annotations

from pyspark.sql import DataFrame

from jobs import storage


class Scratch:
    """A folder that is removed when the job ends."""

    def __init__(self, path: str) -> None:
        self.path = path

    def below(self, name: str) -> Scratch:
        """A folder in it."""
        return Scratch(storage.join(self.path, name))

    def store(self, rows: DataFrame, name: str) -> DataFrame:
        """Write the rows to a folder of this name, which is fresh, and read them from there."""
        path = storage.join(self.path, name)
        rows.write.parquet(path)
        return rows.sparkSession.read.schema(rows.schema).parquet(path)
