"""Block lists of the University of Toulouse (UT1): the categories of a domain."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import chain, combinations
from pathlib import Path

import numpy as np

from udfs.quality_signals.arrays import offsets

UT1_CATEGORIES = (
    "adult",
    "agressif",
    "agressive",
    "arjel",
    "chat",
    "dating",
    "ddos",
    "filehosting",
    "gambling",
    "mixed_adult",
    "phishing",
    "porn",
    "violence",
)


def ut1_category_ids() -> dict[tuple[str, ...], int]:
    """Return the number in V2 of each set of UT1 categories: 8,191 sorted sets, smaller ones first."""
    sizes = range(1, len(UT1_CATEGORIES) + 1)
    sets = chain.from_iterable(combinations(UT1_CATEGORIES, size) for size in sizes)
    return {categories: number for number, categories in enumerate(sets)}


class BlockedDomains:
    """Numbers of domains' sets of categories.

    A dict of UT1's several million domains would take most of a gigabyte in every worker. Here they
    are one sorted run of bytes, some 30 bytes a domain, and are found by bisection.

    Parameters
    ----------
    lists
        The lists by category.
    """

    def __init__(self, lists: Mapping[str, Path]) -> None:
        sets: dict[bytes, int] = {}
        for category, path in lists.items():
            bit = 1 << UT1_CATEGORIES.index(category)
            with path.open("rb") as lines:
                for line in lines:
                    domain = line.strip()
                    sets[domain] = sets.get(domain, 0) | bit
        sets.pop(b"", None)
        domains = sorted(sets)
        self._bounds = offsets(np.fromiter(map(len, domains), np.int64, len(domains)))
        self._data = b"".join(domains)
        self._sets = np.fromiter(map(sets.__getitem__, domains), np.int16, len(domains))
        self._ids = {
            sum(1 << UT1_CATEGORIES.index(name) for name in names): number
            for names, number in ut1_category_ids().items()
        }

    def __len__(self) -> int:
        return len(self._sets)

    def _domain(self, i: int) -> bytes:
        return self._data[self._bounds[i] : self._bounds[i + 1]]

    def get(self, domain: str | None) -> int | None:
        """Return the number of a domain's set of categories; None for a domain in no list."""
        if not domain:
            return None
        wanted = domain.encode("utf-8", "replace")
        i = bisect_left(range(len(self)), wanted, key=self._domain)
        if i == len(self) or self._domain(i) != wanted:
            return None
        return self._ids[int(self._sets[i])]


def find_lists(folder: Path) -> dict[str, Path]:
    """Return the lists in a folder, laid out as they are fetched or as in the published archive."""
    parents = (folder / "ut1", folder / "ut1" / "blacklists", folder / "blacklists")
    lists: dict[str, Path] = {}
    for category in UT1_CATEGORIES:
        for parent in parents:
            if (parent / category / "domains").is_file():
                lists.setdefault(category, parent / category / "domains")
    return lists
