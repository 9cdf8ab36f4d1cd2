"""Telephone numbers, judged by libphonenumber's numbering plans."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from udfs.pii.phone_regions import UNKNOWN, regions
from udfs.pii.spans import Span

KIND = "phone_numbers"
PHONE_NUMBER = "+1 555-555-0100"
"""The replacement, which looks like a number: 555 is no area code."""

_MIN_DIGITS, _MAX_DIGITS = 7, 15  # 15: E.164
_GAP = r"(?:[ \u00a0\u202f.\-‐-–－/]| - )?"
# parsing costs 0.2 ms, so only what looks like a number is parsed
_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9０-９_.,@#$€£¥+/－-])"
    rf"(?:[+＋] ?[0-9０-９]{{1,3}}{_GAP}|[18]{_GAP}(?=\())?"
    rf"(?:[(（]\d{{1,5}}[)）]{_GAP})?\d(?:{_GAP}\d){{4,14}}"
    r"(?![A-Za-z0-9０-９_@%€$£¥]|[.,:/-]\d| \d)"
)
_WINDOW = 24
_CUE = re.compile(
    r"(?<![^\W\d_])(?:tele?fo\w*|téléphone|teléfono|tel|tél|tlf|ph|phone\w*|fax|mobile?|móvil|mob|cell\w*|cel|"
    r"call|dial|sms|text|whatsapp|telegram|viber|hotline|helpline|contact|kontakt|handy|rufnummer|portable|"
    r"gsm|тел\w*|моб\w*|звоните|факс|puh\w*|điện thoại)(?![^\W\d_])"
    r"|☎|☏|✆|📞|📱|📲|电话|電話|手机|手機|携帯|传真|ファックス|전화|휴대폰|핸드폰|연락처|هاتف|تلفون|جوال|موبايل"
    r"|फ़ोन|फोन|मोबाइल|โทร",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ]|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d"
)
_FOUR_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_DIGITS = re.compile(r"\d+")


def spans(text: str, language: str | None = None) -> Iterator[Span]:
    """Yield the telephone numbers of a text.

    A number with a country code must be valid there. A national one must be valid in a country of the
    language, and either follow a word such as `phone`, or be grouped as that country writes it.

    Parameters
    ----------
    language
        Its ISO 639 code; None if it is unknown.
    """
    for candidate in _CANDIDATE.finditer(text):
        number = candidate[0]
        if not _MIN_DIGITS <= sum(map(str.isdigit, number)) <= _MAX_DIGITS:
            continue
        if _DATE.match(number) or _FOUR_NUMBERS.fullmatch(number):
            continue
        before = text[max(0, candidate.start() - _WINDOW) : candidate.start()]
        if _is_phone_number(number, before, language):
            yield Span(candidate.start(), candidate.end(), KIND, PHONE_NUMBER)


def _is_phone_number(number: str, before: str, language: str | None) -> bool:
    if number[0] in "+＋":
        return _valid(number, None) is not None
    if number.startswith("00") and _valid(f"+{number[2:]}", None):
        return True
    countries = regions(language)
    if _CUE.search(before):
        return any(_valid(number, country) for country in [*countries, *UNKNOWN.split()])
    return any(_is_grouped(number, country) for country in countries[:3])


def _is_grouped(number: str, country: str) -> bool:
    """Return whether a number is valid in a country, and its digits are grouped as there."""
    groups = _DIGITS.findall(number)
    parsed = _valid(number, country) if len(groups) > 1 else None
    if parsed is None:
        return False
    library = _library()
    national = library.format_number(parsed, library.PhoneNumberFormat.NATIONAL)
    return groups == _DIGITS.findall(national) and (len(groups) > 2 or number[0] in "0(（")


def _valid(number: str, country: str | None) -> Any:
    """Return the parsed number; None if it is not valid."""
    library = _library()
    try:
        parsed = library.parse(number, country)
    except library.NumberParseException:
        return None
    valid = library.is_valid_number(parsed)
    if country is not None:
        valid = library.is_valid_number_for_region(parsed, country)
    return parsed if valid else None


@functools.cache
def _library() -> Any:
    import phonenumbers  # only where it is needed: it takes 0.2 s

    return phonenumbers
