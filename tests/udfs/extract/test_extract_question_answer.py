"""Text of posts and threads: RedPajama-V1's pairs, readable code and lists, hostile HTML."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract import post_html
from udfs.extract.errors import ExtractionError
from udfs.extract.question_answer import Answer, question, ranked, thread

CODE = "<pre><code>def f():\n    if a &lt; b:\n\n        return 1\n</code></pre>"
LIST = "<p>Two:</p>\n\n<ul>\n<li>one &amp; <b>two</b></li>\n<li>three</li>\n</ul>\n"
PIECES = ["<p>", "</p>", "\n", "  ", "a", "<b>", "</b>", "<pre>", "</pre>", "&lt;", "<!-- c -->"]
MORE = ["<code>", "</code>", "<li>", "</li>", "<ul>", "</ul>", "<script>", "</script>", "é", "<br>"]


def by_v1(html: str) -> str:
    for tag, text in (("<li>", "\n*"), ("</li>", ""), ("<ol>", "\n*"), ("</ol>", "")):
        html = html.replace(tag, text)
    return BeautifulSoup(html, "lxml").get_text()


def test_html_pairs_of_v1(conformance: Callable[..., list[dict[str, Any]]]) -> None:
    for case in conformance("stackexchange.cleanhtml"):
        assert post_html.text(case["input"]) == case["expected"]


def test_thread_pair_of_v1_except_that_scores_are_numbers(
    conformance: Callable[..., list[dict[str, Any]]],
) -> None:
    for case in conformance("stackexchange.process_qa_pair"):
        posts, expected = case["input"], case["expected"]["text"]
        answers = [
            Answer(int(answer["id"]), int(answer["score"]), post_html.text(answer["text"]))
            for answer in posts["answers"]
        ]
        text = post_html.text(posts["question"]["text"])
        as_v1 = sorted(answers, key=lambda answer: str(answer.score), reverse=True)
        assert thread(text, as_v1) == expected
        assert thread(text, ranked(answers)) == "Q: Title Body?\nA: high\nA: nine\nA: low\nA: neg"


@given(st.lists(st.sampled_from(PIECES + MORE), max_size=14).map("".join))
def test_text_equals_v1s(html: str) -> None:
    html = f"<p>x</p>{html}"  # V1 drops blanks at the start of a text without tags
    assert post_html.text(html) == by_v1(html)


def test_code_keeps_its_lines_and_indentation() -> None:
    text = post_html.text(f"<p>See:</p>\n\n{CODE}\n\n<p>end</p>\n")
    assert text == "See:\ndef f():\n    if a < b:\n\n        return 1\n\nend\n"


def test_runs_of_white_space_are_kept_in_preformatted_code_only() -> None:
    spans = "<code><b>a</b>\n\n    <b>b</b></code>"
    assert post_html.text(f"<pre>{spans}</pre>") == "a\n\n    b"
    assert post_html.text(f"<p>{spans}</p>") == "a\nb"


def test_each_list_item_starts_a_line() -> None:
    assert post_html.text(LIST) == "Two:\n\n\n*one & two\n\n*three\n\n"


@pytest.mark.parametrize("html", ["", " \n", "<!-- x -->", "<!-- x", "</p>"])
def test_html_without_text(html: str) -> None:
    assert post_html.text(html) == ""


def test_line_ends_become_line_feeds() -> None:
    assert post_html.text("<pre>a\r\nb\rc</pre>") == "a\nb\nc"


@pytest.mark.parametrize("opened", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<blockquote>"])
def test_tags_nested_too_deeply_raise(opened: str) -> None:
    for count in (4_000, 100_000):
        with pytest.raises(ExtractionError) as raised:
            post_html.text(opened * count + "x")
        assert raised.value.error == post_html.TOO_DEEP


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 100_000 + "z",
        "<b>" * 1_500 + "</i>" * 8_000 + "z",
        "</p>" * 100_000 + "z",
        "&#" * 300_000 + "z",
        "<p>" + "<a " * 100_000 + "><p>z",
        "<pre>" + " <i> </i>" * 4_000 + "z",
    ],
)
def test_hostile_html_takes_seconds(html: str) -> None:
    begin = time.process_time()
    try:
        assert post_html.text(html).endswith("z")
    except ExtractionError as error:
        assert error.error in ("extraction-timeout", post_html.TOO_DEEP)  # noqa: PT017
    assert time.process_time() - begin < 5


@given(
    st.lists(st.tuples(st.integers(1, 99), st.integers(-20, 200)), unique_by=lambda pair: pair[0])
)
def test_answers_are_sorted_by_descending_score_and_ascending_id(
    pairs: list[tuple[int, int]],
) -> None:
    answers = ranked(Answer(post_id, score, "") for post_id, score in pairs)
    assert sorted((answer.post_id, answer.score) for answer in answers) == sorted(pairs)
    for before, after in itertools.pairwise(answers):
        assert before.score > after.score or (
            before.score == after.score and before.post_id < after.post_id
        )


def test_a_title_is_plain_text() -> None:
    assert question("What is\n <div> & co?", "Say.") == "What is <div> & co? Say."
    assert question(None, "Say.") == "Say."
    assert thread("Why?", []) == "Q: Why?"
