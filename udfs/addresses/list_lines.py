"""Lines of block lists: domains, URLs, hosts files and AdBlock rules. Other formats are named, not read.

An entry is a text, the form that `udfs.addresses.blocklists.Blocklist` takes: `example.org` for a domain and
all below it, `//example.org/path` for a page and all below it, `@@example.org` for an exception.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from udfs.addresses.urls import canonical_url, host

ENTRY, INVALID = "entry", "lines without a domain or URL"
COSMETIC, MAPPING = "cosmetic rules, which block no page", "hosts with an address of their own"
FOREIGN = "of another format"
EXCEPTION = "@@"

_COMMENT = re.compile(r"\s#.*")
# matches nearly every line, several times as fast as what follows
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?|\[[0-9a-f:.]+\]"
)
_TOP = re.compile(r"(?:\*?\.)(?P<name>[^\s./*]+)\.?")  # `*.xxx`: all of a top-level domain

# names that hosts files have for the machine itself
_LOCAL_NAMES = re.compile(
    r"(?:localhost|local|broadcasthost|localhost\.localdomain|ip6-\w+|0\.0\.0\.0)$", re.I
)
_COSMETIC = re.compile(r"[^\s#]*#(?:@?[?$%]?|@?\$\?)#")
_ADBLOCK_HEADER = re.compile(r"\[(?:adblock|adguard|ublock)[^\]]*\]", re.IGNORECASE)
_ADBLOCK_HOST = re.compile(
    r"\|\|(?:\*\.)?(?P<host>[^\s/^$*|:?&=]+)\.?(?:\^\|?|/|\|)?(?:\$(?P<options>\S+))?"
)
_PAGE_OPTIONS = frozenset(["", "all", "doc", "document", "important"])
_COSMETIC_OPTIONS = frozenset(
    ["ehide", "elemhide", "generichide", "ghide", "shide", "specifichide"]
)

_ADDRESS = re.compile(r"\w[\w.-]*(?::\d+)?/\S*[^/\d]\S*|(?:\*?\.)?\w[\w.-]*(?::\d+)?")
_RANGE = "a range of IP addresses"
# read line by line as domains these would lose their meaning
_FOREIGN = (
    ("a change of a squidGuard list", re.compile(r"[+-][A-Za-z0-9][\w.-]*(?:/\S*)?$")),
    (
        "an AdBlock rule about parts of pages",
        re.compile(
            r"@@|\|\|?|\S*\^(?:$|\$)|/.*/(?:$|\$)|[&?=_/*-]\S+\.(?:gif|js|jpg|png|swf|php)|[&?=_/-]\S*[/=_.-]$"
            r"|\S*\$(?:~?(?:third-party|script|image|popup|xmlhttprequest|subdocument|stylesheet|object)|domain=)"
        ),
    ),
    ("a rule of dnsmasq", re.compile(r"(?:address|server|local)=/")),
    ("a rule of Unbound", re.compile(r"(?:local-zone|local-data|server):")),
    (
        "a line of a DNS zone",
        re.compile(r"\$(?:TTL|ORIGIN)\b|\S+\s+(?:\d+\s+)?(?:IN\s+)?(?:CNAME|SOA|NS|A|AAAA)\s+\S"),
    ),
    ("a regular expression", re.compile(r"\^|\(|\S*(?:\\[.wds]|\.\*|\[[^\]]*\]|\$$)")),
    (
        _RANGE,
        re.compile(
            r"\d+(?:\.\d+){3}/\d{1,2}$|[0-9a-f:]*:[0-9a-f:]*/\d{1,3}$|\d+(?:\.\d+){3}\s*-\s*\d"
        ),
    ),
    ("a pattern", re.compile(r"[^\s/?]*[^\s/?*]\*|\*[^\s.]|\*\.[^\s/?]*\*")),
    ("a line of a web page", re.compile(r"<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)),
    ("JSON", re.compile(r"[{\[]\s*(?:[\"{\[]|$)")),
    (
        "a row of a table",
        re.compile(r"(?:\"[^\"]*\"|[^\s\",;]*)(?:[,;\t](?:\"[^\"]*\"|[^\s\",;]*)){2}"),
    ),
)


class Line(NamedTuple):
    """What a line of a list holds.

    Attributes
    ----------
    kind
        `ENTRY`, or why the line has none: `INVALID`, `COSMETIC`, `MAPPING` or `FOREIGN`.
    value
        The entry; of a line of another format the name of that.
    """

    kind: str
    value: str = ""


def read(lines: Iterable[str], *, urls: bool = False) -> Iterator[Line]:
    """Yield what each line holds; nothing for comments, empty lines, headers and names of the machine itself.

    Parameters
    ----------
    urls
        Whether a host without a path stands for its own pages alone, as in UT1's files `urls`, and not
        for all below it.
    """
    for line in lines:
        text = line.strip("\ufeff \t\r\n\f\v")
        if _PLAIN.fullmatch(text) and not urls:
            yield Line(ENTRY, text)
        elif text and text[0] not in "#!;" and not _ADBLOCK_HEADER.match(text):
            yield from _lines_of(_COMMENT.sub("", text), urls=urls)


def _lines_of(text: str, *, urls: bool) -> list[Line]:
    """Return what a line without its comment holds; a line of a hosts file may hold several hosts."""
    hosts = _hosts_of(text)
    if hosts is not None:
        return hosts
    if _COSMETIC.match(text):
        return [Line(COSMETIC)]
    rule = _adblock_line(text)
    if rule:
        return [rule]
    if not _SCHEME.match(text) and not _ADDRESS.fullmatch(text):
        for what, pattern in _FOREIGN:
            if pattern.match(text) and not (urls and what == _RANGE):
                return [Line(FOREIGN, what)]
    return [_address_line(text, urls=urls)]


def _hosts_of(text: str) -> list[Line] | None:
    """Return the hosts of a line of a hosts file; None for a line of another form.

    Those that are sent to this machine or nowhere are blocked; those with an address of their own are not.
    """
    address, *names = text.split()
    if not names or not (address[0].isdigit() or ":" in address):
        return None
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    is_nowhere = number.is_unspecified or number.is_loopback or str(number) == "255.255.255.255"
    named = [name for name in names if not _LOCAL_NAMES.match(name)]
    if not is_nowhere:
        return [Line(MAPPING) for _ in named]
    return [_domain(name) for name in named]


def _adblock_line(text: str) -> Line | None:
    """Return what an AdBlock rule about all pages of a host holds; None for other lines."""
    exception = text.startswith(EXCEPTION)
    rule = _ADBLOCK_HOST.fullmatch(text.removeprefix(EXCEPTION))
    if rule is None:
        return None
    options = set((rule["options"] or "").lower().split(","))
    if options <= _PAGE_OPTIONS:
        line = _domain(rule["host"])
        return Line(line.kind, f"{EXCEPTION}{line.value}") if exception and line.value else line
    return Line(COSMETIC) if exception and options <= _COSMETIC_OPTIONS else None


def _address_line(text: str, *, urls: bool) -> Line:
    """Return the domain or URL of a line."""
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    name, _, path = rest.partition("/")
    if re.search(r"\s", rest) or "@" in name:
        return Line(INVALID)
    return _url(rest) if path or urls or "?" in name else _domain(name)


def _domain(name: str) -> Line:
    """Return a domain as an entry; a top-level domain only if it is written as `.xxx` or `*.xxx`."""
    top = _TOP.fullmatch(name)
    plain = host(top["name"] if top else name.removeprefix("*").strip("."))
    is_host = bool(_HOST.fullmatch(plain)) or (
        top is not None and bool(_HOST.fullmatch(f"a.{plain}"))
    )
    return Line(ENTRY, plain) if is_host else Line(INVALID)


def _url(rest: str) -> Line:
    """Return a URL without its scheme as an entry."""
    page = page_of(f"//{rest}")
    name = page[2:].partition("/")[0].partition("?")[0]
    return Line(ENTRY, page) if _HOST.fullmatch(name) or "." in name else Line(INVALID)


# user, prefix, host, port, and the rest
_PAGE = re.compile(
    r"[^/]*//(?:[^/?@]*@)?(?:(?:www|web|ftp)\d*\.(?=[^/?:]*\.))?(\[[^\]]*\]|[^/?:]*)(?::\d*)?(.*)",
    re.DOTALL,
)


def page_of(url: str) -> str:
    """Return a URL as squidGuard compares it.

    It has no scheme, user and port, no `www`, `web` or `ftp` with or without digits before its host, and no
    slashes at its end; case does not matter.

    >>> page_of("http://www3.Foo.example:8080/What/ever/?a=1")
    '//foo.example/what/ever?a=1'
    """
    parts = _PAGE.fullmatch(canonical_url(url).lower())
    if parts is None:  # no address
        return url
    path, mark, query = parts[2].partition("?")
    return f"//{parts[1]}{path.rstrip('/')}{mark}{query}"
