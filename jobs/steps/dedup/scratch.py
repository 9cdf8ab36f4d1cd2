"""Scratch folder for intermediate results of dedup and passages, as Parquet.

Spark would compute a DataFrame again for each step that reads it, and a loop would build a plan that
grows with every round. Reading stored rows avoids both, and works under Spark Connect.
"""

from __future__ import annotations

from pyspark.sql import DataFrame

from jobs import storage


class Scratch:
    """A folder that the job removes when it ends."""

    def __init__(self, path: str) -> None:
        self.path = path

    def below(self, name: str) -> Scratch:
        """Return a folder in this one."""
        return Scratch(storage.join(self.path, name))

    def store(self, rows: DataFrame, name: str) -> DataFrame:
        """Write rows to a new folder of this name, and return them read from it."""
        path = storage.join(self.path, name)
        rows.write.parquet(path)
        return rows.sparkSession.read.schema(rows.schema).parquet(path)
