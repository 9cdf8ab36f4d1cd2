"""Canonical hosts: names in the ASCII form of IDNA 2008, and IP addresses in their shortest form."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote

import idna

_LONGEST = 1000  # characters; a name has at most 253, and punycode takes quadratic time
_FORBIDDEN = re.compile(r"[\s\x00-\x20/\\?#@:\[\]%<>^|]")


def host_and_port(netloc: str) -> tuple[str, str]:
    """Return the canonical host and the port of a URL's `netloc`; "" for no port."""
    address = netloc.rpartition("@")[2]
    if address.startswith("["):
        name, _, rest = address.partition("]")
        return _ipv6(name[1:]), rest.removeprefix(":")
    name, _, port = address.partition(":")
    return ascii_name(name), port


def ascii_name(name: str) -> str:
    """Return the ASCII form of a host name: UTS 46 without transitional mappings, as browsers have it.

    ``ß``, ``ς`` and the joiners are letters of their own, as in IDNA 2008. A name that UTS 46 does not allow
    changes only in the case of its ASCII letters. Labels are not checked further: hosts with emojis and
    underscores exist.

    >>> ascii_name("Straße.DE."), ascii_name("βόλος.com")
    ('xn--strae-oqa.de', 'xn--nxasmm1c.com')
    """
    if name.isascii() and "%" not in name:
        return name.lower().rstrip(".")
    unchanged = re.sub("[A-Z]+", lambda letters: letters[0].lower(), name).rstrip(".")
    if len(name) > _LONGEST:
        return unchanged
    decoded = unquote(name, errors="surrogateescape")
    try:
        mapped = idna.uts46_remap(decoded, std3_rules=False, transitional=False)
        labels = [_a_label(label) for label in mapped.rstrip(".").split(".")]
    except UnicodeError:  # of idna, too
        return unchanged
    converted = ".".join(labels)
    return unchanged if _FORBIDDEN.search(converted) else converted


def _a_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def unicode_name(name: str) -> str:
    """Return a host name with its labels `xn--...` as letters; one that is no punycode stays as it is.

    >>> unicode_name("xn--strae-oqa.de")
    'straße.de'
    """
    return ".".join(_u_label(label) for label in name.split("."))


def _u_label(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _LONGEST:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _ipv6(text: str) -> str:
    try:
        return f"[{ipaddress.IPv6Address(text).compressed}]"
    except ValueError:
        return f"[{text.lower()}]"
