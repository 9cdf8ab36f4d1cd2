"""Globs over object names, the same for files and for object stores."""

from __future__ import annotations

import re

WILDCARD = re.compile(r"[*?[]")
# names that wildcards and folders match: Hadoop hides those that start with `_` or `.`
VISIBLE = "(?![._])"
TOKEN = re.compile(r"\*+|\?|\[!?\]?[^]]*\]|.", re.DOTALL)


def is_glob(name: str) -> bool:
    """Return whether a name contains a wildcard."""
    return WILDCARD.search(name) is not None


def fixed_prefix(pattern: str) -> str:
    """Return the part of a glob before its first wildcard, by which a store can list.

    >>> fixed_prefix("data/2023-*/x")
    'data/2023-'
    """
    wildcard = WILDCARD.search(pattern)
    return pattern[: wildcard.start()] if wildcard else pattern


def glob_regex(pattern: str) -> re.Pattern[str]:
    """Compile a glob for `fullmatch` against names whose parts are separated by `/`.

    `*`, `?` and `[..]` match within one part, `**` matches any number of parts. The glob matches a
    name, or a folder that contains it. Hidden parts, which start with `_` or `.`, match only where
    the glob spells out their first character.

    >>> bool(glob_regex("2023-*").fullmatch("2023-06/a.warc.gz"))
    True
    >>> bool(glob_regex("*").fullmatch("_SUCCESS"))
    False
    """
    *folders, last = pattern.split("/")
    regex = "".join(f"(?:{VISIBLE}[^/]+/)*" if f == "**" else _part(f) + "/" for f in folders)
    regex += f"{VISIBLE}[^/]+" if last == "**" else _part(last)
    return re.compile(f"{regex}(?:/{VISIBLE}[^/]+)*")


def _part(part: str) -> str:
    visible = VISIBLE if WILDCARD.match(part) else ""
    return visible + "".join(_token(token) for token in TOKEN.findall(part))


def _token(token: str) -> str:
    if token.startswith("*"):
        return "[^/]*"
    if token == "?":
        return "[^/]"
    if len(token) > 2 and token.startswith("["):
        negated = token.startswith("[!")
        members = token[2 if negated else 1 : -1].replace("\\", r"\\").replace("[", r"\[")
        members = re.sub(r"^[\]^]", r"\\\g<0>", members)
        return f"(?!/)[{'^' if negated else ''}{members}]"
    return re.escape(token)
