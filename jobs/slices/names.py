"""Names of documents that have none of their own, and the domains of URLs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import urlparse

# nearly all URLs: this gives the same as `urlparse` in a tenth of the time
_PLAIN = re.compile(r"https?://([A-Za-z0-9.\-:@%_~]*)(?:[/?#]|\Z)")


def hashed_name(
    uri: str, offset: int | None, url: str | None = None, date: str | None = None
) -> str:
    """Return a name for a record that has none, the same for each reading and each copy of its file."""
    [name] = hashed_names(uri, [offset], [url], [date])
    return name


def hashed_names(
    uri: str,
    offsets: Iterable[int | None],
    urls: Iterable[str | None],
    dates: Iterable[str | None],
) -> list[str]:
    """Return `hashed_name` of each record of a file."""
    file = uri.rpartition("/")[2]
    # the common beginning is hashed once
    start = blake2b(f"{file}\n".encode("utf-8", "replace"), digest_size=16).copy
    names = []
    for offset, url, date in zip(offsets, urls, dates, strict=True):
        name = start()
        name.update(f"{offset}\n{url or ''}\n{date or ''}".encode("utf-8", "replace"))
        names.append(name.hexdigest())
    return names


def domain(url: str) -> str | None:
    """Return host and port of a URL as CCNet does (`urlparse(url).netloc`); None for a bad URL."""
    plain = _PLAIN.match(url)
    if plain:
        return plain[1]
    try:
        return urlparse(url).netloc
    except ValueError:
        return None
