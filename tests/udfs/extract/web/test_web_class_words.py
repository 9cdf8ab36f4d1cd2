"""The words in the attributes of elements, by group."""

from __future__ import annotations

import pytest

from udfs.extract.web.class_words import GROUPS, groups
from udfs.extract.web.elements import BITS, evidence


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", set()),
        ("xyz", set()),
        ("comment-list-123", {"comment", "listing"}),
        ("articleBody", {"article", "body"}),
        ("ENTRY_CONTENT", {"post", "content"}),
        ("post-42 hentry", {"post", "article"}),
        ("nav2", {"nav"}),
        ("recommended", {"related"}),
        ("commentary_x commenting", {"comment"}),
        ("menu-item-12345 n4v x2menu99", {"nav", "listing"}),
        ("1234 -- nav" + "x" * 50, set()),
    ],
)
def test_words_of_names(value: str, expected: set[str]) -> None:
    bits = groups(value)
    assert {group for number, group in enumerate(GROUPS) if bits >> number & 1} == expected


def test_evidence_of_attributes() -> None:
    words, structure = evidence(['id="sidebar" data-class="comment" class="x" role="navigation"'])
    assert words == [groups("sidebar navigation")]
    assert structure == [BITS["nav"]]


def test_tags_do_not_mix() -> None:
    tags = [
        "",
        'class="nav"',
        "",
        "",
        'title="a"',
        'data-x="" id="post-7"',
        'class="x"',
        'hidden=""',
    ]
    alone = [evidence([tag]) for tag in tags]
    assert evidence(tags) == ([w for (w,), _ in alone], [s for _, (s,) in alone])
    assert evidence([]) == ([], [])


@pytest.mark.parametrize(
    "dirt", ['class="a" "="" id="b"', '"="a"', 'x="', 'a"b="c" class="nav"', 'a"="" b"=""', '""=""']
)
def test_names_with_quotes_damage_no_other_tag(dirt: str) -> None:
    words, _ = evidence(['class="nav"', dirt, 'class="footer" id="x"', dirt, 'id="post"'])
    assert words[::2] == [groups("nav"), groups("footer"), groups("post")]


@pytest.mark.parametrize(
    "attributes", ['style="color:red; Display : none"', 'hidden=""', 'class="a" hidden=""']
)
def test_hidden_elements(attributes: str) -> None:
    assert evidence([attributes])[1][0] & BITS["hidden"]


@pytest.mark.parametrize(
    "attributes", ['style="display:block"', 'title="hidden"', 'data-x="display:none"']
)
def test_visible_elements(attributes: str) -> None:
    assert not evidence([attributes])[1][0] & BITS["hidden"]
