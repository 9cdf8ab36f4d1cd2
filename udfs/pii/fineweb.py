"""FineWeb's way to replace e-mail and IP addresses, to the byte.

The rule is that of datatrove's `PIIFormatter`, versions 0.3.0 to 0.10.1, with which FineWeb is made (Penedo
et al. 2024, https://huggingface.co/datasets/HuggingFaceFW/fineweb): ASCII addresses, any four numbers up to
255 that `ipaddress` calls global, and replacements in turn. FineWeb's first release (version 0.2.0) kept
addresses with capital letters. Here the turn begins again with each text, as with a new formatter, for a
result must not depend on the texts before. The time is linear.
"""

from __future__ import annotations

import functools
import ipaddress
import itertools
import re
import string
from collections.abc import Iterator

from udfs.pii import emails, ip_addresses
from udfs.pii.spans import Span

_ATOM = string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-"
_FIRST = re.compile(rf"\b[{re.escape(_ATOM)}]")
_BYTE = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})"
_ALNUM = "[A-Za-z0-9]"
_LABEL = f"{_ALNUM}(?:[A-Za-z0-9-]*{_ALNUM})?"
_DOMAIN = re.compile(
    rf"(?:{_LABEL}\.)+{_LABEL}|\[(?:{_BYTE}\.){{3}}(?:{_BYTE}|[A-Za-z0-9-]*{_ALNUM}:)\]"
)
_NUMBERS = re.compile("[0-9][0-9.]{6,}")  # all that an address can be part of
_ADDRESS = re.compile(rf"(?:{_BYTE}\.){{3}}{_BYTE}")


def email_spans(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses of a text."""
    replacements = itertools.cycle(emails.EMAILS)
    end = first = 0  # where the last address ended, and where the next one may begin
    sign = text.find("@")
    while sign >= 0:
        domain = _DOMAIN.match(text, sign + 1)
        start = _start(text, max(end, first), sign) if domain else -1
        first = sign + 1
        if domain and start >= 0:
            end = domain.end()
            yield Span(start, end, emails.KIND, next(replacements))
        sign = text.find("@", max(first, end))


def ip_spans(text: str) -> Iterator[Span]:
    """Yield the global IPv4 addresses of a text."""
    replacements = itertools.cycle(ip_addresses.IP_ADDRESSES)
    for run in _NUMBERS.finditer(text):
        for address in _ADDRESS.finditer(text, *run.span()):
            if _is_global(address[0]):
                yield Span(*address.span(), ip_addresses.KIND, next(replacements))


def _start(text: str, first: int, sign: int) -> int:
    """Return where the local part before an at sign begins; -1 if there is none.

    It is atoms with single dots between them, and begins at the boundary of a word.
    """
    before = text[first:sign]
    run = len(before) - len(before.rstrip(_ATOM + "."))
    local = before[len(before) - run :]
    if not local or local[-1] == ".":
        return -1
    begin = sign - len(local.rpartition("..")[2])
    match = _FIRST.search(text, begin, sign)
    return match.start() if match else -1


@functools.lru_cache(maxsize=10_000)
def _is_global(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
