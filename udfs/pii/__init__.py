"""Replace personal data and credentials in texts.

`emails` and `ip_addresses` judge by context what is an address; `fineweb` replaces both as FineWeb does.
`phone_numbers`, `bank_accounts`, `card_numbers` and `secrets` are for other kinds. A replacement is never
replaced, so a second call returns the text unchanged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from schemas.pii import DEFAULT_PII_KINDS, PII_KINDS, PiiStyle
from udfs.pii import (
    bank_accounts,
    card_numbers,
    emails,
    fineweb,
    ip_addresses,
    phone_numbers,
    secrets,
)
from udfs.pii.emails import EMAILS
from udfs.pii.ip_addresses import IP_ADDRESSES
from udfs.pii.spans import Span, applied, without_overlaps

__all__ = ["EMAILS", "IP_ADDRESSES", "Redacted", "redact", "replace", "spans"]


_PASSES = 4  # at most; a key that is replaced may show that what follows it is a number of its own


@dataclass(frozen=True)
class Redacted:
    """A text with its personal data replaced.

    Attributes
    ----------
    counts
        Replaced parts by kind; a kind that was not looked for has none.
    """

    text: str
    counts: dict[str, int]


def replace(text: str) -> tuple[str, int, int]:
    """Return a text with its addresses replaced, and the counts of e-mail and IP addresses.

    >>> replace("jane.roe@uni.example, 8.8.8.8, 192.168.0.1, version 8.8.8.8")
    ('email@example.com, 126.96.36.199, 192.168.0.1, version 8.8.8.8', 1, 1)
    """
    redacted = redact(text)
    return redacted.text, redacted.counts["emails"], redacted.counts["ip_addresses"]


def redact(
    text: str,
    kinds: Collection[str] = DEFAULT_PII_KINDS,
    style: PiiStyle = "context",
    language: str | None = None,
) -> Redacted:
    """Return a text with these kinds of personal data replaced.

    Parameters
    ----------
    kinds
        Some of `schemas.pii.PII_KINDS`.
    style
        How e-mail and IP addresses are found and replaced.
    language
        ISO 639 code of the text's language, for national telephone numbers; None if it is unknown.

    Examples
    --------
    >>> redact("+49 30 901820, 4111 1111 1111 1111", ["phone_numbers", "card_numbers"]).text
    '+1 555-555-0100, 0000 0000 0000 0000'
    """
    counts = dict.fromkeys((kind for kind in PII_KINDS if kind in kinds), 0)
    if style == "fineweb":
        text = _replaced_as_fineweb(text, counts)
        kinds = [kind for kind in kinds if kind not in DEFAULT_PII_KINDS]
    for _ in range(_PASSES):
        personal_data = spans(text, kinds, language)
        for span in personal_data:
            counts[span.kind] += 1
        text = applied(text, personal_data)
        if not personal_data or set(kinds) <= {*DEFAULT_PII_KINDS}:
            break
    return Redacted(text, counts)


def _replaced_as_fineweb(text: str, counts: dict[str, int]) -> str:
    """Return a text with e-mail and then IP addresses replaced where `counts` has them; count them."""
    for kind, found_in in (("emails", fineweb.email_spans), ("ip_addresses", fineweb.ip_spans)):
        if kind in counts:
            matches = list(found_in(text))
            counts[kind] = len(matches)
            text = applied(text, matches)
    return text


def spans(text: str, kinds: Collection[str], language: str | None = None) -> list[Span]:
    """Return what `redact` replaces in style `context`, in the order of the text."""
    return without_overlaps(_all_spans(text, kinds, language))


def _all_spans(text: str, kinds: Collection[str], language: str | None) -> Iterator[Span]:
    """Yield the spans of each kind; of two that overlap, the first counts."""
    if "secrets" in kinds:
        yield from secrets.spans(text)
    if "emails" in kinds:
        yield from emails.spans(text)
    if "ibans" in kinds:
        yield from bank_accounts.spans(text)
    if "card_numbers" in kinds:
        yield from card_numbers.spans(text)
    if "ip_addresses" in kinds:
        yield from ip_addresses.spans(text)
    if "phone_numbers" in kinds:
        yield from phone_numbers.spans(text, language)
