"""What a takedown names: a document by its id, its address, its domain or its digest."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from udfs.addresses.hash_set import HashSet
from udfs.addresses.urls import canonical_url, domains, host, netloc_of

KINDS = ("id", "url", "domain", "digest")


def canonical(kind: str, value: str) -> str:
    """Return a value as it is recorded and compared.

    Raises
    ------
    ValueError
        The kind is none, or the value cannot name a document.

    Examples
    --------
    >>> canonical("domain", "*.Example.ORG.")
    'example.org'
    >>> canonical("digest", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    made = _CANONICAL.get(kind)
    if made is None:
        raise ValueError(f"no kind {kind!r}: the kinds are {', '.join(KINDS)}")
    found = made(value.strip())
    if not found:
        raise ValueError(f"{value!r} is no {kind}")
    return found


def _digest(value: str) -> str:
    value = value.removeprefix("sha1:")
    if re.fullmatch(r"[0-9A-Fa-f]{40}", value):
        value = base64.b32encode(bytes.fromhex(value)).decode()
    return f"sha1:{value.upper()}" if re.fullmatch(r"[A-Za-z2-7]{32}", value) else ""


def _domain(value: str) -> str:
    value = value.removeprefix("*").strip(".")
    return "" if re.search(r"[\s/@:]", value) else host(value)


def _url(value: str) -> str:
    return canonical_url(value) if value else ""


_CANONICAL: dict[str, Callable[[str], str]] = {
    "id": str,
    "url": _url,
    "domain": _domain,
    "digest": _digest,
}


def key(kind: str, value: str) -> str:
    """Return a canonical value with its kind, as `Named` has it and tells it."""
    return f"{kind}\t{value}"


class Named:
    """A set of what takedowns name.

    Parameters
    ----------
    keys
        As `key` makes them.
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
    ) -> list[list[str] | None]:
        """Return for each document the keys that name it, None where there are none.

        Parameters
        ----------
        source_domains
            Hosts, as `source_domain` of documents/; where there is none, that of the URL.
        """
        found: list[list[str] | None] = [None] * len(ids)

        def add(place: int, what: str) -> None:
            now = found[place]
            if now is None:
                found[place] = [what]
            else:
                now.append(what)

        for kind, values in (("id", ids), ("digest", digests), ("url", urls)):
            if kind in self._kinds:
                there = [i for i, value in enumerate(values) if value is not None]
                keys = [key(kind, _as_compared(kind, values[i])) for i in there]
                for at in np.flatnonzero(self.holds(keys)):
                    add(there[at], keys[at])
        if "domain" in self._kinds:
            for i, (netloc, url) in enumerate(zip(source_domains, urls, strict=True)):
                for each in self._of_host(netloc_of(netloc, url)):
                    add(i, each)
        return found

    def holds(self, keys: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Tell which of some keys are in the set."""
        return self._set.holds(keys)

    def _noted(self, keys: Iterable[str]) -> Iterator[str]:
        for each in keys:
            self._kinds.add(each.partition("\t")[0])
            yield each

    def _domains_of(self, netloc: str) -> tuple[str, ...]:
        keys = [key("domain", each) for each in domains(host(netloc)) if each]
        return tuple(each for each, held in zip(keys, self.holds(keys), strict=True) if held)


def _as_compared(kind: str, value: str | None) -> str:
    assert value is not None
    return canonical_url(value) if kind == "url" else value


def parse_lines(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and canonical value of each line `kind<TAB>value`; empty lines and `#` are left out.

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
            yield kind.strip(), canonical(kind.strip(), value)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
