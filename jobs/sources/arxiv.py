"""`spark.read.format("arxiv")`: sources of arXiv papers as rows of `schemas.sources.eprints`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pyspark.sql import SparkSession

from jobs.sources import splits
from jobs.sources.arxiv_ids import is_id
from jobs.sources.eprint import TEX_SUFFIXES, is_support
from jobs.sources.eprint_rows import Eprint, PaperFiles, read_eprints
from jobs.sources.objects import ObjectDataSource, ObjectReader
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.sources.eprints import EPRINTS


class ArxivReader(ObjectReader):
    """Plans one task per tar and reads its e-prints."""

    format = "arxiv"
    rows_schema = EPRINTS

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return one split per object; small objects share one, and so do a paper's TeX files."""
        return plan(objects)

    def rows(self, byte_range: ByteRange) -> Iterator[Eprint]:
        """Yield the e-prints of a byte range."""
        return read_eprints(byte_range, self.max_record_bytes)

    def content_bytes(self, row: tuple[Any, ...]) -> int:
        """Return the size of an e-print's TeX files in bytes."""
        return sum(len(content) for _, content in Eprint(*row).tex or [])


class ArxivDataSource(ObjectDataSource):
    """Sources of arXiv papers: tars of the arXiv bucket, single e-prints, or plain TeX files.

    A tar whose first file is named like an e-print (`1001/1001.0001.gz`) is a tar of the bucket.
    Any other object is one e-print, except that the plain TeX files of a folder named by an arXiv
    id are one e-print together, with their style files and 00README. An unreadable e-print becomes a row
    with `error` and `message`;
    the part of a tar after a fault becomes one such row. No file is written to disk, and no link
    is followed.

    Options are those of `jobs.sources.objects.ObjectReader`.
    """

    reader_type = ArxivReader


def register(spark: SparkSession) -> None:
    """Register `spark.read.format("arxiv")` in a session."""
    spark.dataSource.register(ArxivDataSource)


def plan(objects: Sequence[ObjectInfo]) -> list[Split]:
    """Return the splits of objects; the TeX files of a paper's folder form one byte range."""
    folders: dict[str, list[ObjectInfo]] = {}
    support: dict[str, list[ObjectInfo]] = {}
    ranges: list[ByteRange] = []
    for info in objects:
        folder, _, name = info.uri.rpartition("/")
        if not is_id(folder.rpartition("/")[2]):
            ranges.append(ByteRange(info.uri, info.size, 0, info.size))
        elif name.lower().endswith(TEX_SUFFIXES):
            folders.setdefault(folder, []).append(info)
        elif is_support(name):
            support.setdefault(folder, []).append(info)
        else:
            ranges.append(ByteRange(info.uri, info.size, 0, info.size))
    for folder, files in folders.items():
        support_files = support.get(folder, [])
        size = sum(file.size for file in (*files, *support_files))
        uris = (*sorted(file.uri for file in files), *sorted(file.uri for file in support_files))
        ranges.append(PaperFiles(uris[0], size, 0, size, uris))
    return splits.packed(sorted(ranges, key=lambda byte_range: byte_range.uri), splits.SPLIT_BYTES)
