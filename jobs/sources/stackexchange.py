"""`spark.read.format("stackexchange")`: posts of Stack Exchange sites from their dumps."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from pyspark.sql import SparkSession

from jobs.sources import lines, splits
from jobs.sources.faults import EMPTY, TOO_LARGE, Fault
from jobs.sources.lines import line_bytes, split_lines, too_long
from jobs.sources.objects import MAX_RECORD_BYTES, ObjectDataSource, ObjectReader
from jobs.sources.post_rows import Post, is_end, to_post, without_head_comment
from jobs.sources.seven_zip import member_chunks
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.errors import one_line
from schemas.sources.posts import POSTS

TRUNCATED = "truncated-posts"
_contents = itemgetter(*map(Post._fields.index, ("body", "title", "tags")))
_POSTS = re.compile(r"posts\.xml(?:\.(?:gz|bz2|xz|zst))?", re.IGNORECASE)
_SEVEN_ZIP = ".7z"
# archive.org stores the largest site in several .7z, one per table
_OTHER_TABLES = re.compile(
    r"-(?:Badges|Comments|PostHistory|PostLinks|Tags|Users|Votes)\.7z", re.IGNORECASE
)


class StackexchangeReader(ObjectReader):
    """Plans tasks of 128 MB, or one per compressed file, and reads their posts."""

    format = "stackexchange"
    rows_schema = POSTS
    default_split_bytes = splits.SPLIT_BYTES

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return byte ranges of plain files and whole compressed files; small ones share a split."""
        return plan(objects, self.split_bytes)

    def rows(self, byte_range: ByteRange) -> Iterator[Post]:
        """Yield the posts whose lines begin in a byte range."""
        return read_posts(byte_range, self.max_record_bytes)

    def content_bytes(self, row: tuple[Any, ...]) -> int:
        """Return the number of characters of a post's body, title and tags."""
        body, title, tags = _contents(row)
        return len(body or "") + len(title or "") + (sum(map(len, tags)) if tags else 0)


class StackexchangeDataSource(ObjectDataSource):
    """Posts of Stack Exchange dumps: Posts.xml, plain, compressed or in its .7z.

    The site is the name of the folder or the .7z. An unusable line becomes a row with `error` and
    `message`, and so does the lost part of a damaged or cut file. Plain files are split at line
    ends.

    Options are those of `jobs.sources.objects.ObjectReader`.
    """

    reader_type = StackexchangeReader


def register(spark: SparkSession) -> None:
    """Register `spark.read.format("stackexchange")` in a session."""
    spark.dataSource.register(StackexchangeDataSource)


def is_posts(uri: str) -> bool:
    """Return whether an object's name is that of a posts table, not of users, votes and so on."""
    name = uri.rpartition("/")[2]
    if name.lower().endswith(_SEVEN_ZIP):
        return not _OTHER_TABLES.search(name)
    return _POSTS.fullmatch(name) is not None


def site_of(uri: str) -> str:
    """Return the site of an object: X for `X/Posts.xml`, `X.7z` and `X-Posts.7z`."""
    folder, _, name = uri.rpartition("/")
    path = name[: -len(_SEVEN_ZIP)] if name.lower().endswith(_SEVEN_ZIP) else folder
    return re.sub(r"-Posts\Z", "", path.rpartition("/")[2], flags=re.IGNORECASE)


def plan(objects: Sequence[ObjectInfo], split_bytes: int = splits.SPLIT_BYTES) -> list[Split]:
    """Return the splits of posts: one per .7z, whole compressed files, byte ranges of plain ones."""
    archives = [info for info in objects if info.uri.lower().endswith(_SEVEN_ZIP)]
    files = [info for info in objects if not info.uri.lower().endswith(_SEVEN_ZIP)]
    return [*splits.whole(archives), *lines.plan(files, split_bytes)]


def read_posts(byte_range: ByteRange, max_bytes: int = MAX_RECORD_BYTES) -> Iterator[Post]:
    """Yield the posts whose lines begin in a byte range, and an error row for a missing end."""
    site = site_of(byte_range.uri)
    read = _archive_lines if byte_range.uri.lower().endswith(_SEVEN_ZIP) else line_bytes
    whole = False  # whether the last line was read without a fault
    ended = False
    position = -1
    for position, line, fault in without_head_comment(read(byte_range, max_bytes)):
        if fault:
            whole = fault.error == TOO_LARGE
            message = one_line(fault.message)
            yield Post(byte_range.uri, position, site, error=fault.error, message=message)
            continue
        post = to_post(byte_range.uri, position, site, line)
        if post is not None:
            whole = post.error is None
            yield post
        elif line.strip():
            whole, ended = True, is_end(line)
    if byte_range.size == 0:
        yield Post(byte_range.uri, 0, site, error=EMPTY, message="it has no bytes")
    elif whole and not ended and byte_range.end == byte_range.size:
        message = "the file ends before </posts>"
        yield Post(byte_range.uri, position, site, error=TRUNCATED, message=message)


def _archive_lines(
    byte_range: ByteRange, max_bytes: int
) -> Iterator[tuple[int, bytes, Fault | None]]:
    """Yield the lines of Posts.xml in a .7z, as `line_bytes` does for a file."""
    if byte_range.start:
        return
    chunks = member_chunks(
        byte_range.uri, lambda name: _POSTS.fullmatch(name.rpartition("/")[2]) is not None
    )
    try:
        for offset, line in split_lines(chunks, 0, max_bytes):
            if line is None:
                yield offset, b"", too_long(max_bytes)
            else:
                yield offset, line if offset else line.removeprefix(codecs.BOM_UTF8), None
    except Fault as fault:
        yield fault.offset, b"", fault
