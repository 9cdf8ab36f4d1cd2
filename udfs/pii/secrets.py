"""Keys, tokens and passwords in code and settings."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from udfs.pii.secret_formats import FORMATS
from udfs.pii.spans import Span

KIND = "secrets"
SECRET = "<KEY>"
"""The replacement, as StarCoder's training data have it (Li et al. 2023, https://arxiv.org/abs/2305.06161)."""

_MIN_LENGTH = 16
_MIN_ENTROPY, _MIN_HEX_ENTROPY = 3.3, 3.0  # bits a character of what is random; words have less

# `api_key = "..."`, `"secret": "..."`, `TOKEN=...`, `Authorization: Bearer ...`
_VALUE = re.compile(
    r"[:=]>?\s{0,4}(?:(?:bearer|basic|token)\s{1,4})?([\"'`]?)(?P<key>[A-Za-z0-9_+/=.~!@#$%^&*-]{16,512})\1",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"(?:key|token|secret|passwd|password|passphrase|pwd|credentials?|bearer|authorization)"
    r"(?:[_-]?[A-Za-z0-9_]{0,12})?[\"'\]]{0,2}\s{0,4}:?$",
    re.IGNORECASE,
)
_WINDOW = 40
# keys that are no secrets, and names, calls, paths, dates and placeholders, whose entropy is high as well
_PUBLIC = re.compile(
    r"(?:public|primary|foreign|cache|sort|partition|hot)[ _-]?key\W*$|author\W*$", re.IGNORECASE
)
_NAME = re.compile(
    r"[A-Za-z_./:-]+|[A-Za-z]+(?:[_./:-](?:[A-Za-z]+|\d{1,4}))*\d{0,4}|[\w.-]+\.[A-Za-z_]\w*|\d[\d.:/-]*"
    r"|(?:https?|file)?:?//?.*",
    re.ASCII,
)
_PLACEHOLDER = re.compile(
    r"example|placeholder|change_?me|your[_-]|xxxx|\*\*\*|\.\.\.|1234567|abcdef|redacted|dummy|\$\{|%\(",
    re.IGNORECASE,
)


def spans(text: str) -> Iterator[Span]:
    """Yield keys and tokens of a known form, private keys, passwords in URLs, and random values.

    A value counts as random where it is assigned to a name such as `api_key`, has 16 characters or more,
    letters as well as digits, and an entropy of 3.3 bits a character (3 for hexadecimal digits).
    """
    for mark, pattern in FORMATS:
        for match in pattern.finditer(text) if mark in text else ():
            if match["key"] != SECRET:
                yield Span(*match.span("key"), KIND, SECRET)
    for match in _VALUE.finditer(text):
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        if _NAME_BEFORE.search(before) and not _PUBLIC.search(before) and is_random(match["key"]):
            yield Span(*match.span("key"), KIND, SECRET)


def is_random(value: str) -> bool:
    """Return whether a value is long and irregular enough for a key.

    >>> is_random("9f86d081884c7d659a2feaa0c55ad015"), is_random("my_secret_token_name")
    (True, False)
    """
    if len(value) < _MIN_LENGTH or _NAME.fullmatch(value) or _PLACEHOLDER.search(value):
        return False
    if not (re.search("[0-9]", value) and re.search("[A-Za-z]", value)):
        return False
    is_hex = re.fullmatch("[0-9a-f]+|[0-9A-F]+", value) is not None
    return entropy(value) >= (_MIN_HEX_ENTROPY if is_hex else _MIN_ENTROPY)


def entropy(value: str) -> float:
    """Return the entropy of a text's characters, in bits a character (Shannon 1948)."""
    counts = Counter(value).values()
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
