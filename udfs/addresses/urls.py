"""Canonical URLs and domains: two spellings of one address are equal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

# matches nearly every URL, several times as fast as a parser
_PLAIN = re.compile(r"https?://([A-Za-z0-9.\-]*[A-Za-z0-9\-])(/[^?#\s]*)?(\?[^#\s]+)?(?:#\S*)?")

_DEFAULT_PORTS = {"http": "80", "https": "443"}


def canonical_url(url: str) -> str:
    """Return the canonical form of a URL, which all its spellings share.

    `http` and `https` are equal; the host is in lower case and in its ASCII form; the default port, the
    fragment and one slash at the end of the path are removed. A URL without a scheme counts as `http`.
    Path and query do not change, since case and order matter to some servers, nor does an invalid URL.

    >>> canonical_url("HTTP://Example.org:80/a/?q=1#top")
    '//example.org/a?q=1'
    >>> canonical_url("https://example.org") == canonical_url("example.org/")
    True
    """
    plain = _PLAIN.fullmatch(url)
    if plain:
        name, path, query = plain.groups("")
        return f"//{name.lower()}{path.removesuffix('/')}{query}"
    return parsed(url.strip())


def parsed(url: str) -> str:
    """Return the canonical form of any URL, by a parser."""
    try:
        parts = urlsplit(url if "://" in url or url.startswith("//") else f"//{url}")
    except ValueError:  # half an IPv6 address
        return url
    scheme = parts.scheme or "http"
    user, separator, _ = parts.netloc.rpartition("@")
    name, port = _host_and_port(parts.netloc)
    if port and port != _DEFAULT_PORTS.get(scheme):
        name += f":{port}"
    path = parts.path.removesuffix("/")
    query = f"?{parts.query}" if parts.query else ""
    start = "//" if scheme in _DEFAULT_PORTS else f"{scheme}://"
    return f"{start}{user}{separator}{name}{path}{query}"


def host(netloc: str) -> str:
    """Return the host of a URL's `netloc`: without user and port, lower case, in its ASCII form.

    >>> host("user@WWW.Example.org:8080")
    'www.example.org'
    """
    return _host_and_port(netloc)[0]


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


def _host_and_port(netloc: str) -> tuple[str, str]:
    address = netloc.rpartition("@")[2]
    if address.startswith("["):  # IPv6
        name, _, rest = address.partition("]")
        return f"{name.lower()}]", rest.removeprefix(":")
    name, _, port = address.partition(":")
    return _ascii(name.rstrip(".")), port


def _ascii(name: str) -> str:
    name = name.lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:  # a label of more than 63 letters
        return name
