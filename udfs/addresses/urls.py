"""Canonical URLs and domains: two spellings of one address are equal.

Takedowns, block lists and trace compare this one form: the equality of RFC 3986 (section 6.2: case, percent
encoding, dot segments, default ports), for IRIs after RFC 3987, and hosts after IDNA 2008.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from udfs.addresses.hosts import host_and_port

_PATH = r"A-Za-z0-9\-._~!$&'()*+,;=:@"
# matches most URLs, several times as fast as what follows: nothing in them is decoded or encoded
_PLAIN = re.compile(
    r"https?://([A-Za-z0-9._\-]*[A-Za-z0-9_\-])"
    rf"((?:/(?![.])[{_PATH}]*)*)(\?[{_PATH}/?]+)?(?:\#\S*)?"
)

# RFC 3986, appendix B: scheme, netloc, path and query
_PARTS = re.compile(
    r"(?:(?:([A-Za-z][A-Za-z0-9+.\-]*):)?//)?([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.DOTALL
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CHANGED_IN_PATH = re.compile(rf"%([0-9A-Fa-f]{{2}})|%|[^{_PATH}/%]+")
_CHANGED_IN_QUERY = re.compile(rf"%([0-9A-Fa-f]{{2}})|%|[^{_PATH}/?%]+")


def canonical_url(url: str) -> str:
    """Return the canonical form of a URL, which all its spellings share.

    `http` and `https` are equal; the host is in lower case and in its ASCII form; the default port, the
    fragment, an empty query, dot segments and one slash at the end of the path are removed. Letters that
    need no percent encoding are decoded, and those that need it are encoded as UTF-8. A URL without a scheme
    counts as `http`. Case and order within path and query matter to some servers, and stay.

    The canonical form of a canonical form is itself.

    >>> canonical_url("HTTP://Example.org:80/%7Ea/./b/?q=%c3%9f#top")
    '//example.org/~a/b?q=%C3%9F'
    >>> canonical_url("https://straße.de") == canonical_url("xn--strae-oqa.de/")
    True
    """
    plain = _PLAIN.fullmatch(url)
    if plain:
        name, path, query = plain.groups("")
        return f"//{name.lower()}{_without_slash(path)}{query}"
    return parsed(url.strip())


def parsed(url: str) -> str:
    """Return the canonical form of any URL, by a parser."""
    parts = _PARTS.fullmatch(re.sub(r"[\t\r\n]", "", url))
    assert parts is not None, "the expression matches every text"
    scheme, netloc, path, query = parts.groups("")
    scheme = scheme.lower() or "http"
    user, separator, _ = netloc.rpartition("@")
    name, port = host_and_port(netloc)
    port = port.lstrip("0") if port.isdigit() else port
    if port and port != _DEFAULT_PORTS.get(scheme):
        name += f":{port}"
    path = _without_slash(_without_dots(_percent_encoded(path, _CHANGED_IN_PATH)))
    query = _percent_encoded(query[1:], _CHANGED_IN_QUERY)
    start = "//" if scheme in _DEFAULT_PORTS else f"{scheme}://"
    user = _percent_encoded(user, _CHANGED_IN_PATH)
    return f"{start}{user}{separator}{name}{path}{query and '?'}{query}"


def host(netloc: str) -> str:
    """Return the host of a URL's `netloc`: without user and port, lower case, in its ASCII form.

    >>> host("user@WWW.Example.org:8080")
    'www.example.org'
    """
    return host_and_port(netloc)[0]


def domains(name: str) -> Iterator[str]:
    """Yield a host and each domain that it is in.

    >>> list(domains("www.example.org"))
    ['www.example.org', 'example.org', 'org']
    """
    yield name
    while "." in name:
        name = name.partition(".")[2]
        yield name


def netloc_of(source_domain: str | None, url: str | None) -> str:
    """Return the `netloc` of a document: its source_domain, or else that of its URL."""
    if source_domain:
        return source_domain
    rest = canonical_url(url).partition("//")[2] if url else ""
    return re.split(r"[/?]", rest, maxsplit=1)[0]


def _percent_encoded(text: str, changed: re.Pattern[str]) -> str:
    """Return text in one percent encoding: unreserved characters plain, what no URL holds encoded."""
    return changed.sub(_encoded, text)


def _encoded(part: re.Match[str]) -> str:
    if part[1]:
        char = chr(int(part[1], 16))
        return char if char in _UNRESERVED else part[0].upper()
    return "".join(f"%{byte:02X}" for byte in part[0].encode("utf-8", "surrogatepass"))


def _without_dots(path: str) -> str:
    """Remove the segments `.` and `..` (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    segments = path.split("/")
    kept: list[str] = []
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    end = [""] if segments[-1] in (".", "..") else []
    return "/".join([segments[0], *kept, *end])


def _without_slash(path: str) -> str:
    """Remove a slash at the end; several stay, since they name another resource."""
    return path[:-1] if path.endswith("/") and not path.endswith("//") else path
