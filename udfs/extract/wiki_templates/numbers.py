"""Numbers as an edition of Wikipedia writes them, by the rules of `{{formatnum:}}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"([-−+±]?)([0-9]{1,40})(?:\.([0-9]{0,40}))?")
_GROUPED = re.compile(r"[-−+±]?[0-9]{1,3}(?:,[0-9]{3}){1,12}(?:\.[0-9]{1,40})?")
_THREE_DIGITS = re.compile(r"(?<=[0-9])(?=(?:[0-9]{3})+$)")


@dataclass(frozen=True)
class NumberFormat:
    """A language's grouping of digits, from MediaWiki's `MessagesXx.php`.

    Attributes
    ----------
    group, decimal
        The separators of groups of three digits and of decimals.
    least
        The number of digits before the first separator must be this, at least: with 2, `1500` is not
        grouped.
    """

    group: str = ","
    decimal: str = "."
    least: int = 1

    def format(self, text: str) -> str:
        """Return a number with separators; other text is unchanged.

        >>> NumberFormat(".", ",").format("-1234567.5"), NumberFormat().format("3rd")
        ('-1.234.567,5', '3rd')
        """
        number = text.strip()
        if "," in number and _GROUPED.fullmatch(number):
            number = number.replace(",", "")
        match = _NUMBER.fullmatch(number)
        if not match:
            return text
        sign, whole, decimals = match.groups()
        if len(whole) >= 3 + self.least and (whole[0] != "0"):
            whole = _THREE_DIGITS.sub(self.group, whole)
        return f"{sign}{whole}" + (f"{self.decimal}{decimals}" if decimals else "")

    def plain(self, text: str) -> str:
        """Return a number without separators, with a decimal point: `{{formatnum:x|R}}`."""
        return text.replace(self.group, "").replace("\u00a0", "").replace(self.decimal, ".")


_BLANK, _NARROW = "\u00a0", "\u202f"
FORMATS = {
    **dict.fromkeys(("ca",), NumberFormat(".", ",", 2)),
    **dict.fromkeys(("da", "de", "hr", "nl", "ro", "sl", "sr", "tr", "vi"), NumberFormat(".", ",")),
    **dict.fromkeys(("cs", "fi", "it", "no", "sv"), NumberFormat(_BLANK, ",")),
    **dict.fromkeys(("bg", "es", "hu", "pl", "pt", "ru", "uk"), NumberFormat(_BLANK, ",", 2)),
    "fr": NumberFormat(_NARROW, ","),
}
"""The format of each edition that does not write numbers as English does."""
