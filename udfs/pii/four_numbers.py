"""Tell IP addresses from other four numbers with dots: versions, sections, identifiers, amounts."""

from __future__ import annotations

import re

from udfs.pii.cues import last_cue

Numbers = tuple[int, int, int, int]

_WINDOW, _NEAR = 64, 24  # characters before the numbers
_LOW, _LOW_SECTION = 40, 99  # numbers of versions and sections are rarely higher
_WORD_BEFORE = re.compile(r"([A-Za-z]\w*)[-_]?$", re.ASCII)
_NAMES_HOSTS = re.compile(
    r"(?:ip|ip4|ipv4|addr|address|host|server|node|client|peer|src|dst|dns|ns|from|ping|ssh|curl)$",
    re.I,
)
# `Chrome/1.2.3.4`, but not `https://host/1.2.3.4`
_PRODUCT = re.compile(r"(?:^|[\s(\[\"';,])[A-Za-z][\w+-]*/$")
_REQUIREMENT = re.compile(r"(?:[=<>~^!]=|~>|[~^])\s?$")
_ASSIGNED_HOST = re.compile(
    r"(?:ip|addr|address|host|server|src|dst|client|peer)\W{0,3}==\s?[\"']?$", re.I
)
_FILE = re.compile(
    r"\.(?:tar|t?gz|tgz|zip|jar|war|whl|egg|exe|dll|msi|rpm|deb|dmg|so|nupkg|apk|pkg|iso|bin|patch|diff|pdf|"
    r"x|rc\d*|dev\d*|post\d*|beta|alpha|final|release|ga|sp\d)\b|\.\*",
    re.I,
)
_SUFFIX = re.compile(r"[A-Za-z_]|-[A-Za-z]|\+[A-Za-z]|[节節条條款項项章版절항조장]")
_REVISION = re.compile(r"-\d{1,2}(?![\d.])")  # of Debian's packages: `1.2.6.2-1`
# where a line begins, after white space and marks of lists and headings
_LINE_START = re.compile(r"(?:^|\n)[^\w\n]*$")
_TITLE = re.compile(r"[.)][ \t\u00a0\u3000]+[^\s\d]|[ \t\u00a0\u3000]+[\"'“”„«»‘「『(]?([^\W\d_])")
_VERSION_MARK = re.compile(r"\b[vV]\.? ?$", re.ASCII)
_IDENTIFIERS = (
    (2, 5, 4),
    (2, 5, 29),
    (1, 3, 6),
    (1, 3, 14),
)  # of X.500, X.509, the Internet and OIW
_PRODUCT_NAME = re.compile(r"\b(?=\w*[A-Z])(?=\w*[a-z])\w+[ \u00a0]$", re.ASCII)
_PACKAGE_AT = re.compile(
    r"(?<![\w-])(?!(?:root|admin|user|ubuntu|debian|pi|ec2-user)@)[\w-]+@$", re.ASCII
)
_AMOUNT = re.compile(r"[ \u00a0]?(?:[€$£¥₹₫₩₽]|EUR|USD|IDR|VND|kr\b|đ|Euros?\b)")
_CURRENCY = re.compile(r"(?:[€$£¥₹₫₩₽]|\b(?:EUR|USD|IDR|VND|Rp|R\$)\.?)[ \u00a0]?$")


def is_address(text: str, start: int, end: int, numbers: Numbers) -> bool:
    """Return whether `text[start:end]`, four numbers up to 255, is an address, by the text around it.

    Without a hint they are an address.

    Examples
    --------
    >>> text = "Version 1.2.3.4 of the server at 8.8.8.8"
    >>> is_address(text, 8, 15, (1, 2, 3, 4)), is_address(text, 33, 40, (8, 8, 8, 8))
    (False, True)
    """
    before = text[max(0, start - _WINDOW) : start]
    after = text[end : end + 16]
    if _is_part_of_a_name(before, after):
        return False
    if _is_title(before, after, numbers) or _is_amount(before, after, numbers):
        return False
    cue = last_cue(before.rpartition("\n")[2])
    if cue in ("host", "version"):
        return cue == "host"
    if cue == "telephone" and min(numbers) >= 10 and max(numbers) <= 99:
        return False
    if numbers[:3] in _IDENTIFIERS:
        return False
    if cue == "section" or _REVISION.match(after):
        return max(numbers) > _LOW_SECTION
    if max(numbers[:2]) > _LOW:
        return True
    near = before[-_NEAR:]
    return not (_PRODUCT_NAME.search(near) or _PACKAGE_AT.search(near))


def _is_part_of_a_name(before: str, after: str) -> bool:
    """Return whether letters or signs next to the numbers make them a version or the name of a file."""
    if _SUFFIX.match(after) or _FILE.match(after):
        return True
    near = before[-_NEAR:]
    sign = near[-1:]
    if sign in {"-", "_"} or (sign.isascii() and sign.isalpha()):
        word = _WORD_BEFORE.search(near)
        return word is not None and not _NAMES_HOSTS.search(word[1])
    if sign == "/":
        return bool(_PRODUCT.search(near))
    if _VERSION_MARK.search(near[-3:]):
        return True
    return bool(_REQUIREMENT.search(near[-4:])) and not _ASSIGNED_HOST.search(near)


def _is_title(before: str, after: str, numbers: Numbers) -> bool:
    """Return whether the numbers begin a line, and a title follows: `1.2.3.4 Scope`."""
    title = _TITLE.match(after)
    if title is None or max(numbers) > _LOW or not _LINE_START.search(before):
        return False
    return title[1] is None or not title[1].islower()


def _is_amount(before: str, after: str, numbers: Numbers) -> bool:
    """Return whether the numbers are one amount of money, with dots between thousands."""
    if min(numbers[1:]) < 100:
        return False
    return bool(_AMOUNT.match(after) or _CURRENCY.search(before))
