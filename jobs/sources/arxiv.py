"""`spark.read.format("arxiv")`: the sources of arXiv's papers as the rows of `schemas.sources.eprints`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pyspark.sql import SparkSession

from jobs.sources import splits
from jobs.sources.arxiv_ids import is_id
from jobs.sources.eprint import TEX_SUFFIXES
from jobs.sources.eprint_rows import Eprint, PaperFiles, read_eprints
from jobs.sources.objects import ObjectDataSource, ObjectReader
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.sources.eprints import EPRINTS


class ArxivReader(ObjectReader):
    """Plans one task a tar, and reads the e-prints in it."""

    format = "arxiv"
    rows_schema = EPRINTS

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return an object a task, small ones together, and a paper's TeX files as one piece."""
        return plan(objects)

    def rows(self, byte_range: ByteRange) -> Iterator[Eprint]:
        """Yield a piece's e-prints."""
        return read_eprints(byte_range, self.max_record_bytes)

    def content_bytes(self, row: tuple[Any, ...]) -> int:
        """Return the bytes of an e-print's TeX files."""
        return sum(len(content) for _, content in Eprint(*row).tex or [])


class ArxivDataSource(ObjectDataSource):
    """Sources of arXiv's papers: the tars of its bucket, single e-prints, or TeX files.

    A tar whose first file is named as an e-print (`1001/1001.0001.gz`) is one of the bucket's. Any
    other is one e-print, and so is what is no tar. Plain TeX files in a folder that is named by an
    arXiv id are one e-print together, other ones are one each. What cannot be read becomes a row
    with `error` and `message`: one for an e-print, or one for all of a tar behind a fault. Nothing
    is written to a disk, and links are never followed.

    Options are those of `jobs.sources.objects.ObjectReader`.
    """

    reader_type = ArxivReader


def register(spark: SparkSession) -> None:
    """Make `spark.read.format("arxiv")` known to a session."""
    spark.dataSource.register(ArxivDataSource)


def plan(objects: Sequence[ObjectInfo]) -> list[Split]:
    """Return the splits of some objects: TeX files of a paper's folder together."""
    folders: dict[str, list[ObjectInfo]] = {}
    ranges: list[ByteRange] = []
    for each in objects:
        folder, _, name = each.uri.rpartition("/")
        if name.lower().endswith(TEX_SUFFIXES) and is_id(folder.rpartition("/")[2]):
            folders.setdefault(folder, []).append(each)
        else:
            ranges.append(ByteRange(each.uri, each.size, 0, each.size))
    for found in folders.values():
        size = sum(each.size for each in found)
        uris = tuple(sorted(each.uri for each in found))
        ranges.append(PaperFiles(uris[0], size, 0, size, uris))
    return splits.packed(sorted(ranges, key=lambda byte_range: byte_range.uri), splits.SPLIT_BYTES)
