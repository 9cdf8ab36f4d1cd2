"""Files of block lists: their format is recognised, and they are read as that or refused by its name."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.addresses.blocklists import Blocklist
from udfs.addresses.hash_set import HashSet
from udfs.addresses.list_file import ListError, ListFile
from udfs.addresses.list_lines import ADBLOCK, HOSTS, INVALID, MAPPING, PARTIAL, PLAIN


def read(text: str, *, urls: bool = False) -> tuple[str | None, list[str], dict[str, int]]:
    """Return format, entries and counts of a file."""
    list_file = ListFile(text.splitlines(keepends=True), urls=urls)
    entries = list(list_file.entries())
    return list_file.format, entries, dict(list_file.left_out)


DOMAINS = """\
\ufeff# a comment
; another
example.org
*.Example.net
.example.com.
Straße.de
http://shop.example/
*.xxx
192.0.2.1
https://good.example/a/b/?q=1
under_score.example # why
"""

HOSTS_FILE = """\
# Title: a hosts file
127.0.0.1 localhost localhost.localdomain
::1 ip6-localhost ip6-loopback
fe80::1%lo0 localhost
255.255.255.255 broadcasthost
0.0.0.0 0.0.0.0
0.0.0.0 ads.example
0.0.0.0\tTracker.example\twww.tracker.example # both
127.0.0.1 single
192.168.1.5 nas.home.example printer
"""

ADBLOCK_LIST = """\
[Adblock Plus 2.0]
! Title: a list
||ads.example^
||Wide.example^$document,important
||third.example^$third-party
@@||fine.ads.example^
@@||fine.example^$script
example.com##.banner
##.ad-box
#@#.ad-box
example.com#?#div:has(.ad)
/banner/*.gif
&ad_box=
||shop.example/path^
|https://exact.example/
ads.plain.example
/ads[0-9]+/$script
*$csp=script-src 'none'
"""


def test_a_list_of_domains_and_urls() -> None:
    assert read(DOMAINS) == (
        PLAIN,
        [
            *("example.org", "example.net", "example.com", "xn--strae-oqa.de", "shop.example"),
            *("xxx", "192.0.2.1", "//good.example/a/b?q=1", "under_score.example"),
        ],
        {},
    )


def test_a_hosts_file() -> None:
    assert read(HOSTS_FILE) == (
        HOSTS,
        ["=ads.example", "=tracker.example", "=www.tracker.example"],
        {INVALID: 1, MAPPING: 2},
    )


def test_adblock_rules() -> None:
    assert read(ADBLOCK_LIST) == (
        ADBLOCK,
        ["ads.example", "wide.example", "@@fine.ads.example"],
        {PARTIAL: 13},
    )
    # a list for resolvers has no header
    assert read("! Title\n||a.example^\n@@||b.a.example^|\n") == (
        *(ADBLOCK, ["a.example", "@@b.a.example"], {}),
    )


def test_urls_of_ut1() -> None:
    lines = (
        "example.org\nexample.org/~jane/x.html\n192.0.2.1/24\nexample.org/a?b=http://c.example/\n"
    )
    assert read(lines, urls=True) == (
        PLAIN,
        [
            *("//example.org", "//example.org/~jane/x.html", "//192.0.2.1/24"),
            "//example.org/a?b=http://c.example/",
        ],
        {},
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("address=/ads.example/0.0.0.0", "dnsmasq"),
        ("server=/ads.example/", "dnsmasq"),
        ("local=/ads.example/", "dnsmasq"),
        ('local-zone: "ads.example" refuse', "Unbound"),
        ("$TTL 60", "DNS zone"),
        ("@ IN SOA localhost. root.localhost. 1 2 3 4 5", "DNS zone"),
        ("ads.example CNAME .", "DNS zone"),
        ("*.ads.example 60 IN CNAME .", "DNS zone"),
        ("+ads.example", "squidGuard"),
        ("-ads.example/page", "squidGuard"),
        ("192.0.2.0/24", "range of IP addresses"),
        ("2001:db8::/32", "range of IP addresses"),
        ("192.0.2.1 - 192.0.2.9", "range of IP addresses"),
        (r"(^|\.)ads[0-9]*\.example$", "regular expression"),
        (r"^ads\.", "regular expression"),
        ("ads*.example", "pattern"),
        ("<!DOCTYPE html>", "web page"),
        ('{"domains": ["a.example"]}', "JSON"),
        ("1,ads.example,2024-01-01", "table"),
        ('"ads.example","malware","2024"', "table"),
    ],
)
def test_other_formats_are_refused_by_name(line: str, name: str) -> None:
    with pytest.raises(ListError, match=r"^line 3: .* is .*: give a list of domains") as raised:
        read(f"# comment\n\n{line}\n{line}\n")
    assert name in str(raised.value)
    # also in a list that begins as another one
    with pytest.raises(ListError, match=r"^line 2: .* is "):
        read(f"example.org\n{line}\nexample.net\n")


FIRST = {PLAIN: "example.org", HOSTS: "0.0.0.0 example.org", ADBLOCK: "||example.org^"}


@pytest.mark.parametrize("first", [PLAIN, HOSTS, ADBLOCK])
@pytest.mark.parametrize("second", [PLAIN, HOSTS, ADBLOCK])
def test_a_file_has_one_format(first: str, second: str) -> None:
    text = f"{FIRST[first]}\n{FIRST[first]}\n{FIRST[second]}\n"
    if first == second:
        assert len(read(text)[1]) == 3
    elif (first, second) == (ADBLOCK, PLAIN):  # a pattern, in AdBlock's language
        assert read(text)[2] == {PARTIAL: 1}
    else:
        message = rf"^line 3: .* is a line of {second}, in {first}: give .*, one format a file$"
        with pytest.raises(ListError, match=message):
            read(text)


def test_a_long_list_may_have_some_rubbish() -> None:
    good = "".join(f"{n}.example\n" for n in range(1000))
    counts = read(good + "0.0.0.0 a.example\n<html>\n+x.example\ntwo words\nuser@host\n..\n")[2]
    assert counts == {"lines of another format": 3, INVALID: 3}
    with pytest.raises(
        ListError, match=r"^line 1001: '0\.0\.0\.0 a\.example' is a line of a hosts file"
    ):
        read(good + "0.0.0.0 a.example\n" * 11)


def test_a_file_without_a_format_is_refused() -> None:
    with pytest.raises(
        ListError, match=r"^line 1: 'two words' has no domain and no URL, as most lines$"
    ):
        read("two words\nuser@host\n..\nexample.org\n")
    with pytest.raises(ListError, match=r"^line 1: "):
        read("\x1f\ufffd\x08\x00\ufffd\ufffd\n\x00\x01\x02\n")
    assert read("") == read("# nothing\n! here\n") == (None, [], {})


def entries_or_error(lines: list[str], *, urls: bool = False) -> tuple[list[str], str]:
    """Return the entries of a file, and the message of its error."""
    entries: list[str] = []
    try:
        entries.extend(ListFile(lines, urls=urls).entries())
    except ListError as error:
        return entries, str(error)
    return entries, ""


@given(st.lists(st.text(max_size=30), max_size=10), st.booleans())
def test_any_file_is_read_or_refused(lines: list[str], urls: bool) -> None:
    entries, message = entries_or_error(lines, urls=urls)
    assert "\n" not in message
    Blocklist(HashSet(entries)).blocks(lines, [None] * len(lines))


PARTS = [
    *(
        "a",
        "a.",
        "a-",
        "a:",
        "a,",
        "a^",
        "1",
        "1.",
        "1/",
        "-",
        "||",
        "@@||a",
        "/",
        "x/",
        "$",
        "^",
        "*",
    ),
    *(",", "#", "##", "@", "(", "[", ".*", "\\", ":", "?", "&", "=", " #", ", ", "a:b ", "\t"),
]


@pytest.mark.parametrize("part", PARTS)
def test_hostile_lines_take_little_time(part: str) -> None:
    started = time.process_time()
    for times in (1000, 4000 // len(part), 100_000):
        for end in ("", "!", "$", "^", "/", " x"):
            _, message = entries_or_error([part * times + end])
            assert len(message) < 300
    assert time.process_time() - started < 3
