"""Addresses: the spellings of one page are equal, other pages are not."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from udfs.addresses.urls import canonical_url, domains, host, parsed

PAGE = "http://example.org/a/B?q=1&p=2"


@pytest.mark.parametrize(
    "same",
    [
        "https://example.org/a/B?q=1&p=2",
        "HTTP://EXAMPLE.org/a/B?q=1&p=2",
        "http://example.org:80/a/B?q=1&p=2",
        "https://example.org:443/a/B?q=1&p=2",
        "http://example.org./a/B?q=1&p=2",
        "http://example.org/a/B/?q=1&p=2",
        "http://example.org/a/B?q=1&p=2#part",
        "  http://example.org/a/B?q=1&p=2\n",
        "//example.org/a/B?q=1&p=2",
        "example.org/a/B?q=1&p=2",
        "http://example.org/%61/%42?q=%31&p=2",
        "http://example.org/x/../a/./B?q=1&p=2",
        "http://example.org/%2E/../a/B?q=1&p=2",
        "http://example.org:/a/B?q=1&p=2",
        "http://example.org:0080/a/B?q=1&p=2",
        "http://%65xample.org/a/B?q=1&p=2",
        "http://exam\nple.org/a/B?q=1&p=2",
    ],
)
def test_spellings_of_one_page_are_equal(same: str) -> None:
    assert canonical_url(same) == canonical_url(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "ftp://example.org/a/B?q=1&p=2",
        "http://www.example.org/a/B?q=1&p=2",
        "http://example.org:8080/a/B?q=1&p=2",
        "http://example.org:443/a/B?q=1&p=2",
        "http://example.org/a/b?q=1&p=2",
        "http://example.org/a/B//?q=1&p=2",
        "http://example.org/a/B?p=2&q=1",
        "http://example.org/a/B",
        "http://me@example.org/a/B?q=1&p=2",
        "http://example.org/a%2FB?q=1&p=2",
        "http://example.org/a/B?q=1%26p=2",
        "http://example.org//a/B?q=1&p=2",
        "http://example.org/a/B?q=1&p=+2",
    ],
)
def test_other_pages_are_not(other: str) -> None:
    assert canonical_url(other) != canonical_url(PAGE)


def test_a_name_of_other_letters_is_its_ascii_form() -> None:
    assert canonical_url("http://Bücher.example/ä") == canonical_url(
        "http://xn--bcher-kva.example/ä"
    )
    assert canonical_url("http://[2001:DB8::1]:80/x") == canonical_url("http://[2001:db8::1]/x")


def test_the_root_of_a_host_may_have_a_slash() -> None:
    assert canonical_url("https://example.org") == canonical_url("http://example.org/")
    assert canonical_url("https://example.org") == "//example.org"


@given(
    st.from_regex(
        r"https?://[aB.\-]{1,6}(:80)?(/[aB/%.;]{0,4})?(\?[a?/=]{0,3})?(#[a#/?]{0,3})?",
        fullmatch=True,
    )
)
@example("http://a//")
@example("http://a/?")
@example("http://a.?x")
def test_the_quick_way_gives_the_same(url: str) -> None:
    assert canonical_url(url) == parsed(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("//a.example/%c3%a9?%e2%82%ac", "//a.example/é?€"),
        ("//a.example/a b", "//a.example/a%20b"),
        ("//a.example/?a[]=1", "//a.example/?a%5b%5D=1"),
        ("//a.example/100%", "//a.example/100%25"),
        ("//a.example/%7Eme", "//a.example/~me"),
        ("//a.example/x/..", "//a.example"),
        ("//[2001:db8:0::1]/", "//[2001:DB8::1]"),
    ],
)
def test_encodings_of_one_address_are_equal(one: str, other: str) -> None:
    """The pairs of RFC 3986, section 6.2.2, and of RFC 3987, section 3.1."""
    assert canonical_url(one) == canonical_url(other)


def test_the_remaining_dots_of_rfc_3986() -> None:
    """Section 5.2.4: the example, and dots that lead above the root."""
    assert canonical_url("http://a/b/c/./../../g") == "//a/g"
    assert canonical_url("http://a/../../g/.h/..i") == "//a/g/.h/..i"


@given(st.text(max_size=40))
@example("http://a/%%34%31")
@example("http://a/a//")
@example("http://a%2525/")
@example("//a:80:80")
@example("HTTP:////a")
@example("http://a/..//")
def test_a_canonical_url_is_its_own_form(text: str) -> None:
    form = canonical_url(text)
    assert canonical_url(form) == form


@given(st.from_regex(r"(https?:)?//[aB.:@%\[\]0-9]{0,9}(/[aB/%.;é?#0-9]{0,9})?", fullmatch=True))
def test_a_canonical_address_is_its_own_form(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@given(st.text(max_size=40))
@example("http://[::1")
@example("http://" + "a" * 70 + "é.example")
@example("//\ud800")
def test_no_text_fails_and_blanks_around_it_are_no_matter(text: str) -> None:
    assert canonical_url(f" {text}\n") == canonical_url(text)


@pytest.mark.parametrize(
    ("netloc", "expected"),
    [
        ("Example.ORG", "example.org"),
        ("user:word@example.org:8080", "example.org"),
        ("example.org.", "example.org"),
        ("[2001:DB8::1]:80", "[2001:db8::1]"),
        ("", ""),
    ],
)
def test_host(netloc: str, expected: str) -> None:
    assert host(netloc) == expected


def test_domains_go_up_to_the_top() -> None:
    assert list(domains("a.b.org")) == ["a.b.org", "b.org", "org"]
    assert list(domains("localhost")) == ["localhost"]
