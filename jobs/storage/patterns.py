"""Globs over the names of objects, the same for files and for object stores."""

from __future__ import annotations

import re

WILDCARD = re.compile(r"[*?[]")
# a name that a wildcard or a folder may stand for: Hadoop hides what starts with `_` or `.`
VISIBLE = "(?![._])"
TOKEN = re.compile(r"\*+|\?|\[!?\]?[^]]*\]|.", re.DOTALL)


def is_glob(name: str) -> bool:
    return WILDCARD.search(name) is not None


def fixed_prefix(pattern: str) -> str:
    """Return what comes before the first wildcard, which a store can be asked for."""
    wildcard = WILDCARD.search(pattern)
    return pattern[: wildcard.start()] if wildcard else pattern


def glob_regex(pattern: str) -> re.Pattern[str]:
    """Compile a glob for `fullmatch` against whole names with `/` between their parts.

    `*`, `?` and `[..]` stay within one part, `**` stands for any number of parts. A match may be
    the name itself or a folder that the name is in. Hidden parts, which start with `_` or `.`,
    match only where the pattern spells their first character.
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
