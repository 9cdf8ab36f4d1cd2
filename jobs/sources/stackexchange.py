"""`spark.read.format("stackexchange")`: the posts of Stack Exchange's sites, as their dumps have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from pyspark.sql import SparkSession

from jobs.sources import lines, splits
from jobs.sources.faults import EMPTY, TOO_LARGE, Fault
from jobs.sources.lines import line_bytes, split_lines
from jobs.sources.objects import MAX_RECORD_BYTES, ObjectDataSource, ObjectReader
from jobs.sources.post_rows import Post, is_end, to_post
from jobs.sources.seven_zip import member_chunks
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.sources.posts import POSTS

TRUNCATED = "truncated-posts"
_contents = itemgetter(*map(Post._fields.index, ("body", "title", "tags")))
_POSTS = re.compile(r"posts\.xml(?:\.(?:gz|bz2|xz|zst))?", re.IGNORECASE)
_SEVEN_ZIP = ".7z"
# archive.org has the largest site in several .7z, one a table
_OTHER_TABLES = re.compile(
    r"-(?:Badges|Comments|PostHistory|PostLinks|Tags|Users|Votes)\.7z", re.IGNORECASE
)


class StackexchangeReader(ObjectReader):
    """Plans tasks of 128 MB, or one a compressed file, and reads the posts of each."""

    format = "stackexchange"
    rows_schema = POSTS
    default_split_bytes = splits.SPLIT_BYTES

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return runs of plain files, and compressed files whole, small ones together."""
        return plan(objects, self.split_bytes)

    def rows(self, byte_range: ByteRange) -> Iterator[Post]:
        """Yield the posts whose lines begin in a piece."""
        return read_posts(byte_range, self.max_record_bytes)

    def content_bytes(self, row: tuple[Any, ...]) -> int:
        """Return the characters of a post's body, title and tags."""
        body, title, tags = _contents(row)
        return len(body or "") + len(title or "") + (sum(map(len, tags)) if tags else 0)


class StackexchangeDataSource(ObjectDataSource):
    """Posts of Stack Exchange's dumps: Posts.xml, plain or compressed, or the .7z it comes in.

    The site is the folder's name, or the .7z's. A line that cannot be used becomes a row with `error`
    and `message`, and so does what is lost of a damaged or cut file. Plain files are parted at line
    ends.

    Options are those of `jobs.sources.objects.ObjectReader`.
    """

    reader_type = StackexchangeReader


def register(spark: SparkSession) -> None:
    """Make `spark.read.format("stackexchange")` known to a session."""
    spark.dataSource.register(StackexchangeDataSource)


def is_posts(uri: str) -> bool:
    """Tell whether an object's name is one of posts, and not of users, votes, ..."""
    name = uri.rpartition("/")[2]
    if name.lower().endswith(_SEVEN_ZIP):
        return not _OTHER_TABLES.search(name)
    return _POSTS.fullmatch(name) is not None


def site_of(uri: str) -> str:
    """Return the site that an object's address names: `X/Posts.xml`, `X.7z` and `X-Posts.7z` are X's."""
    folder, _, name = uri.rpartition("/")
    named = name[: -len(_SEVEN_ZIP)] if name.lower().endswith(_SEVEN_ZIP) else folder
    return re.sub(r"-Posts\Z", "", named.rpartition("/")[2], flags=re.IGNORECASE)


def plan(objects: Sequence[ObjectInfo], split_bytes: int = splits.SPLIT_BYTES) -> list[Split]:
    """Return the splits of posts: a .7z each, compressed files whole, runs of plain ones."""
    archives = [each for each in objects if each.uri.lower().endswith(_SEVEN_ZIP)]
    files = [each for each in objects if not each.uri.lower().endswith(_SEVEN_ZIP)]
    return [*splits.whole(archives), *lines.plan(files, split_bytes)]


def read_posts(byte_range: ByteRange, max_bytes: int = MAX_RECORD_BYTES) -> Iterator[Post]:
    """Yield the posts whose lines begin in a piece, and one more for what a cut file does not have."""
    site = site_of(byte_range.uri)
    read = _archive_lines if byte_range.uri.lower().endswith(_SEVEN_ZIP) else line_bytes
    whole = False  # whether the last line was read as it should be
    ended = False
    position = -1
    for position, line, fault in read(byte_range, max_bytes):
        if fault:
            whole = fault.error == TOO_LARGE
            message = " ".join(fault.message.split())
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
    """Yield the lines of Posts.xml in a .7z as `line_bytes` does those of a file."""
    if byte_range.start:
        return
    chunks = member_chunks(
        byte_range.uri, lambda name: _POSTS.fullmatch(name.rpartition("/")[2]) is not None
    )
    try:
        for at, data in split_lines(chunks, 0, max_bytes):
            if data is None:
                yield at, b"", Fault(TOO_LARGE, f"the line has more than {max_bytes} bytes")
            else:
                yield at, data if at else data.removeprefix(b"\xef\xbb\xbf"), None
    except Fault as fault:
        yield fault.offset, b"", fault
