"""Files of corpus/: one slice and bucket each, of about the requested size, sorted by id."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


def files_by_group(
    characters: Mapping[tuple[str, str], int], bytes_a_character: float, megabytes: int
) -> dict[tuple[str, str], int]:
    """Return the number of files of about `megabytes` each, by slice and bucket."""
    return {
        group: math.ceil(n * bytes_a_character / (megabytes * 1e6)) or 1
        for group, n in characters.items()
    }


def in_files(rows: DataFrame, files: Mapping[tuple[str, str], int]) -> DataFrame:
    """Partition the rows by file, sorted by id.

    A hash of the id decides the file, so the same documents make the same files. A group that `files`
    does not name is one file.
    """
    n: Column = F.lit(1)
    for (slice_, bucket), count in files.items():
        n = F.when((F.col("slice") == slice_) & (F.col("bucket") == bucket), count).otherwise(n)
    file = F.pmod(F.xxhash64("id"), n)
    total = max(1, sum(files.values()))
    return rows.repartition(total, "slice", "bucket", file).sortWithinPartitions(
        "slice", "bucket", "id"
    )
