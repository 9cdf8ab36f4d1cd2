"""Stack Exchange: threads of real and made-up sites, the same however Spark parts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slices import kept, outcome_rows, rejected
from stackexchange_dumps import posts_xml, seven

from jobs import storage
from jobs.sample.dumps import stackexchange as sample
from jobs.slices import stackexchange
from jobs.slices.stackexchange import SLICE
from jobs.slices.stackexchange_records import with_text, with_texts
from jobs.sources.post_rows import Post
from jobs.storage import ObjectInfo
from schemas.errors import UserError
from schemas.settings.ingest import StackexchangeConfig

SITE = "tea.stackexchange.com"
ROWS = (
    '<row Id="1" PostTypeId="1" Score="5" Title="&lt;p&gt; or &lt;br&gt;?" Body="Body?" '
    'AcceptedAnswerId="4" CreationDate="2015-01-27T20:09:32.720" Tags="&lt;a&gt;&lt;b&gt;" '
    'ContentLicense="CC BY-SA 3.0" />',
    '<row Id="2" PostTypeId="2" ParentId="1" Score="9" Body="nine" ContentLicense="CC BY-SA 3.0" />',
    '<row Id="3" PostTypeId="2" ParentId="1" Score="10" Body="ten" ContentLicense="CC BY-SA 4.0" />',
    '<row Id="4" PostTypeId="2" ParentId="1" Score="9" Body="nine too" />',
    '<row Id="5" PostTypeId="2" ParentId="1" Score="-1" Body="least" />',
    '<row Id="6" PostTypeId="2" ParentId="99" Score="1" Body="of nothing" />',
    '<row Id="7" PostTypeId="5" Body="a tag" />',
    '<row Id="8" PostTypeId="1" Title="No answer" Body="" />',
    '<row Id="9" PostTypeId="1" Body="no title" />',
    '<row Id="10" PostTypeId="1" Title="deep" Body="' + "&lt;b&gt;" * 3000 + '" />',
    '<row Id="11" broken',
    '<row Id="8" PostTypeId="1" Title="Again" Body="" />',
)
REJECTED = {
    "counted joined-to-question": 4,
    "counted orphan-answer": 1,
    "counted post-type-5": 1,
    "counted no-title-and-no-answer": 1,
    "quarantine html-too-deep": 1,
    "quarantine broken-row": 1,
    "quarantine duplicate-post": 1,
}


def write(folder: Path, *rows: str, site: str = SITE) -> Path:
    path = folder / site / "Posts.xml"
    path.parent.mkdir()
    path.write_bytes(posts_xml(*rows))
    return path


def test_a_thread_is_a_document(tmp_path: Path) -> None:
    path = write(tmp_path, *ROWS)
    rows = outcome_rows(SLICE, path)
    first, second = kept(rows)
    assert first["text"] == ("Q: <p> or <br>? Body?\nA: ten\nA: nine\nA: nine too\nA: least")
    assert {key: first[key] for key in ("id", "url", "title", "date", "license", "source")} == {
        "id": f"stackexchange/{SITE}/1",
        "url": f"https://{SITE}/questions/1",
        "title": "<p> or <br>?",
        "date": "2015-01-27T20:09:32Z",
        "license": "CC-BY-SA-3.0",
        "source": {"uri": str(path), "offset": path.read_bytes().index(b"<row")},
    }
    assert dict(first["metadata"]) == {
        "site": SITE,
        "tags": "a,b",
        "question_score": "5",
        "answer_ids": "3,2,4,5",
        "answer_scores": "10,9,9,-1",
        "accepted_answer_id": "4",
        "answer_licenses": "CC-BY-SA-4.0,CC-BY-SA-3.0,,",
    }
    assert (second["id"], second["text"]) == (f"stackexchange/{SITE}/8", "Q: No answer ")
    assert rejected(rows) == REJECTED
    assert sum(row["n"] or 1 for row in rows) == len(ROWS)


def test_a_thread_that_is_too_long_is_not_held(tmp_path: Path) -> None:
    long = '<row Id="{}" PostTypeId="2" ParentId="1" Body="' + "x" * 600 + '" />'
    path = write(tmp_path, ROWS[0], *(long.format(number) for number in (2, 3, 4)), ROWS[7])
    rows = outcome_rows(SLICE, path, max_record_bytes=1024)
    assert [row["id"] for row in kept(rows)] == [f"stackexchange/{SITE}/8"]
    assert rejected(rows) == {
        "quarantine record-too-large": 1,
        "counted joined-to-question": 3,
    }


def test_a_failed_extraction_costs_its_post_alone() -> None:
    post = Post("u", 0, "s", 1, 1, body="<b>" * 5000, title="t")
    assert with_text(post).error == "html-too-deep"
    assert with_text(post).body is None
    wiki = with_text(post._replace(post_type=5))
    assert (wiki.error, wiki.body) == (None, None)


def test_largest_and_named_sites() -> None:
    sizes = {
        "/d/a.com/Posts.xml": 5,
        "/d/b.com.7z": 3,
        "/d/c.com/Posts.xml": 2,
        "/d/c.com.7z": 2,
        "/d/a.com/Users.xml": 9,
    }
    objects = [ObjectInfo(uri, size, "") for uri, size in sizes.items()]

    def chosen(**settings: Any) -> tuple[list[str], dict[str, list[str]]]:
        dumps, left_out = SLICE.chosen(objects, StackexchangeConfig(root="", **settings))
        return [info.uri for info in dumps], left_out

    not_posts = {"not Posts.xml or a .7z of it": ["/d/a.com/Users.xml"]}
    assert chosen() == (list(sizes)[:4], not_posts)
    assert chosen(largest=2) == (
        ["/d/a.com/Posts.xml", "/d/c.com/Posts.xml", "/d/c.com.7z"],
        {**not_posts, "not of the 2 largest sites": ["/d/b.com.7z"]},
    )
    assert chosen(sites=("b.com",))[0] == ["/d/b.com.7z"]
    with pytest.raises(UserError, match=r"did you mean 'b\.com'"):
        chosen(sites=("b.con",))


@pytest.mark.parametrize(
    ("site", "questions", "answers"),
    [("matheducators.stackexchange.com", 397, 1507), ("coffee.stackexchange.com", 225, 327)],
)
def test_real_sites(shared_data: Path, site: str, questions: int, answers: int) -> None:
    rows = outcome_rows(SLICE, shared_data / "stackexchange" / site / "Posts.xml")
    documents = kept(rows)
    assert len(documents) == questions
    scores = [dict(row["metadata"]).get("answer_scores", "") for row in documents]
    by_thread = [[int(score) for score in listed.split(",")] for listed in scores if listed]
    joined = sum(map(len, by_thread))
    assert joined == rejected(rows)["counted joined-to-question"]
    assert joined + rejected(rows).get("counted orphan-answer", 0) == answers
    assert all(thread_scores == sorted(thread_scores, reverse=True) for thread_scores in by_thread)
    assert any(
        thread_scores != sorted(thread_scores, key=str, reverse=True) for thread_scores in by_thread
    )
    for row in documents:
        assert row["text"].startswith(f"Q: {' '.join(row['title'].split())} ")


def test_a_comment_at_the_head_of_a_dump(dump_cases: Path) -> None:
    rows = outcome_rows(SLICE, dump_cases / "s03-comment-at-the-head-of-new-dumps")
    assert (len(kept(rows)), rejected(rows)) == (1, {})


@pytest.mark.parametrize(
    ("comment", "errors"),
    [
        ("<!-- a -->", 0),
        ("<!-- a\nb\n-->", 0),
        ("<!-- a -->\n<!-- b\n-->", 0),
        ("<!-- not closed", 1),
        ("no comment", 1),
    ],
)
def test_comments_are_no_rows(comment: str, errors: int, tmp_path: Path) -> None:
    path = write(tmp_path, '<row Id="1" PostTypeId="1" Title="Tea?" Body="Tea." />')
    path.write_bytes(path.read_bytes().replace(b"<posts>", f"{comment}\n<posts>".encode()))
    rows = outcome_rows(SLICE, path)
    assert len(kept(rows)) == 1
    assert rejected(rows) == ({"quarantine not-a-row": errors} if errors else {})


def test_the_text_of_posts_by_option(tmp_path: Path) -> None:
    body = "&lt;p&gt;10&lt;sup&gt;6&lt;/sup&gt;&lt;/p&gt;"
    path = write(tmp_path, f'<row Id="1" PostTypeId="1" Title="Tea?" Body="{body}" />')
    assert [row["text"] for row in outcome_rows(SLICE, path)] == ["Q: Tea? 10\N{SUPERSCRIPT SIX}"]
    [row] = outcome_rows(SLICE, path, post_text="v1")
    assert row["text"] == "Q: Tea? 106"


def test_spark_gives_what_one_process_gives(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stackexchange, "HELD_BYTES", 0)
    more = [
        f'<row Id="{number}" PostTypeId="2" ParentId="{1 if number % 2 else 8}" Score="{number % 7}" '
        f'Body="{number}" />'
        for number in range(100, 160)
    ]
    paths = [
        write(tmp_path, *ROWS, *more),
        seven(tmp_path, {"Posts.xml": posts_xml(*ROWS)}, "b.7z"),
    ]
    expected = [row for path in paths for row in outcome_rows(SLICE, path)]
    config = StackexchangeConfig(root="")
    objects = storage.expand(list(map(str, paths)))
    read = [
        row.asDict(recursive=True) for row in SLICE.read(spark, objects, config, "local").collect()
    ]

    def counts(rows: list[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
        found: Counter[tuple[Any, ...]] = Counter()
        for row in rows:
            metadata = tuple(sorted(dict(row["metadata"] or {}).items()))
            source = row["source"] and tuple(row["source"].values())
            names = ("outcome", "id", "text", "digest", "reason", "message", "uri", "at")
            key = (*(row[name] for name in names), metadata, source)
            found[key] += row["n"] or 1
        return found

    assert counts(read) == counts(expected)
    assert len(kept(read)) == 4


def test_the_sample_becomes_what_it_says(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    planted = sample.write(tmp_path / "one", 7)
    assert planted == sample.write(tmp_path / "two", 7)
    paths = sorted(path for pattern in sample.INPUTS for path in (tmp_path / "one").glob(pattern))
    assert len(paths) == 2
    for path in paths:
        assert path.read_bytes() == (tmp_path / "two" / path.parent.name / path.name).read_bytes()
    rows = outcome_rows(SLICE, *paths)
    found = Counter({reason.split()[1]: n for reason, n in rejected(rows).items()})
    found["kept"] = len(kept(rows))
    assert found == Counter(record["outcome"] for record in planted)
    assert any(
        "\n    for bed in beds:\n        if bed.dry and bed.area > 2:" in row["text"]
        for row in kept(rows)
    )
    scores = [dict(row["metadata"]).get("answer_scores", "").split(",") for row in kept(rows)]
    assert any(thread_scores != sorted(thread_scores, reverse=True) for thread_scores in scores)


def test_posts_come_in_their_order_and_few_are_held() -> None:
    sizes = [0, 5, 100_000, 200_000, 3, 500_000, 7, 0]
    posts = [
        Post("u", at, "s", at, 4 if at == 4 else 2, 1, body="<b>x</b>" * (size // 8))
        for at, size in enumerate(sizes)
    ]
    read: list[int] = []

    def reading() -> Iterator[Post]:
        for post in posts:
            read.append(post.offset)
            yield post

    found = with_texts(reading())
    first = next(found)
    assert read == [0, 1, 2, 3]  # more than 256 KB, and no more posts than it takes
    assert [first, *found] == [with_text(post) for post in posts]
