"""Posts of Posts.xml: every line is read once from any packing and splits; bad ones are errors."""

from __future__ import annotations

import bz2
import gzip
import io
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from slices import whole_file
from stackexchange_dumps import ANSWER, QUESTION, SITE, posts_xml, seven, write

from jobs.sources import seven_zip
from jobs.sources.post_rows import BROKEN_ROW, NOT_A_ROW, Post
from jobs.sources.splits import ByteRange, ranges
from jobs.sources.stackexchange import (
    TRUNCATED,
    StackexchangeReader,
    is_posts,
    plan,
    read_posts,
    site_of,
)
from jobs.storage import ObjectInfo


def values(posts: list[Post]) -> list[tuple[Any, ...]]:
    return [post[1:] for post in posts]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_row_is_a_post(tmp_path: Path, newline: str) -> None:
    data = posts_xml(QUESTION, ANSWER, newline=newline)
    path = write(tmp_path, data)
    question, answer = read_posts(whole_file(path))
    assert question == Post(
        uri=str(path),
        offset=data.index(b"  <row"),
        site=SITE,
        post_id=7,
        post_type=1,
        accepted_answer_id=9,
        title="A < b",
        body="<p>How &amp; é?</p>\n",
        score=-3,
        date="2015-01-27T20:09:32Z",
        tags=["green-tea", "c++"],
        license="CC-BY-SA-4.0",
        view_count=130,
    )
    assert (answer.post_id, answer.parent_id, answer.tags) == (9, 7, ["a", "b.c"])
    assert answer.offset == data.index(b'  <row Id="9"')


@pytest.mark.parametrize("packed", ["gz", "bz2", "7z"])
def test_compressed_posts_equal_those_of_the_plain_file(tmp_path: Path, packed: str) -> None:
    data = posts_xml(*[QUESTION, ANSWER] * 500)
    expected = values(list(read_posts(whole_file(write(tmp_path, data)))))
    if packed == "7z":
        others = {"Badges.xml": b"<badges/>" * 100, "Posts.xml": data, "Users.xml": b"<users/>"}
        path = seven(tmp_path, others)
    else:
        compressed = gzip.compress(data) if packed == "gz" else bz2.compress(data)
        path = write(tmp_path, compressed, f"Posts.xml.{packed}")
    assert len(expected) == 1000
    assert values(list(read_posts(whole_file(path)))) == expected


@pytest.mark.parametrize("split_bytes", [1, 7, 100, 333])
def test_byte_ranges_have_every_post_once(tmp_path: Path, split_bytes: int) -> None:
    path = write(tmp_path, posts_xml(QUESTION, ANSWER, "junk", QUESTION))
    splits = ranges([ObjectInfo(str(path), path.stat().st_size, "")], split_bytes=split_bytes)
    posts = [post for split in splits for part in split.ranges for post in read_posts(part)]
    assert posts == list(read_posts(whole_file(path)))
    assert [post.error for post in posts] == [None, None, NOT_A_ROW, None]


@pytest.mark.parametrize(
    "row",
    [
        '<row Id="1" PostTypeId="1" Title="unclosed',
        '<row Id="1" PostTypeId="1" Title="&bomb;" />',
        '<row Id="1" PostTypeId="1" /><row Id="2" PostTypeId="1" />',
        '<row Id="one" PostTypeId="1" />',
        '<row Id="1" PostTypeId="1" Score="9999999999999999999" />',
        '<row PostTypeId="1" />',
        '<row Id="1" PostTypeId="2" Body="of no question" />',
        '<row Id="1" PostTypeId="1" Title="&#x0;" />',
    ],
)
def test_a_bad_row_is_one_error(tmp_path: Path, row: str) -> None:
    posts = list(read_posts(whole_file(write(tmp_path, posts_xml(QUESTION, row, ANSWER)))))
    assert [(post.post_id, post.error) for post in posts] == [
        (7, None),
        (None, BROKEN_ROW),
        (9, None),
    ]
    assert posts[1].message


def test_no_entity_is_defined_or_replaced(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE posts [<!ENTITY a "aaaaaaaaaa">]><row Id="1" PostTypeId="1" Title="&a;" />'
    (post,) = read_posts(whole_file(write(tmp_path, posts_xml(bomb))))
    assert post.error == NOT_A_ROW


def test_a_long_line_is_an_error(tmp_path: Path) -> None:
    long = ANSWER.replace('"x"', '"' + "x" * 2000 + '"')
    posts = list(read_posts(whole_file(write(tmp_path, posts_xml(QUESTION, long, ANSWER))), 1024))
    assert [post.error for post in posts] == [None, "record-too-large", None]


def test_a_cut_file_has_an_error(tmp_path: Path) -> None:
    def errors(data: bytes, name: str = "Posts.xml") -> list[str | None]:
        return [post.error for post in read_posts(whole_file(write(tmp_path, data, name)))]

    data = posts_xml(QUESTION, ANSWER, end="")
    assert errors(data) == [None, None, TRUNCATED]
    assert errors(data[:-20]) == [None, BROKEN_ROW]
    assert errors(gzip.compress(data)[:-20], "Posts.xml.gz")[-1] == "truncated-gzip"
    assert errors(b"") == ["empty-object"]


def test_bad_archives_are_one_error(tmp_path: Path) -> None:
    path = seven(tmp_path, {"Users.xml": b"<users/>"})
    (post,) = read_posts(whole_file(path))
    assert (post.error, post.site, "Users.xml" in (post.message or "")) == (
        seven_zip.NO_MEMBER,
        SITE,
        True,
    )
    good = seven(tmp_path, {"Posts.xml": posts_xml(*[QUESTION] * 2000)}).read_bytes()
    for bad in (good[:-5], good[:200], b"7z", good[:60] + b"\0\0\0\0" + good[64:]):
        path.write_bytes(bad)
        errors = [post.error for post in read_posts(whole_file(path)) if post.error]
        assert errors == [seven_zip.CORRUPT]
    path.unlink()
    missing = ByteRange(str(path), 10, 0, 10)
    assert [post.error for post in read_posts(missing)] == ["storage-error"]


def test_an_archive_is_decompressed_while_it_is_read(tmp_path: Path) -> None:
    path = seven(tmp_path, {"Posts.xml": posts_xml(*[QUESTION] * 20_000)})
    before = threading.active_count()
    posts = read_posts(whole_file(path))
    assert next(posts).post_id == 7
    assert threading.active_count() == before + 1
    assert isinstance(posts, Generator)
    posts.close()
    assert threading.active_count() == before


def test_names_give_the_site() -> None:
    names = {
        "s3://b/x.stackexchange.com/Posts.xml": "x.stackexchange.com",
        "/d/x.stackexchange.com/Posts.xml.gz": "x.stackexchange.com",
        "/d/x.stackexchange.com.7z": "x.stackexchange.com",
        "https://h/stackoverflow.com-Posts.7z": "stackoverflow.com",
        "/d/stackoverflow.com-Posts/Posts.xml": "stackoverflow.com",
    }
    assert {uri: site_of(uri) for uri in names} == names
    assert all(map(is_posts, names))
    others = ["/d/Users.xml", "/d/stackoverflow.com-Users.7z", "/d/MyPosts.xml", "/d/Posts.xml.txt"]
    assert not any(map(is_posts, others))


def test_an_archive_is_one_task() -> None:
    objects = [ObjectInfo("/d/a.7z", 10**9, ""), ObjectInfo("/d/b/Posts.xml", 10**9, "")]
    splits = plan(objects, split_bytes=10**8)
    assert [len(split.ranges) for split in splits] == [1] * 11
    assert sum(split.ranges[0].uri == "/d/a.7z" for split in splits) == 1


def test_lines_are_split_wherever_chunks_end() -> None:
    from jobs.sources.lines import split_lines

    stream = io.BytesIO(b"a\nbb\n\nc")
    lines = list(split_lines(iter(lambda: stream.read(2), b""), 0, 100))
    assert lines == [(0, b"a"), (2, b"bb"), (5, b""), (6, b"c")]


def test_batches_are_bounded_by_the_content_of_posts(tmp_path: Path) -> None:
    rows = [
        '<row Id="1" PostTypeId="1" Title="' + "t" * 4000 + '" />',
        '<row Id="2" PostTypeId="1" Tags="' + "&lt;tag&gt;" * 2000 + '" />',
        '<row Id="3" PostTypeId="1" Body="' + "b" * 4000 + '" />',
        '<row Id="4" PostTypeId="1" />',
        '<row Id="5" PostTypeId="1" />',
    ]
    path = write(tmp_path, posts_xml(*rows))
    reader = StackexchangeReader({"path": str(path), "batch_bytes": "4096"})
    batches = [batch for split in reader.partitions() for batch in reader.read(split)]
    assert [batch.column("post_id").to_pylist() for batch in batches] == [[1], [2], [3], [4, 5]]
