"""Replace e-mail addresses and public IPv4 addresses, as FineWeb does.

Patterns and replacements are those of FineWeb (Penedo et al. 2024,
https://huggingface.co/datasets/HuggingFaceFW/fineweb), with four differences: case does not matter; an
address always has the same replacement; five or more numbers with dots are no IP address; and the last
label of a domain begins with a letter, so that `react@18.2.0` is no address. IPv6 addresses are kept, as
in FineWeb: `a::b` is a name in C++, and `12:30:45` a time.
"""

from __future__ import annotations

import ipaddress
import re
import string
import zlib

EMAILS = ("email@example.com", "firstname.lastname@example.org")
# FineWeb's authors drew these at random and found that none of them answered
IP_ADDRESSES = (
    "22.214.171.124",
    "126.96.36.199",
    "188.8.131.52",
    "184.108.40.206",
    "220.127.116.11",
    "18.104.22.168",
)

_LOCAL = string.ascii_letters + string.digits + ".!#$%&'*+/=?^_`{|}~-"
# characters of a local part that cannot be its first
_NO_START = _LOCAL.translate(str.maketrans("", "", string.ascii_letters + string.digits + "_"))
# longer ones are invalid (RFC 5321, section 4.5.3.1)
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 255
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_TOP = r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
# an address literal; text after it must not continue the domain of its replacement
_LITERAL = rf"\[(?:{_BYTE}\.){{3}}{_BYTE}\](?![A-Za-z0-9-]|\.[A-Za-z0-9])"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_TOP}|{_LITERAL}", re.ASCII)
_NUMBERS = re.compile(r"[0-9][0-9.]{6,}")  # `re` is fast where a pattern starts with a set
_IP_ADDRESS = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}(?!\d|\.\d)", re.ASCII)


def replace(text: str) -> tuple[str, int, int]:
    """Return a text with its addresses replaced, and the counts of e-mail and IP addresses.

    Replacements are not addresses: a second call returns the text unchanged, with counts of 0.

    >>> replace("jane.roe@uni.example, 8.8.8.8, 192.168.0.1")
    ('email@example.com, 126.96.36.199, 192.168.0.1', 1, 1)
    """
    redacted, emails = _without_emails(text) if "@" in text else (text, 0)
    ip_addresses = 0

    def replacement(match: re.Match[str]) -> str:
        nonlocal ip_addresses
        numbers, start = match[0], match.start()
        address = _IP_ADDRESS.match(numbers)
        if address is None or address[0] in IP_ADDRESSES or redacted[start - 1 : start] == ".":
            return numbers
        if not _is_public(address[0]):
            return numbers
        ip_addresses += 1
        return _pick(IP_ADDRESSES, address[0]) + numbers[address.end() :]

    return _NUMBERS.sub(replacement, redacted), emails, ip_addresses


def _without_emails(text: str) -> tuple[str, int]:
    """Return a text with its e-mail addresses replaced, and their count."""
    parts: list[str] = []
    copied = last_end = emails = 0  # ends of the copied text, and of the last "@" or address
    after_address = False  # whether an address ends at `last_end`
    at_sign = text.find("@")
    while at_sign >= 0:
        domain = _DOMAIN.match(text, at_sign + 1)
        local = _local_part(text[last_end:at_sign]) if domain else ""
        start = at_sign - len(local)
        # `a@b@c` holds no address; nor is there one next to another, whose replacement it would join
        joined = (after_address and not text[last_end:start].strip(".-")) or (
            domain and text.startswith("@", domain.end())
        )
        after_address = bool(domain and local and len(domain[0]) <= _LONGEST_DOMAIN and not joined)
        last_end = at_sign + 1
        if domain and after_address:
            last_end = domain.end()
            address = f"{local}@{domain[0]}"
            if address not in EMAILS:
                parts += [text[copied:start], _pick(EMAILS, address.lower())]
                copied = last_end
                emails += 1
        at_sign = text.find("@", at_sign + 1)
    return ("".join([*parts, text[copied:]]), emails) if emails else (text, 0)


def _local_part(before: str) -> str:
    """Return the local part of an address, given the text before its at sign; empty if invalid."""
    local = before[len(before.rstrip(_LOCAL)) :]
    if local.endswith("."):
        return ""
    local = local.rpartition("..")[2].lstrip(_NO_START)
    return local if len(local) <= _LONGEST_LOCAL else ""


def _is_public(address: str) -> bool:
    try:
        return ipaddress.IPv4Address(address).is_global
    except ValueError:  # a number with a leading zero
        return False


def _pick(replacements: tuple[str, ...], address: str) -> str:
    """Return the replacement of an address, which is always the same."""
    return replacements[zlib.crc32(address.encode()) % len(replacements)]
