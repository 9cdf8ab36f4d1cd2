"""Addresses that nearly match what a takedown names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.addresses.near_forms import NearForms, near_url
from udfs.addresses.takedown_keys import canonical


def near(kind: str, value: str, url: str, source_domain: str | None = None) -> bool:
    return NearForms([(kind, canonical(kind, value))]).of([url], [source_domain]) != [None]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a/B?q=1",
        "https://www.example.org/a/B?q=1",
        "https://www2.example.org:8080/a/B?q=1",
        "https://me@example.org/a/b/?q=1",
        "https://example.org/a%2FB?q=%31",
        "https://example.org/A/B//?Q=1",
        "http://example.org/a/B?q=1",
    ],
)
def test_urls_that_nearly_match(url: str) -> None:
    assert near("url", "https://example.org/a/B?q=1", url)


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a/B?q=2", "https://a.example.org/a/B?q=1", "https://example.com/a/B?q=1"],
)
def test_urls_that_do_not(url: str) -> None:
    assert not near("url", "https://example.org/a/B?q=1", url)


@pytest.mark.parametrize(
    ("domain", "url", "expected"),
    [
        ("straße.de", "https://www.strasse.de/x", True),
        ("strasse.de", "https://xn--strae-oqa.de/", True),
        ("βόλοσ.com", "https://βόλος.com/", True),
        ("www.example.org", "https://example.org/", True),
        ("www.example.org", "https://other.example.org/", False),
        ("www3.example.org", "https://www.example.org/", True),
        ("example.org", "https://notexample.org/", False),
        ("example.org", "https://example.org.evil.example/", False),
    ],
)
def test_domains_that_nearly_match(domain: str, url: str, expected: bool) -> None:
    assert near("domain", domain, url) == expected
    assert near("domain", domain, "", url.split("/")[2]) == expected


def test_ids_and_digests_have_no_similar_forms() -> None:
    assert not len(NearForms([("id", "c4/1"), ("digest", "sha1:x")]))
    assert NearForms([]).of(["http://a.example"], [None]) == [None]


@given(st.text(max_size=40))
def test_any_text_has_a_form(text: str) -> None:
    near_url(text)
    NearForms([("url", "//a.example")]).of([text], [text])
