"""Block lists: domains and URLs whose pages are dropped.

An entry is a domain, which stands for all that is below it, or a URL, which stands for its page and for
all below its path, as in the lists of the University of Toulouse (UT1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from udfs.addresses.hash_set import HashSet
from udfs.addresses.takedown_keys import canonical
from udfs.addresses.urls import canonical_url, domains, host, netloc_of


def parse(lines: Iterable[str]) -> Iterator[str | None]:
    """Yield the entry of each line in the form that `Blocklist` takes; None for an invalid line.

    A line is a domain, or a URL with or without its scheme; empty lines and those that begin with `#`
    are skipped.

    >>> list(parse(["# mine", "*.Example.org", "http://example.com/a/"]))
    ['example.org', '//example.com/a']
    """
    for line in lines:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        rest = line.partition("://")[2] or line
        name, _, path = rest.partition("/")
        try:
            yield canonical_url(line) if path else canonical("domain", name)
        except ValueError:
            yield None


class Blocklist:
    """A block list.

    Parameters
    ----------
    entries
        As `parse` yields them.
    """

    def __init__(self, entries: HashSet) -> None:
        self._entries = entries
        self._holds_host = lru_cache(maxsize=10_000)(self._has_host)

    def blocks(
        self, urls: Sequence[str | None], source_domains: Sequence[str | None]
    ) -> list[bool]:
        """Return which documents are on the list.

        Parameters
        ----------
        source_domains
            Hosts, as `source_domain` of documents/; without one, the host of the URL counts.
        """
        blocked = [
            self._holds_host(netloc_of(netloc, url))
            for netloc, url in zip(source_domains, urls, strict=True)
        ]
        unblocked = [i for i, is_blocked in enumerate(blocked) if not is_blocked and urls[i]]
        paths = [_with_parents(canonical_url(urls[i] or "")) for i in unblocked]
        held = self._entries.holds([path for parents in paths for path in parents])
        starts = np.cumsum([0, *map(len, paths)])
        for i, start, end in zip(unblocked, starts, starts[1:], strict=False):
            blocked[i] = bool(held[start:end].any())
        return blocked

    def _has_host(self, netloc: str) -> bool:
        names = [domain for domain in domains(host(netloc)) if domain]
        return bool(self._entries.holds(names).any())


def _with_parents(url: str) -> list[str]:
    """Return a URL, the URL without its query, and the URL of each parent of its path."""
    path = url.partition("?")[0]
    start = path.find("/", 2)
    urls = [url]
    while start > 0:
        if path != urls[-1]:
            urls.append(path)
        end = path.rfind("/")
        if end <= start:
            break
        path = path[:end]
    return urls
