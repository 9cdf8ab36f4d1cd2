"""What takedowns name: values in the form they are compared in, and the documents that they name."""

from __future__ import annotations

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.addresses.hash_set import HashSet
from udfs.addresses.takedown_keys import Named, canonical, key, key_of_stored, parse_lines
from udfs.digest import sha1_digest


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("id", " wikipedia/en/12 ", "wikipedia/en/12"),
        ("url", "HTTPS://Example.org/", "//example.org"),
        ("domain", "Example.ORG", "example.org"),
        ("domain", "*.example.org", "example.org"),
        ("domain", ".example.org.", "example.org"),
        ("domain", "Bücher.example", "xn--bcher-kva.example"),
        ("digest", sha1_digest(b"text"), sha1_digest(b"text")),
        ("digest", sha1_digest(b"text").removeprefix("sha1:").lower(), sha1_digest(b"text")),
        ("digest", hashlib.sha1(b"text").hexdigest(), sha1_digest(b"text")),
    ],
)
def test_values_are_recorded_in_one_form(kind: str, value: str, expected: str) -> None:
    assert canonical(kind, value) == expected
    assert canonical(kind, expected) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("id", "  "),
        ("url", ""),
        ("domain", "https://example.org/"),
        ("domain", "*."),
        ("domain", "two words"),
        ("digest", "sha1:short"),
        ("digest", "z" * 40),
        ("title", "x"),
    ],
)
def test_what_names_no_document_is_refused(kind: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"is no|no kind"):
        canonical(kind, value)


def named(*entries: tuple[str, str]) -> Named:
    return Named(key(kind, canonical(kind, value)) for kind, value in entries)


def test_a_document_is_named_by_any_of_its_marks() -> None:
    digest = sha1_digest(b"text")
    entries = named(
        ("id", "c4/1"), ("url", "http://a.example/x/"), ("domain", "b.example"), ("digest", digest)
    )
    documents = [
        ("c4/1", None, None, None),
        ("c4/2", "https://A.example/x#top", "sha1:other", "A.example"),
        ("c4/3", None, None, "www.B.example:8080"),
        ("c4/4", "http://b.example/", None, None),  # a table without source_domain
        ("c4/5", None, digest, None),
        ("c4/6", "http://a.example/y", "sha1:other", "notb.example"),
        (None, None, None, None),
        ("c4/1", "http://a.example/x", digest, "b.example"),
    ]
    found = entries.matches(*map(list, zip(*documents, strict=True)))
    assert found == [
        ["id\tc4/1"],
        ["url\t//a.example/x"],
        ["domain\tb.example"],
        ["domain\tb.example"],
        [f"digest\t{digest}"],
        None,
        None,
        ["id\tc4/1", f"digest\t{digest}", "url\t//a.example/x", "domain\tb.example"],
    ]


def test_entries_of_earlier_releases_match_as_before() -> None:
    """They kept the percent encoding that the user wrote."""
    entries = Named([key_of_stored("url", "//b.example/%7eé"), key_of_stored("id", "c4/%7e")])
    urls = ["https://b.example/~%c3%a9", "https://b.example/%7E%C3%A9/", "https://b.example/"]
    assert [bool(keys) for keys in entries.matches(["c4/%7e", *urls[1:]], urls, urls, urls)] == [
        *(True, True, False)
    ]


def test_nothing_is_named_by_no_entries() -> None:
    nothing = Named([])
    assert nothing.matches(["a"], ["http://a"], ["sha1:a"], ["a"]) == [None]
    assert not nothing.holds(["id\ta"]).any()


@given(st.sets(st.text(max_size=5)), st.lists(st.text(max_size=5)))
def test_a_set_contains_its_strings_and_no_others(inside: set[str], asked: list[str]) -> None:
    entries = Named(key("id", id_) for id_ in inside)
    assert list(entries.holds([key("id", id_) for id_ in asked])) == [
        id_ in inside for id_ in asked
    ]


def test_many_entries_cost_little_memory_and_time() -> None:
    entries = Named(key("id", f"common_crawl/{i}") for i in range(200_000))
    assert len(entries) == 200_000
    assert len(HashSet(f"id/{i}" for i in range(1000)).to_bytes()) == 1000 * 16
    ids = [f"common_crawl/{i}" for i in range(150_000, 250_000)]
    nothing = [None] * len(ids)
    begin = time.process_time()
    found = entries.matches(ids, nothing, nothing, nothing)
    assert time.process_time() - begin < 5  # about 2 microseconds a document
    assert sum(entry is not None for entry in found) == 50_000


def test_lines_of_a_file() -> None:
    lines = ["# from the letter\n", "\n", "domain\tExample.org\r\n", "url\thttp://a.example/ b\n"]
    assert list(parse_lines(lines)) == [("domain", "example.org"), ("url", "//a.example/%20b")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("example.org", "line 2: expected kind, a tab and a value, found 'example.org'"),
        ("host\texample.org", "line 2: no kind 'host': the kinds are id, url, domain, digest"),
        ("digest\tx", "line 2: 'x' is no digest"),
        ("domain\tcom", "line 2: 'com' is a single label"),
        ("domain\tco.uk", "line 2: 'co.uk' is a public suffix"),
    ],
)
def test_an_invalid_line_is_reported_with_its_number(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(parse_lines(["id\tc4/1", line]))
