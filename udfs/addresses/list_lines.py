"""Lines of block lists: domains and URLs, hosts files, AdBlock rules; lines of other formats are named.

An entry is a text, the form that `udfs.addresses.blocklists.Blocklist` takes: `example.org` for a domain and
all below it, `=example.org` for that host alone, `//example.org/path` for a page and all below it,
`@@example.org` for a domain that is an exception.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

from udfs.addresses.pages import page_of
from udfs.addresses.urls import host

PLAIN, HOSTS, ADBLOCK = "a list of domains and URLs", "a hosts file", "AdBlock rules"
"""The formats that are read."""

INVALID = "lines without a domain or URL"
MAPPING = "hosts with an address of their own"
PARTIAL = "rules about parts of pages, or with options or patterns"

_LONGEST = (
    4096  # characters; no address in a list is longer, and some expressions take quadratic time
)
# matches nearly every line, several times as fast as what follows
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?|\[[0-9a-f:.]+\]"
)
_COMMENT = re.compile(r"\s#.*")
_TOP = re.compile(r"(?:\*?\.)(?P<name>[^\s./*]+)\.?")  # `*.xxx`: all of a top-level domain

# names that hosts files have for the machine itself
_LOCAL_NAMES = re.compile(
    r"(?:localhost|local|broadcasthost|localhost\.localdomain|localhost6?\.localdomain6?|ip6-\w+|0\.0\.0\.0)",
    re.IGNORECASE,
)

_ADBLOCK_HEADER = re.compile(r"\[\s*(?:adblock|adguard|ublock)[^\]]*\]", re.IGNORECASE)
_COSMETIC = re.compile(r"[^\s#]*#(?:@?[?$%]?|@?\$\?)#\S")
_ADBLOCK_DOMAIN = re.compile(
    r"(?:@@)?\|\|(?:\*\.)?(?P<host>[^\s/^$*|:?&=]+)\.?\^?\|?(?:\$(?P<options>\S+))?"
)
_ADBLOCK_RULE = re.compile(
    r"@@|\|\|?|[^\s(^\\]*\^(?:$|[$|*/])|/\S+/(?:$|\$)|&\S+="
    r"|\S*\$(?:~?(?:third-party|script|image|popup|xmlhttprequest|subdocument|stylesheet|object)\b|domain=)"
)
# options under which a rule still blocks whole pages
_PAGE_OPTIONS = frozenset(("", "all", "doc", "document", "important"))

_ADDRESS = re.compile(r"\w[\w.-]*(?::\d+)?/\S*[^/\d]\S*|(?:\*?\.)?\w[\w.-]*(?::\d+)?")
# read line by line as domains these would lose their meaning
_FOREIGN = (
    ("a change of a squidGuard list", re.compile(r"[+-][A-Za-z0-9][\w-]*\.[\w.-]*(?:/\S*)?$")),
    ("a rule of dnsmasq", re.compile(r"(?:address|server|local|ipset)=/")),
    ("a rule of Unbound", re.compile(r"(?:local-zone|local-data|server):")),
    (
        "a line of a DNS zone (RPZ)",
        re.compile(
            r"\$(?:TTL|ORIGIN)\b|\S+\s+(?:\d+\s+)?(?:IN\s+)?(?:CNAME|SOA|NS|A|AAAA|TXT)\s+\S"
            r"|@\s+(?:\d+\s+)?(?:IN\s+)?[A-Z]{1,6}\s"
        ),
    ),
    (
        "a range of IP addresses",
        re.compile(
            r"\d+(?:\.\d+){3}/\d{1,2}$|[0-9a-f:]*:[0-9a-f:]*/\d{1,3}$|\d+(?:\.\d+){3}\s*-\s*\d"
        ),
    ),
    ("a line of a web page", re.compile(r"<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)),
    ("JSON", re.compile(r"[{\[]\s*(?:[\"{\[]|$)")),
    (
        "a row of a table",
        re.compile(r"(?:\"[^\"]*\"|[^\s\",;]*)(?:[,;\t](?:\"[^\"]*\"|[^\s\",;]*)){2}"),
    ),
    ("a regular expression", re.compile(r"\^|\(|\S*(?:\\[.wds]|\.\*|\[[^\]]*\]|\$$)")),
    ("a pattern", re.compile(r"[^\s/?]*[^\s/?*]\*|\*[^\s.]|\*\.[^\s/?]*\*")),
)


class Line(NamedTuple):
    """The content of a line of a list.

    Attributes
    ----------
    format
        The format that the line is of; None for a line that none has.
    entries
        The entries.
    left_out
        Number of entries or rules that the line has and that block no page, and their kind.
    """

    format: str | None
    entries: tuple[str, ...] = ()
    left_out: tuple[int, str] = (0, "")


def read_line(line: str, *, is_adblock: bool = False, urls: bool = False) -> Line | None:
    """Return what a line holds; None for comments and empty lines.

    Parameters
    ----------
    is_adblock
        Whether the line is in a file of AdBlock rules, where `##` begins no comment and a line without
        `||` is a pattern.
    urls
        Whether a host without a path stands for its own pages alone, as in UT1's files `urls`, and not
        for all below it.
    """
    text = line.strip().strip("\ufeff").strip()
    if not is_adblock and not urls and _DOMAIN.fullmatch(text):
        return Line(PLAIN, (text,))
    if _ADBLOCK_HEADER.fullmatch(text):
        return Line(ADBLOCK)
    if (
        not text
        or text[0] == "!"
        or (text[0] in "#;" and not (is_adblock and _COSMETIC.match(text)))
    ):
        return None
    if len(text) > _LONGEST:
        return Line(None, (), (1, INVALID))
    if not is_adblock:
        text = _COMMENT.sub("", text)
    return (
        _hosts_line(text)
        or _adblock_line(text, is_adblock=is_adblock)
        or _foreign_line(text, urls=urls)
        or _plain_line(text, urls=urls)
    )


def _hosts_line(text: str) -> Line | None:
    """Return the hosts of a line of a hosts file; None for a line of another form.

    Those that are sent to this machine or nowhere are blocked; those with an address of their own are not.
    """
    address, *names = text.split()
    if not names or names[0] == "-" or not (address[0].isdigit() or ":" in address):
        return None
    nowhere = _is_nowhere(address)
    if nowhere is None:
        return None
    blocked = [name for name in names if not _LOCAL_NAMES.fullmatch(name)]
    if not nowhere:
        return Line(HOSTS, (), (len(blocked), MAPPING))
    hosts = [name for name in map(host, blocked) if _HOST.fullmatch(name)]
    return Line(HOSTS, tuple(f"={name}" for name in hosts), (len(blocked) - len(hosts), INVALID))


@lru_cache(maxsize=1000)
def _is_nowhere(address: str) -> bool | None:
    """Return whether an IP address is of this machine or of none; None if it is no address."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return number.is_unspecified or number.is_loopback


def _adblock_line(text: str, *, is_adblock: bool) -> Line | None:
    """Return what an AdBlock rule blocks; None for a line of another form.

    Only a rule for all pages of a domain blocks a page that somebody opens, and is read; and exceptions
    to such rules.
    """
    rule = _ADBLOCK_DOMAIN.fullmatch(text)
    if rule and set((rule["options"] or "").lower().split(",")) <= _PAGE_OPTIONS:
        name = host(rule["host"])
        if _HOST.fullmatch(name):
            return Line(ADBLOCK, (f"@@{name}" if text.startswith("@@") else name,))
    if is_adblock or rule or _COSMETIC.match(text) or _is_adblock_rule(text):
        return Line(ADBLOCK, (), (1, PARTIAL))
    return None


def _is_adblock_rule(text: str) -> bool:
    return not _SCHEME.match(text) and _ADBLOCK_RULE.match(text) is not None


def _foreign_line(text: str, *, urls: bool) -> Line | None:
    """Return a line of a format that is not read; None for others."""
    if _SCHEME.match(text) or _ADDRESS.fullmatch(text) or (urls and "/" in text):
        return None
    names = [name for name, pattern in _FOREIGN if pattern.match(text)]
    return Line(names[0]) if names else None


def _plain_line(text: str, *, urls: bool) -> Line:
    """Return the domain or URL of a line."""
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    name, _, path = rest.partition("/")
    entry = None
    if not re.search(r"\s", rest) and (path or "@" not in name):
        entry = _page(rest) if path or urls or "?" in name else _domain(name)
    return Line(PLAIN, (entry,)) if entry else Line(None, (), (1, INVALID))


def _domain(name: str) -> str | None:
    """Return a domain as an entry; a top-level domain only if it is written as `.xxx` or `*.xxx`."""
    top = _TOP.fullmatch(name)
    plain = host(top["name"] if top else name.removeprefix("*").strip("."))
    is_host = _HOST.fullmatch(f"a.{plain}" if top else plain)
    return plain if is_host else None


def _page(rest: str) -> str | None:
    """Return a URL without its scheme as an entry."""
    page = page_of(f"//{rest}")
    name = re.split("[/?]", page[2:], maxsplit=1)[0]
    return page if _HOST.fullmatch(name) else None
