"""Addresses compared as a person means them: two spellings of one page are equal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

# nearly every URL: its parts are plain to see, at a fraction of the cost
_PLAIN = re.compile(r"https?://([A-Za-z0-9.\-]*[A-Za-z0-9\-])(/[^?#\s]*)?(\?[^#\s]+)?(?:#\S*)?")

_DEFAULT_PORTS = {"http": "80", "https": "443"}


def canonical_url(url: str) -> str:
    """Return the form of a URL that all its spellings share.

    `http` and `https` are one, the host is in lower case and in its ASCII form, the default port, the
    fragment and one slash at the end of the path go; what has no scheme is taken for `http`. Path and
    query stay as they are, since case and order matter to some servers. What is no URL stays as it is.

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
    """Return what `canonical_url` does, for any URL."""
    try:
        parts = urlsplit(url if "://" in url or url.startswith("//") else f"//{url}")
    except ValueError:  # half an IPv6 address
        return url
    scheme = parts.scheme or "http"
    user, at, _ = parts.netloc.rpartition("@")
    name, port = _host_and_port(parts.netloc)
    if port and port != _DEFAULT_PORTS.get(scheme):
        name += f":{port}"
    path = parts.path.removesuffix("/")
    query = f"?{parts.query}" if parts.query else ""
    start = "//" if scheme in _DEFAULT_PORTS else f"{scheme}://"
    return f"{start}{user}{at}{name}{path}{query}"


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
    place = netloc.rpartition("@")[2]
    if place.startswith("["):  # IPv6
        name, _, rest = place.partition("]")
        return f"{name.lower()}]", rest.removeprefix(":")
    name, _, port = place.partition(":")
    return _ascii(name.rstrip(".")), port


def _ascii(name: str) -> str:
    name = name.lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:  # a label of more than 63 letters
        return name
