"""What arXiv calls its papers, and what their files are called."""

from __future__ import annotations

import re

_SUFFIXES = re.compile(r"\.(?:tar\.gz|tgz|gz|tar|tex|ltx|latex|pdf|ps|html?)$", re.IGNORECASE)
_VERSION = re.compile(r"(?<=\d)v[1-9][0-9]?$")
# RedPajama-V1's, of an archive and a number without the slash between them
_PLAIN = re.compile(r"([a-zA-Z-]*)([\d.]+)")
_NEW = r"[0-9]{4}\.[0-9]{4,5}"
_ARCHIVE = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?"
_ID = re.compile(rf"(?:{_NEW}|{_ARCHIVE}/?[0-9]{{7}})(?:v[1-9][0-9]?)?")
_NUMBER = re.compile(r"[0-9]{7}(?:v[1-9][0-9]?)?")
_MONTH = re.compile(r"(?:^|/)([0-9]{2}(?:0[1-9]|1[0-2]))")


def stem(path: str) -> str:
    """Return the last part of a path without the suffixes that e-prints have."""
    return _SUFFIXES.sub("", path.rstrip("/").rpartition("/")[2])


def formatted(name: str) -> str:
    """Return an id as arXiv writes it: `hep-th9901001` is `hep-th/9901001` (RedPajama-V1's rule).

    Raises
    ------
    ValueError
        The name is not letters and then digits.
    """
    found = _PLAIN.fullmatch(name)
    if not found:
        raise ValueError(f"{name!r} is no arXiv id")
    return "/".join(filter(None, found.groups()))


def is_id(name: str) -> bool:
    """Tell whether a name is an arXiv id, with or without the slash of the old ones."""
    return _ID.fullmatch(name) is not None


def paper_id(path: str) -> str:
    """Return the id of the paper that a path names, without a version.

    It is the nearest part of the path that is an id (`1707.08043/main.tex`, `hep-th/9901001.gz`),
    else the stem of the file's name.
    """
    parts = path.rstrip("/").split("/")
    names = [stem(path), *reversed(parts[:-1])]
    for name, above in zip(names, [*names[1:], ""], strict=True):
        if is_id(name):
            name = _VERSION.sub("", name)
            return name if "/" in name else formatted_or(name)
        if _NUMBER.fullmatch(name) and re.fullmatch(_ARCHIVE, above):
            return f"{above}/{_VERSION.sub('', name)}"
    return formatted_or(names[0])


def formatted_or(name: str) -> str:
    """Return an id as arXiv writes it, or the name as it is where it is none."""
    return _with_slash(name) if is_id(name) else name


def _with_slash(name: str) -> str:
    found = re.fullmatch(rf"({_ARCHIVE})/?([0-9]{{7}})", name)
    return f"{found[1]}/{found[2]}" if found else name


def month(arxiv_id: str) -> str | None:
    """Return the month in an id as `yymm`; None where it has none."""
    found = _MONTH.search(arxiv_id) if is_id(arxiv_id) else None
    return found and found[1]


def iso_month(yymm: str) -> str:
    """Return a month as `2019-11`; arXiv began in 1991."""
    century = 19 if int(yymm[:2]) >= 91 else 20
    return f"{century}{yymm[:2]}-{yymm[2:]}"
