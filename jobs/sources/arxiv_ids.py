"""arXiv identifiers of papers, read from the names of their files."""

from __future__ import annotations

import re

_SUFFIXES = re.compile(r"\.(?:tar\.gz|tgz|gz|tar|tex|ltx|latex|pdf|ps|html?)$", re.IGNORECASE)
_VERSION = re.compile(r"(?<=\d)v[1-9][0-9]?$")
# an archive, which may have a subject class, and a number without the slash between them
_PLAIN = re.compile(r"([a-zA-Z-]*(?:\.[A-Z]{2})?)([\d.]+)")
_NEW = r"[0-9]{4}\.[0-9]{4,5}"
_ARCHIVE = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?"
_ID = re.compile(rf"(?:{_NEW}|{_ARCHIVE}/?[0-9]{{7}})(?:v[1-9][0-9]?)?")
_NUMBER = re.compile(r"[0-9]{7}(?:v[1-9][0-9]?)?")
_MONTH = re.compile(r"(?:^|/)([0-9]{2}(?:0[1-9]|1[0-2]))")


def stem(path: str) -> str:
    """Return the last part of a path without the suffix of an e-print."""
    return _SUFFIXES.sub("", path.rstrip("/").rpartition("/")[2])


def formatted(name: str) -> str:
    """Return an id as arXiv writes it (RedPajama-V1's rule, and subject classes as well).

    >>> formatted("hep-th9901001"), formatted("math.GT0309136"), formatted("1911.02782")
    ('hep-th/9901001', 'math.GT/0309136', '1911.02782')

    Raises
    ------
    ValueError
        The name does not consist of an archive's name and digits.
    """
    match = _PLAIN.fullmatch(name)
    if not match:
        raise ValueError(f"{name!r} is no arXiv id")
    return "/".join(filter(None, match.groups()))


def is_id(name: str) -> bool:
    """Return whether a name is an arXiv id; the slash of old ids may be missing."""
    return _ID.fullmatch(name) is not None


def paper_id(path: str) -> str:
    """Return the id of the paper that a path names, without its version.

    The id is the last part of the path that is one (`1707.08043/main.tex`, `hep-th/9901001.gz`),
    or else the stem of the file's name.
    """
    parts = path.rstrip("/").split("/")
    names = [stem(path), *reversed(parts[:-1])]
    for name, above in zip(names, [*names[1:], ""], strict=True):
        if is_id(name):
            return formatted(_VERSION.sub("", name))
        if _NUMBER.fullmatch(name) and re.fullmatch(_ARCHIVE, above):
            return f"{above}/{_VERSION.sub('', name)}"
    return names[0]


def month(arxiv_id: str) -> str | None:
    """Return the month in an id as `yymm`, or None if the id has none."""
    match = _MONTH.search(arxiv_id) if is_id(arxiv_id) else None
    return match and match[1]


def iso_month(yymm: str) -> str:
    """Return a month such as `1911` as `2019-11`; arXiv began in 1991."""
    century = 19 if int(yymm[:2]) >= 91 else 20
    return f"{century}{yymm[:2]}-{yymm[2:]}"
