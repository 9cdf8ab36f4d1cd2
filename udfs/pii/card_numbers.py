"""Numbers of payment cards, judged by issuer, length and check digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from udfs.pii.spans import Span

KIND = "card_numbers"
CARD_NUMBER = "0000 0000 0000 0000"
"""The replacement, which no issuer has."""

# first digits, from and to, and lengths, as the networks publish them (ISO/IEC 7812)
_VISA = (("4", "4", (13, 16, 19)),)
_MASTERCARD = (("51", "55", (16,)), ("2221", "2720", (16,)))
_AMERICAN_EXPRESS = (("34", "34", (15,)), ("37", "37", (15,)))
_DISCOVER = (("6011", "6011", (16, 19)), ("644", "659", (16, 19)))
_JCB = (("3528", "3589", (16, 19)),)
_UNION_PAY = (("62", "62", (16, 17, 18, 19)),)
_COMMON = (*_VISA, *_MASTERCARD, *_AMERICAN_EXPRESS, *_DISCOVER, *_JCB, *_UNION_PAY)
_DINERS = (("300", "305", (14,)), ("36", "36", (14, 16, 19)), ("38", "39", (14, 16, 19)))
_MAESTRO = (
    ("50", "50", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("56", "58", (12, 13, 14, 15, 16, 17, 18, 19)),
)
_MIR_TROY_RUPAY = (
    ("2200", "2204", (16, 17, 18, 19)),
    ("9792", "9792", (16,)),
    ("60", "60", (16,)),
    ("63", "63", (16, 18, 19)),
    ("67", "67", (16, 18, 19)),
    ("81", "82", (16,)),
)
_ALL = (*_COMMON, *_DINERS, *_MAESTRO, *_MIR_TROY_RUPAY)
_PRINTED = {
    (4, 4, 4, 4),
    (4, 6, 5),
    (4, 6, 4),
    (4, 4, 4, 4, 3),
    (4, 4, 4, 4, 2),
    (4, 4, 4, 4, 1),
    (6, 13),
}
_UNBROKEN = (15, 16)  # lengths that need no word such as `card` before them

_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9_.,])"
    r"[0-9]{4}(?:[0-9]{8,15}|([ \u00a0-])[0-9]{2,6}(?:\1[0-9]{1,6}){1,3}|[0-9]{2}[ -][0-9]{13})"
    r"(?![A-Za-z0-9_]|[.,-][0-9])"
)
_WINDOW = 40
_CUE = re.compile(
    r"(?<![^\W\d_])(?:cards?|credit|debit|visa|master ?card|amex|american express|maestro|discover|jcb|"
    r"diners|union ?pay|rupay|cc|pan|carte\w*|karte\w*|kredit\w*|tarjeta\w*|cart[aãõ]\w*|kart\w*|карт\w*|"
    r"kaart\w*|creditcard\w*)(?![^\W\d_])|卡号|卡號|信用卡|カード|카드|بطاقة|कार्ड",
    re.IGNORECASE,
)


def spans(text: str) -> Iterator[Span]:
    """Yield the card numbers of a text.

    A number in the groups that are printed on cards needs no more than a known issuer and its check
    digit. So does an unbroken one of 15 or 16 digits of a large network that stands alone; others must
    follow a word such as `card`.
    """
    for candidate in _CANDIDATE.finditer(text):
        digits = re.sub("[^0-9]", "", candidate[0])
        if not has_check_digit(digits):
            continue
        start = candidate.start()
        groups = tuple(map(len, re.findall("[0-9]+", candidate[0])))
        is_alone = len(groups) > 1 or not re.match(r"[=/#&?:+~-]", text[start - 1 : start])
        is_printed = groups in _PRINTED or (len(groups) == 1 and len(digits) in _UNBROKEN)
        is_card = is_alone and is_printed and _is_issued(digits, _ALL if groups[1:] else _COMMON)
        has_cue = _CUE.search(text, max(0, start - _WINDOW), start) is not None
        if is_card or (has_cue and _is_issued(digits, _ALL)):
            yield Span(start, candidate.end(), KIND, CARD_NUMBER)


def has_check_digit(digits: str) -> bool:
    """Return whether the last digit is right by Luhn's rule (ISO/IEC 7812-1).

    >>> has_check_digit("79927398713"), has_check_digit("79927398710")
    (True, False)
    """
    total = sum(map(int, digits[-1::-2]))
    return (total + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


def _is_issued(digits: str, issuers: tuple[tuple[str, str, tuple[int, ...]], ...]) -> bool:
    return any(
        first <= digits[: len(first)] <= last and len(digits) in lengths
        for first, last, lengths in issuers
    )
