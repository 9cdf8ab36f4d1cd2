"""Public IP addresses, but not versions, section numbers and object identifiers of the same form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from udfs.pii.four_numbers import is_address
from udfs.pii.ip_ranges import is_public_v4, is_public_v6
from udfs.pii.spans import Span, pick

KIND = "ip_addresses"
# FineWeb's authors drew these at random and found that none of them answered
IP_ADDRESSES = (
    "22.214.171.124",
    "126.96.36.199",
    "188.8.131.52",
    "184.108.40.206",
    "220.127.116.11",
    "18.104.22.168",
)
IPV6_ADDRESSES = tuple(
    f"2001:db8::{number:x}" for number in range(1, 7)
)  # for documentation: RFC 3849

# `re` is fast where a pattern begins with one character
_MIDDLE = re.compile(r"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]")
_NUMBER = r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_ADDRESS = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?![0-9]|\.[0-9])")
_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:")
_V6 = re.compile(r"[23][0-9A-Fa-f]{3}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z_:]|\.[0-9])")
_PREFIX = re.compile(r"/([0-9]{1,3})(?![0-9])")


def spans(text: str) -> Iterator[Span]:
    """Yield the public IP addresses of a text.

    Addresses of private, multicast and documentation ranges, networks (`8.8.8.0/24`), numbers that the
    text around them shows to be no addresses, and replacements are not yielded.
    """
    yield from _v4(text)
    if ":" in text:
        yield from _v6(text)


def _v4(text: str) -> Iterator[Span]:
    for middle in _MIDDLE.finditer(text):
        start = _start_of_number(text, middle.start())
        match = _ADDRESS.match(text, start)
        if match is None or match[0] in IP_ADDRESSES or text[start - 1 : start] == ".":
            continue
        numbers = (int(match[1]), int(match[2]), int(match[3]), int(match[4]))
        if not is_public_v4(numbers) or _is_network(text, match.end(), 32, numbers[3]):
            continue
        if is_address(text, start, match.end(), numbers):
            yield Span(start, match.end(), KIND, pick(IP_ADDRESSES, match[0]))


def _start_of_number(text: str, end: int) -> int:
    start = end
    while start > 0 and end - start < 4 and "0" <= text[start - 1] <= "9":
        start -= 1
    return start


def _v6(text: str) -> Iterator[Span]:
    """Yield IPv6 addresses.

    `a::b` is a name in C++ and `12:30:45` a time, so an address begins with a whole number of 2000::/3.
    """
    last = 0
    for colons in _COLONS.finditer(text):
        start = colons.start() - 4
        match = _V6.match(text, start) if start >= last else None
        if match is None or re.match("[0-9A-Za-z_:]", text[start - 1 : start]):
            continue
        last = match.end()
        if is_public_v6(match[0]) and not (
            match[0].endswith("::") and text[last : last + 1] == "/"
        ):
            yield Span(start, last, KIND, pick(IPV6_ADDRESSES, match[0].lower()))


def _is_network(text: str, end: int, bits: int, last: int) -> bool:
    """Return whether a prefix length follows that leaves the last number free, as `8.8.8.0/24`."""
    prefix = _PREFIX.match(text, end)
    return bool(prefix) and last == 0 and int(prefix[1]) < bits if prefix else False
