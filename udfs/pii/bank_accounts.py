"""International bank account numbers (IBAN, ISO 13616), judged by length and check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from udfs.pii.spans import Span

KIND = "ibans"
IBAN = "XX00 0000 0000 0000 0000 00"
"""The replacement, whose country does not exist."""

# characters by country, from SWIFT's IBAN registry
_LENGTHS = {
    country: int(length)
    for length, countries in {
        "15": "NO",
        "16": "BE",
        "18": "DK FK FI FO GL NL SD",
        "19": "MK SI",
        "20": "AT BA EE KZ LT LU MN XK",
        "21": "CH HR LI LV",
        "22": "BG BH CR DE GB GE IE ME RS VA",
        "23": "AE GI IL IQ OM SO TL",
        "24": "AD CZ ES MD PK RO SA SE SK TN VG",
        "25": "LY PT ST",
        "26": "IS TR",
        "27": "BI DJ FR GR IT MC MR SM",
        "28": "AL AZ BY CY DO GT HN HU LB NI PL SV",
        "29": "BR EG PS QA UA",
        "30": "JO KW MU YE",
        "31": "MT SC",
        "32": "LC",
        "33": "RU",
    }.items()
    for country in countries.split()
}
_GAP = r"[ \u00a0\u202f-]?"
_CANDIDATE = re.compile(rf"(?<![A-Za-z0-9])[A-Z]{{2}}{_GAP}[0-9]{{2}}(?:{_GAP}[A-Z0-9]){{11,29}}")
_SMALL = re.compile(
    rf"(?<![A-Za-z0-9])[a-z]{{2}}[0-9]{{2}}(?:{_GAP}[a-z0-9]){{11,29}}(?![A-Za-z0-9])"
)
_SEPARATOR = re.compile(r"[ \u00a0\u202f-]")


def spans(text: str) -> Iterator[Span]:
    """Yield the account numbers of a text, with or without spaces."""
    for pattern in (_CANDIDATE, _SMALL):
        for candidate in pattern.finditer(text):
            end = _end(candidate[0].upper())
            # more letters or digits would be part of it
            if end and not re.match(r"[A-Za-z0-9]", text[candidate.start() + end :][:1]):
                yield Span(candidate.start(), candidate.start() + end, KIND, IBAN)


def _end(candidate: str) -> int:
    """Return where the number that a text begins with ends; 0 if it is none."""
    length = _LENGTHS.get(candidate[:2], 0)
    places = [position for position, sign in enumerate(candidate) if not _SEPARATOR.match(sign)][
        :length
    ]
    iban = "".join(candidate[position] for position in places)
    return places[-1] + 1 if length and len(iban) == length and has_check_digits(iban) else 0


def has_check_digits(iban: str) -> bool:
    """Return whether the check digits of an IBAN are right: its rest by 97 is 1 (ISO 7064).

    >>> has_check_digits("GB82WEST12345698765432"), has_check_digits("GB28WEST12345698765432")
    (True, False)
    """
    if not "02" <= iban[2:4] <= "98":
        return False
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1
