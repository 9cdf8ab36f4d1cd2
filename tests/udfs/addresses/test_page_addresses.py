"""The address of a page over time: what is one page, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.addresses.page_addresses import TRACKING, TRACKING_PREFIXES, page_address
from udfs.addresses.urls import canonical_url

PAGE = "http://example.org/a/~b?id=7&page=2"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a/~b?id=7&page=2",
        "http://www.example.org/a/~b?id=7&page=2",
        "HTTP://WWW.EXAMPLE.ORG/a/~b?id=7&page=2",
        "http://example.org.:80/a/~b?id=7&page=2",
        "https://example.org:0443/a/~b?id=7&page=2",
        "http://example.org/a/%7Eb?id=%37&page=2",
        "http://example.org/./x/../a/~b/?id=7&page=2#part",
        "example.org/a/~b?id=7&page=2",
        "http://example.org/a/~b?id=7&&page=2&",
        "http://example.org/a/~b?utm_source=n&UTM_Medium=m&id=7&page=2&gclid=x&mc_eid",
        *(f"{PAGE}&{name}=1" for name in sorted(TRACKING)),
        *(f"{PAGE}&{prefix}x=1" for prefix in TRACKING_PREFIXES),
    ],
)
def test_one_page(url: str) -> None:
    assert page_address(url) == page_address(PAGE) == "//example.org/a/~b?id=7&page=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://straße.de/ü", "http://www.xn--strae-oqa.de/%c3%bc"),
        ("http://βόλος.com", "https://xn--nxasmm1c.com/"),
        ("http://[2001:DB8::0:1]:80/", "https://[2001:db8::1]"),
        ("http://example.org/?utm_source=x", "https://example.org"),
        ("http://a.example/?q=a%2fb", "http://a.example/?q=a%2Fb"),
    ],
)
def test_other_spellings(one: str, other: str) -> None:
    assert page_address(one) == page_address(other)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/A/~b?id=7&page=2",
        "http://example.org/a/~b?page=2&id=7",
        "http://example.org/a/~b?id=7&page=3",
        "http://example.org:8080/a/~b?id=7&page=2",
        "http://m.example.org/a/~b?id=7&page=2",
        "http://www2.example.org/a/~b?id=7&page=2",
        "http://user@example.org/a/~b?id=7&page=2",
        "ftp://example.org/a/~b?id=7&page=2",
        "http://example.org/a%2F~b?id=7&page=2",
        "http://example.org/a/~b//?id=7&page=2",
        "http://example.org/a/~b?id=7&page=2&ref=x",
        "http://strasse.de",
    ],
)
def test_another_page(url: str) -> None:
    assert page_address(url) != page_address(PAGE)
    assert page_address("http://straße.de") != page_address("http://strasse.de")


@pytest.mark.parametrize("url", ["http://www.com/", "http://www.example", "http://www./"])
def test_www_alone_is_a_name(url: str) -> None:
    assert page_address(url).startswith("//www")


def test_takedowns_tell_them_apart() -> None:
    assert canonical_url("http://www.example.org") != canonical_url("http://example.org")
    assert canonical_url(f"{PAGE}&utm_source=x") != canonical_url(PAGE)


@given(st.text(st.sampled_from("htps:/w.?&=#%2Ea1Üß@[] \n") | st.characters(), max_size=40))
def test_any_text_has_one_address(url: str) -> None:
    once = page_address(url)
    assert page_address(once) == once
