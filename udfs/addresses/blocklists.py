"""Block lists: domains and URLs whose pages are dropped.

An entry is a domain, which stands for all that is below it, a host of a hosts file, which stands for itself,
or a URL, which stands for its page and for all below its path, as in the lists of the University of Toulouse
(UT1).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from udfs.addresses.hash_set import HashSet
from udfs.addresses.pages import pages_above
from udfs.addresses.urls import domains, host, netloc_of

_MOST_LABELS = 127  # of a host name (RFC 1035, section 2.3.4)


class Blocklist:
    """A block list.

    Parameters
    ----------
    entries
        As `udfs.addresses.list_lines` describes them.
    """

    def __init__(self, entries: HashSet) -> None:
        self._entries = entries
        self._judge = lru_cache(maxsize=10_000)(self._judged)

    def blocks(
        self, urls: Sequence[str | None], source_domains: Sequence[str | None]
    ) -> list[bool]:
        """Return which documents are on the list.

        Parameters
        ----------
        source_domains
            Hosts, as `source_domain` of documents/; without one, the host of the URL counts.
        """
        judgements = [
            self._judge(netloc_of(netloc, url))
            for netloc, url in zip(source_domains, urls, strict=True)
        ]
        open_ = [i for i, judgement in enumerate(judgements) if judgement is None and urls[i]]
        pages = [pages_above(urls[i] or "") for i in open_]
        listed = self._entries.holds([page for above in pages for page in above])
        starts = np.cumsum([0, *map(len, pages)])
        blocked = [bool(judgement) for judgement in judgements]
        for i, start, end in zip(open_, starts, starts[1:], strict=False):
            blocked[i] = bool(listed[start:end].any())
        return blocked

    def _judged(self, netloc: str) -> bool | None:
        """Return whether a host is blocked, or an exception; None if neither, so that URLs decide."""
        name = host(netloc)
        above = ".".join(name.split(".")[-_MOST_LABELS:])
        names = [domain for domain in domains(above) if domain]
        listed = self._entries.holds([*names, f"={name}", *(f"@@{domain}" for domain in names)])
        if listed[len(names) + 1 :].any():
            return False
        return True if listed.any() else None
