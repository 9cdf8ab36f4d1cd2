"""Block lists: a domain stands for what is below it, a URL for what is below its path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.addresses.blocklists import Blocklist, parse
from udfs.addresses.hash_set import HashSet

LINES = """\
# a comment

bad.example
*.Worse.example.
10.0.0.1
good.example/bad
https://good.example/a/b/?q=1
"""
LIST = Blocklist(HashSet(each for each in parse(LINES.splitlines()) if each is not None))


@pytest.mark.parametrize(
    ("url", "blocked"),
    [
        ("https://bad.example/", True),
        ("http://www.BAD.example:80/page", True),
        ("https://notbad.example/", False),
        ("https://bad.example.org/", False),
        ("https://worse.example", True),
        ("https://a.worse.example/x", True),
        ("http://10.0.0.1/x", True),
        ("https://good.example/", False),
        ("https://good.example/bad", True),
        ("https://good.example/bad/page.html?q=2", True),
        ("https://good.example/badly", False),
        ("https://good.example/a/b?q=1", True),
        ("https://good.example/a/b", False),
        ("https://good.example/a/b?q=2", False),
        ("https://www.good.example/bad", False),
        ("not an address", False),
        (None, False),
    ],
)
def test_domains_and_urls_are_blocked_with_their_subdomains_and_paths(
    url: str | None, blocked: bool
) -> None:
    assert LIST.blocks([url], [None]) == [blocked]


def test_the_source_domain_counts_before_the_url() -> None:
    urls = ["https://good.example/", None, "https://bad.example/"]
    assert LIST.blocks(urls, ["bad.example", "x.bad.example", "good.example"]) == [
        *(True, True, False)
    ]


def test_invalid_lines_are_reported() -> None:
    assert list(parse(["two words", "user@host", "..", "a.example\n"])) == [
        *(None, None, None, "a.example")
    ]


@given(st.lists(st.text(), max_size=20), st.lists(st.text(), max_size=20))
def test_a_set_holds_what_it_was_made_of_also_after_storing(
    strings: list[str], others: list[str]
) -> None:
    made = HashSet(strings)
    again = HashSet.from_bytes(made.to_bytes())
    assert len(made) == len(again) == len(set(strings))
    for each in (made, again):
        assert each.holds(strings + others).tolist() == [
            text in set(strings) for text in strings + others
        ]


@given(st.lists(st.text(max_size=30), max_size=10))
def test_any_line_and_any_address_is_read(lines: list[str]) -> None:
    entries = [each for each in parse(lines) if each is not None]
    Blocklist(HashSet(entries)).blocks(lines, [None] * len(lines))
