"""Pages as squidGuard compares them, for whose URL lists the University of Toulouse (UT1) writes."""

from __future__ import annotations

import re
from itertools import islice

from udfs.addresses.urls import canonical_url

# user, prefix, host, port, and the rest; as sgDiv.c of squidGuard strips them
_PAGE = re.compile(
    r"[^/]*//(?:[^/?@]*@)?(?:(?:www|web|ftp)\d*\.(?=[^/?:]*\.))?(\[[^\]]*\]|[^/?:]*)(?::\d*)?(.*)",
    re.DOTALL,
)
_BORDER = re.compile(r"[/?&]")
_MOST_PREFIXES = 64  # no list has longer paths; a hostile URL has thousands of segments


def page_of(url: str) -> str:
    """Return a URL as squidGuard compares it.

    It has no scheme, user and port, no `www`, `web` or `ftp` with or without digits before its host, and no
    slashes at its end; case does not matter.

    >>> page_of("http://www3.Foo.example:8080/What/ever/?a=1")
    '//foo.example/what/ever?a=1'
    """
    parts = _PAGE.fullmatch(canonical_url(url).lower())
    if parts is None:  # no address
        return url
    path, mark, query = parts[2].partition("?")
    return f"//{parts[1]}{path.rstrip('/')}{mark}{query}"


def pages_above(url: str) -> list[str]:
    """Return the pages that an entry can name to stand for a URL: its own, and those above its path.

    >>> pages_above("https://www.a.example/b/c?d=1&e=2")
    ['//a.example', '//a.example/b', '//a.example/b/c', '//a.example/b/c?d=1', '//a.example/b/c?d=1&e=2']
    """
    page = page_of(url)
    borders = (border.start() for border in _BORDER.finditer(page, 2))
    return [*(page[:border] for border in islice(borders, _MOST_PREFIXES)), page]
