"""Block lists: domains and URLs whose pages stay out.

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
    """Yield each line's entry as `Blocklist` has it; None for a line that names nothing.

    A line is a domain, or a URL with or without its scheme; empty lines and those that begin with `#`
    are left out.

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
    """The entries of a list.

    Parameters
    ----------
    entries
        As `parse` gives them.
    """

    def __init__(self, entries: HashSet) -> None:
        self._entries = entries
        self._holds_host = lru_cache(maxsize=10_000)(self._has_host)

    def blocks(
        self, urls: Sequence[str | None], source_domains: Sequence[str | None]
    ) -> list[bool]:
        """Tell which documents are on the list.

        Parameters
        ----------
        source_domains
            Hosts, as `source_domain` of documents/; where there is none, that of the URL counts.
        """
        found = [
            self._holds_host(netloc_of(netloc, url))
            for netloc, url in zip(source_domains, urls, strict=True)
        ]
        left = [i for i, is_found in enumerate(found) if not is_found and urls[i]]
        paths = [_with_parents(canonical_url(urls[i] or "")) for i in left]
        held = self._entries.holds([each for some in paths for each in some])
        starts = np.cumsum([0, *map(len, paths)])
        for i, start, end in zip(left, starts, starts[1:], strict=False):
            found[i] = bool(held[start:end].any())
        return found

    def _has_host(self, netloc: str) -> bool:
        names = [each for each in domains(host(netloc)) if each]
        return bool(self._entries.holds(names).any())


def _with_parents(url: str) -> list[str]:
    """A URL, without its query, and without each last part of its path."""
    path = url.partition("?")[0]
    start = path.find("/", 2)
    found = [url]
    while start > 0:
        if path != found[-1]:
            found.append(path)
        end = path.rfind("/")
        if end <= start:
            break
        path = path[:end]
    return found
