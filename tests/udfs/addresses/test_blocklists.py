"""Block lists: a domain stands for what is below it, a host for itself, a URL for what is below its path."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.addresses.blocklists import Blocklist
from udfs.addresses.hash_set import HashSet
from udfs.addresses.list_file import ListFile
from udfs.addresses.pages import page_of, pages_above


def blocklist(*lines: str, urls: bool = False) -> Blocklist:
    return Blocklist(HashSet(ListFile(lines, urls=urls).entries()))


LIST = blocklist(
    "# a comment",
    "",
    "bad.example",
    "*.Worse.example.",
    "10.0.0.1",
    "good.example/bad",
    "https://good.example/a/b/?q=1",
)


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
        ("https://good.example/a/b?q=1&r=2", True),
        ("https://good.example/a/b?q=12", False),
        ("https://good.example/a/b", False),
        ("https://good.example/a/b?q=2", False),
        ("https://www.good.example/bad", True),
        ("https://news.good.example/bad", False),
        ("not an address", False),
        (None, False),
    ],
)
def test_domains_and_urls_are_blocked_with_their_subdomains_and_paths(
    url: str | None, blocked: bool
) -> None:
    assert LIST.blocks([url], [None]) == [blocked]


UT1 = blocklist(
    "foo.example/what/ever",
    "http://www.Prefixed.example:8080/Dir/",
    "ftp3.files.example/pub",
    "web2.shop.example",
    "user:secret@login.example/page.php?id=5",
    "www.example",
    "192.0.2.7/x",
    urls=True,
)


@pytest.mark.parametrize(
    ("url", "blocked"),
    [
        ("http://foo.example/what/ever", True),
        ("https://www.foo.example/what/ever/", True),
        ("http://www12.foo.example/what/ever/more.html", True),
        ("http://web.foo.example/WHAT/ever", True),
        ("ftp://ftp.foo.example/what/ever", True),
        ("http://foo.example:8080/what/ever", True),
        ("http://user@foo.example/what/ever", True),
        ("http://foo.example/what/everybody", False),
        ("http://foo.example/what", False),
        ("http://news.foo.example/what/ever", False),
        ("http://wwwx.foo.example/what/ever", False),
        ("http://prefixed.example/dir", True),
        ("http://prefixed.example/dir/x?y", True),
        ("http://prefixed.example/direct", False),
        ("http://files.example/pub/a", True),
        ("http://ftp.files.example/pub/a", True),
        # a host alone stands for its pages, not for its subdomains
        ("http://shop.example/", True),
        ("http://shop.example/any/page", True),
        ("http://www.shop.example/any/page", True),
        ("http://de.shop.example/", False),
        ("http://login.example/page.php?id=5", True),
        ("http://login.example/page.php?id=5&x=1", True),
        ("http://login.example/page.php?id=55", False),
        # a prefix is none if nothing but a top-level domain would be left
        ("http://www.example/", True),
        ("http://other.example/", False),
        ("http://192.0.2.7/x/y", True),
    ],
)
def test_urls_are_read_as_squidguard_reads_them(url: str, blocked: bool) -> None:
    assert UT1.blocks([url], [None]) == [blocked]


def test_hosts_of_a_hosts_file_stand_for_themselves() -> None:
    hosts = blocklist(
        "0.0.0.0 ads.example  # why", "127.0.0.1 a.example b.example", ":: six.example"
    )
    names = ["ads.example", "ADS.example:80", "a.example", "b.example", "six.example"]
    assert hosts.blocks([None] * 5, names) == [True] * 5
    assert (
        hosts.blocks([None] * 3, ["www.ads.example", "example", "ads.example.org"]) == [False] * 3
    )


def test_exceptions_of_adblock_rules() -> None:
    rules = blocklist("||bad.example^", "@@||good.bad.example^", "@@||elsewhere.example^$script")
    names = ["bad.example", "x.bad.example", "good.bad.example", "a.good.bad.example"]
    assert rules.blocks(["http://x/"] * 4, names) == [True, True, False, False]


def test_the_source_domain_counts_before_the_url() -> None:
    urls = ["https://good.example/", None, "https://bad.example/"]
    assert LIST.blocks(urls, ["bad.example", "x.bad.example", "good.example"]) == [
        *(True, True, False)
    ]


@given(st.lists(st.text(), max_size=20), st.lists(st.text(), max_size=20))
def test_a_set_holds_what_it_was_made_of_also_after_storing(
    strings: list[str], others: list[str]
) -> None:
    made = HashSet(strings)
    again = HashSet.from_bytes(made.to_bytes())
    assert len(made) == len(again) == len(set(strings))
    for hashes in (made, again):
        assert hashes.holds(strings + others).tolist() == [
            text in set(strings) for text in strings + others
        ]


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.:@0-9]{0,20}[/a-z?&=%#]{0,20}"))
def test_a_page_of_a_page_is_itself(url: str) -> None:
    assert pages_above(url)[-1] == page_of(url)
    if page_of(url).startswith("//"):
        assert not page_of(url).endswith("/") or "?" in page_of(url) or page_of(url) == "//"


def test_hostile_urls_take_little_time() -> None:
    urls = [
        "http://good.example" + "/a" * 500_000,
        "http://good.example/?" + "a=b&" * 500_000,
        "http://" + "www." * 100_000,
        "http://" + "user@" * 100_000 + "good.example/bad",
    ]
    started = time.process_time()
    LIST.blocks([*urls, *urls], [None] * 8)
    assert time.process_time() - started < 5
