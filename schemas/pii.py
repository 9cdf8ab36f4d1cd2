"""Kinds of personal data and credentials that curate replaces."""

from __future__ import annotations

from typing import Literal

PiiStyle = Literal["context", "fineweb"]

PII_KINDS = ("emails", "ip_addresses", "phone_numbers", "ibans", "card_numbers", "secrets")
"""Also the columns of corpus/ that count them."""

DEFAULT_PII_KINDS = ("emails", "ip_addresses")
