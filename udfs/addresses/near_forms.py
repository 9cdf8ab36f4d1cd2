"""Addresses that nearly match: another scheme, port, case, `www`, percent encoding or form of IDNA."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from udfs.addresses.hash_set import HashSet
from udfs.addresses.hosts import unicode_name
from udfs.addresses.urls import canonical_url, domains, host, netloc_of

_WWW = re.compile(r"www\d*\.(?=[^.]+\.)")
# letters that IDNA 2003 replaced or removed, and IDNA 2008 keeps
_OF_IDNA_2003 = str.maketrans({"ß": "ss", "ς": "σ", "\u200c": None, "\u200d": None})
_AUTHORITY = re.compile(r"(?:[a-z0-9+.\-]+:)?//([^/?]*)(.*)", re.DOTALL | re.IGNORECASE)


def near_host(name: str) -> str:
    """Return a form that similar hosts share.

    >>> near_host("www.xn--strae-oqa.de") == near_host("strasse.de")
    True
    """
    plain = unicode_name(name).translate(_OF_IDNA_2003).casefold()
    return _WWW.sub("", plain, count=1)


def near_url(url: str) -> str:
    """Return a form that similar URLs share.

    >>> near_url("ftp://www.example.org:21/A%2Fb/")
    'example.org/a/b'
    """
    parts = _AUTHORITY.fullmatch(canonical_url(url))
    if parts is None:
        return url
    rest = parts[2].replace("+", " ")
    if "%" in rest:
        rest = unquote(rest)
    path, mark, query = rest.casefold().partition("?")
    return f"{near_host(host(parts[1]))}{path.rstrip('/')}{mark}{query}"


class NearForms:
    """The similar forms of the addresses that a takedown names.

    Parameters
    ----------
    entries
        Kinds and canonical values, as `udfs.addresses.takedown_keys.requested` returns them.
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._set = HashSet(form for kind, value in entries for form in _forms(kind, value))
        self._of_host = functools.lru_cache(maxsize=10_000)(self._form_of_host)

    def __len__(self) -> int:
        return len(self._set)

    def of(
        self, urls: Sequence[str | None], source_domains: Sequence[str | None]
    ) -> list[str | None]:
        """Return the form that each document shares with an entry; None for none."""
        pages = [f"url {near_url(url)}" if url else "" for url in urls]
        return [
            page if is_near else self._of_host(netloc_of(netloc, url))
            for page, is_near, netloc, url in zip(
                pages, self._set.holds(pages), source_domains, urls, strict=True
            )
        ]

    def _form_of_host(self, netloc: str) -> str | None:
        name = near_host(host(netloc))
        forms = [f"host {name}", *(f"domain {domain}" for domain in domains(name))]
        near = (
            form for form, is_near in zip(forms, self._set.holds(forms), strict=True) if is_near
        )
        return next(near, None)


def _forms(kind: str, value: str) -> Iterator[str]:
    if kind == "url":
        yield f"url {near_url(value)}"
    elif kind == "domain":
        # of www.example.org only example.org is similar, and not all that is below it
        yield f"{'host' if _WWW.match(value) else 'domain'} {near_host(value)}"
