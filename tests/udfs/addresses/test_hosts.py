"""Hosts: IDNA 2008 with UTS 46, non-transitional, and addresses in one form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from udfs.addresses.blocklists import Blocklist
from udfs.addresses.hash_set import HashSet
from udfs.addresses.hosts import ascii_name, unicode_name
from udfs.addresses.list_file import ListFile
from udfs.addresses.takedown_keys import Named, canonical, key
from udfs.addresses.urls import canonical_url, host


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("straße.de", "xn--strae-oqa.de"),
        ("STRASSE.de", "strasse.de"),
        ("Faß.de", "xn--fa-hia.de"),
        ("FAẞ.de", "xn--fa-hia.de"),
        ("βόλος.com", "xn--nxasmm1c.com"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("b%C3%BCcher.example", "xn--bcher-kva.example"),
        ("ｅｘａｍｐｌｅ．ｏｒｇ", "example.org"),
        ("日本語。ＪＰ", "xn--wgv71a119e.jp"),
        ("пример.рф.", "xn--e1afmkfd.xn--p1ai"),
        ("ex\u00adample.org", "example.org"),
        ("i❤.ws", "xn--i-7iq.ws"),
        ("under_score.é.example", "under_score.xn--9ca.example"),
        ("क्\u200dष.example", "xn--11b2ezcw70k.example"),
        # what no host may hold stays as it is
        ("exam／ple.org", "exam／ple.org"),
        ("a%2Fb.org", "a%2fb.org"),
    ],
)
def test_names_are_those_of_browsers(name: str, expected: str) -> None:
    assert ascii_name(name) == expected
    assert ascii_name(expected) == expected


def test_the_recorded_cases(after_cases: Path) -> None:
    text = (after_cases / "takedown-idna2008" / "expected.txt").read_text()
    right = text.partition("Right:")[2]
    pairs = [("straße.de", "xn--strae-oqa.de"), *re.findall(r"'(\S+)' -> '(\S+)'", right)]
    assert len(pairs) == 3
    for name, expected in pairs:
        assert canonical("domain", name) == expected
        assert canonical("url", f"https://{name}/x") == f"//{expected}/x"
        (entry,) = ListFile([name]).entries()
        assert entry == expected


def test_another_owner_is_not_matched() -> None:
    taken = Named([key("domain", canonical("domain", "straße.de"))])
    urls = ["https://strasse.de/", "https://xn--strae-oqa.de/", "https://www.straße.de/x"]
    nothing = [None] * len(urls)
    assert [bool(keys) for keys in taken.matches(nothing, urls, nothing, nothing)] == [
        *(False, True, True)
    ]
    entries = HashSet(ListFile(["straße.de"]).entries())
    assert Blocklist(entries).blocks(urls, [None] * 3) == [False, True, True]


@pytest.mark.parametrize(
    ("netloc", "expected"),
    [
        ("[2001:DB8:0:0::1]:80", "[2001:db8::1]"),
        ("[::FFFF:1.2.3.4]", "[::ffff:1.2.3.4]"),
        ("[no address]", "[no address]"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_ip_addresses(netloc: str, expected: str) -> None:
    assert host(netloc) in {expected, "[::ffff:102:304]"}


@given(st.text(max_size=20))
@example("xn--\u00e9")
@example("İ.example")
@example("\ud800.example")
@example("\u00ad")
def test_any_name_has_one_form(name: str) -> None:
    form = host(name)
    assert host(form) == form
    unicode_name(form)
    unicode_name(name)


def test_a_long_name_costs_little() -> None:
    assert canonical_url("http://" + "ü" * 1_000_000 + ".example/x").endswith("/x")
    assert unicode_name("xn--" + "a" * 1_000_000).startswith("xn--")
