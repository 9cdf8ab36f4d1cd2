"""Domains that stand for the sites of many owners are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from udfs.addresses.takedown_keys import requested


@pytest.mark.parametrize(
    "domain",
    [
        *("example.com", "www.example.com", "bbc.co.uk", "me.github.io", "a.example", "10.0.0.1"),
        *("пример.рф", "xn--e1afmkfd.xn--p1ai", "straße.de", "www.ck", "under_score.example.org"),
        *("[2001:db8::1]", "*.example.org", "city.kawasaki.jp", "%65xample.org", "i❤.ws"),
    ],
)
def test_sites_are_taken(domain: str) -> None:
    assert requested("domain", domain)


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        *((name, "single label") for name in ("com", "example", ".com", "*.org", "localhost")),
        *((name, "single label") for name in ("рф", "xn--p1ai", "ｃｏｍ", "COM.")),
        *((name, "public suffix") for name in ("co.uk", "github.io", "*.co.uk", "kawasaki.jp")),
        *((name, "public suffix") for name in ("公司.cn", "xn--55qx5d.cn", "CO．UK")),
        *((name, "public suffix") for name in ("s3.amazonaws.com", "web.app", "github。io")),
        *((name, "is no domain") for name in ("-", "...", "a..b", "-.com", "two words")),
        *((name, "is no domain") for name in ("a.example,b.example", "*a.example", "a.*", "[::x]")),
        *((name, "is no domain") for name in ("https://a.example", "a.example:80", "me@a.example")),
        *((name, "no whole IP address") for name in ("3.4", "2.3.4", "1.2.3.400")),
    ],
)
def test_suffixes_and_labels_are_refused(domain: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        requested("domain", domain)


@pytest.mark.parametrize(
    "url",
    [
        *("http://", "/path", "*", "?", "mailto:me@a.example", "javascript:alert(1)"),
        *("https:/a.example/x", "https:a.example", "https://*.a.example/", "a.example,b.example"),
    ],
)
def test_a_url_without_a_host_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is no URL with a host"):
        requested("url", url)


@pytest.mark.parametrize(
    "url",
    ["a.example", "a.example:8080/x", "http://intranet/x", "http://[::1]/", "//a.example/*,x"],
)
def test_a_url_with_a_host_is_taken(url: str) -> None:
    assert requested("url", url)


def test_the_recorded_case(after_cases: Path) -> None:
    text = (after_cases / "takedown-tld-no-guard" / "expected.txt").read_text()
    assert "--domain org, co.uk, github.io" in text
    for domain in ("example", ".com", "com", "org", "co.uk", "github.io", "-"):
        with pytest.raises(ValueError, match=r"is no|is a"):
            requested("domain", domain)
    assert requested("url", "http://com/") == "//com"
