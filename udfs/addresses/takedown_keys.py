"""Keys of takedowns: a document's id, URL, domain or digest."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from udfs.addresses.hash_set import HashSet
from udfs.addresses.suffixes import check_site
from udfs.addresses.urls import canonical_url, domains, host, netloc_of

KINDS = ("id", "url", "domain", "digest")

# in no name of a host, but in patterns and lists, which would match nothing
_NO_HOST = re.compile(r"^[^\[]*[*,;|!\"'()<>&=+]|^\[[^\]]*[^0-9a-f:.\]]")


def canonical(kind: str, value: str) -> str:
    """Return a value as it is recorded and compared.

    Raises
    ------
    ValueError
        There is no such kind, or the value cannot name a document.

    Examples
    --------
    >>> canonical("domain", "*.Example.ORG.")
    'example.org'
    >>> canonical("digest", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    function = _CANONICAL.get(kind)
    if function is None:
        raise ValueError(f"no kind {kind!r}: the kinds are {', '.join(KINDS)}")
    recorded = function(value.strip())
    if not recorded:
        raise ValueError(f"{value!r} is no {kind}")
    return recorded


def requested(kind: str, value: str) -> str:
    """Return `canonical` for what a user asks to take down.

    Raises
    ------
    ValueError
        As for `canonical`, or a domain stands for the sites of many owners, or a URL has no host.
    """
    recorded = canonical(kind, value)
    if kind == "domain":
        check_site(recorded)
    elif kind == "url" and not _has_host(value.strip(), recorded):
        raise ValueError(f"{value!r} is no URL with a host: write it as https://HOST/PATH")
    return recorded


def _has_host(url: str, recorded: str) -> bool:
    name = host(re.split("[/?]", recorded.partition("//")[2], maxsplit=1)[0])
    is_other = re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:(?!//|\d)", url)  # mailto:, or https:/host
    return not is_other and bool(name) and not _NO_HOST.search(name)


def _digest(value: str) -> str:
    value = value.removeprefix("sha1:")
    if re.fullmatch(r"[0-9A-Fa-f]{40}", value):
        value = base64.b32encode(bytes.fromhex(value)).decode()
    return f"sha1:{value.upper()}" if re.fullmatch(r"[A-Za-z2-7]{32}", value) else ""


def _domain(value: str) -> str:
    value = value.removeprefix("*.").strip(".")
    name = "" if re.search(r"[\s/@]", value) else host(value)
    is_whole = value.startswith("[") or ":" not in value
    return "" if not is_whole or _NO_HOST.search(name) else name


def _url(value: str) -> str:
    return canonical_url(value) if value else ""


_CANONICAL: dict[str, Callable[[str], str]] = {
    "id": str,
    "url": _url,
    "domain": _domain,
    "digest": _digest,
}


def key(kind: str, value: str) -> str:
    """Return kind and canonical value as one string, the form that `Named` takes and returns."""
    return f"{kind}\t{value}"


def key_of_stored(kind: str, value: str) -> str:
    """Return `key` for an entry that any release recorded: earlier ones kept the encoding of URLs."""
    return key(kind, canonical_url(value) if kind == "url" else value)


class Named:
    """The keys of takedowns, to look documents up in.

    Parameters
    ----------
    keys
        As `key` returns them.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._kinds: set[str] = set()
        self._set = HashSet(self._noted(keys))
        self._of_host = functools.lru_cache(maxsize=10_000)(self._domains_of)

    def __len__(self) -> int:
        return len(self._set)

    def matches(
        self,
        ids: Sequence[str | None],
        urls: Sequence[str | None],
        digests: Sequence[str | None],
        source_domains: Sequence[str | None],
        messages: Sequence[Sequence[Any] | None] = (),
    ) -> list[list[str] | None]:
        """Return the keys that name each document, None for a document without any.

        Parameters
        ----------
        source_domains
            Hosts, as `source_domain` of documents/; without one, the host of the URL.
        messages
            Messages of conversations, or their ids: an id names the conversations that hold the message
            of that name too.
        """
        matched: list[list[str] | None] = [None] * len(ids)

        def add(row: int, key_: str) -> None:
            keys_of_row = matched[row]
            if keys_of_row is None:
                matched[row] = [key_]
            else:
                keys_of_row.append(key_)

        for kind, values in (("id", ids), ("digest", digests), ("url", urls)):
            if kind in self._kinds:
                rows = [i for i, value in enumerate(values) if value is not None]
                keys = [key(kind, _as_compared(kind, values[i])) for i in rows]
                for index in np.flatnonzero(self.holds(keys)):
                    add(rows[index], keys[index])
        if "id" in self._kinds:
            for i, items in enumerate(messages):
                if items is not None:
                    self._add_of_messages(i, ids[i], items, add)
        if "domain" in self._kinds:
            for i, (netloc, url) in enumerate(zip(source_domains, urls, strict=True)):
                for domain_key in self._of_host(netloc_of(netloc, url)):
                    add(i, domain_key)
        return matched

    def _add_of_messages(
        self, row: int, id_: str | None, items: Sequence[Any], add: Callable[[int, str], None]
    ) -> None:
        slice_ = (id_ or "").partition("/")[0]
        names = (item if item is None or isinstance(item, str) else item["id"] for item in items)
        named = {f"{slice_}/{name}" for name in names if name is not None} - {id_}
        keys = [key("id", name) for name in sorted(named)]
        for index in np.flatnonzero(self.holds(keys)) if keys else ():
            add(row, keys[index])

    def holds(self, keys: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return which keys are in the set."""
        return self._set.holds(keys)

    def _noted(self, keys: Iterable[str]) -> Iterator[str]:
        for key_ in keys:
            self._kinds.add(key_.partition("\t")[0])
            yield key_

    def _domains_of(self, netloc: str) -> tuple[str, ...]:
        keys = [key("domain", domain) for domain in domains(host(netloc)) if domain]
        return tuple(key_ for key_, held in zip(keys, self.holds(keys), strict=True) if held)


def _as_compared(kind: str, value: str | None) -> str:
    assert value is not None
    return canonical_url(value) if kind == "url" else value


def parse_lines(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and canonical value of each line `kind<TAB>value`; empty lines and `#` are skipped.

    Raises
    ------
    ValueError
        A line is not of this form; it names the line.
    """
    for number, line in enumerate(lines, start=1):
        line = line.rstrip("\r\n")
        if not line.strip() or line.startswith("#"):
            continue
        kind, tab, value = line.partition("\t")
        if not tab:
            raise ValueError(f"line {number}: expected kind, a tab and a value, found {line!r}")
        try:
            yield kind.strip(), requested(kind.strip(), value)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
