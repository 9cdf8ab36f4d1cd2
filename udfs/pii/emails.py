"""E-mail addresses in every script, but not what only looks like one in code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from udfs.pii.characters import AT_SIGNS, folded
from udfs.pii.email_domains import domain_end
from udfs.pii.email_local_parts import local_start
from udfs.pii.spans import Span, pick

KIND = "emails"
EMAILS = ("email@example.com", "firstname.lastname@example.org")
"""Replacements, as FineWeb has them."""

_AT_SIGN = re.compile(f"[{AT_SIGNS}]")
# users of repositories, no people: `git@host.example:project.git`
_SERVICES = frozenset(["anoncvs", "anonymous", "bzr", "cvs", "fossil", "hg", "svn"])
# labels and receivers of Kotlin: `this@MainActivity.name`
_KEYWORDS = frozenset(["break", "continue", "return", "super", "this"])
_PASSWORD = re.compile(r"://[^\s/@:]*:\S*$")  # before it: `https://user:password@host.example`
# what follows a host in the addresses of ssh, scp and rsync, and a name in a call
_PATH_OR_CALL = (":/", ":~", "::", "()")
_LONGEST_USER = 64


def spans(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses of a text.

    The local part and the domain may be in any script (RFC 6531), the at sign and the dots of any width.
    The domain ends in a name that is delegated or reserved. Yielded is neither what is no address of a
    person in code (`git@host:`, `$user@host`, `@decorator`, `package@1.2.x`, `image@2x.png`) nor a
    replacement.
    """
    if not any(sign in text for sign in AT_SIGNS):
        return
    first = 0  # where the last address ended
    for sign in _AT_SIGN.finditer(text):
        at = sign.start()
        end = domain_end(text, at + 1) if at >= first else 0
        if not end:
            continue
        start = local_start(text, at, first, text[at + 1 : end])
        if start < 0 or _is_code(text, start, at, end):
            continue
        first = end
        address = text[start:end]
        if address not in EMAILS:
            yield Span(start, end, KIND, pick(EMAILS, folded(address)))


def _is_code(text: str, start: int, at_sign: int, end: int) -> bool:
    """Return whether an address names a repository, a path on a host, a label, or what follows a password."""
    local = text[start:at_sign]
    if local == "git" or local in _KEYWORDS or text.startswith(_PATH_OR_CALL, end):
        return True
    before = text[max(0, start - _LONGEST_USER) : start]
    is_url = before.endswith("://")
    if local in _SERVICES and (is_url or before.endswith(":") or text[end : end + 1] in {":", "/"}):
        return True
    return bool(_PASSWORD.search(before))
