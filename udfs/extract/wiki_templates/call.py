"""A use of a template: its values as text, and the edition it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from udfs.extract.wiki_templates.table import Edition


@dataclass(frozen=True)
class Call:
    """The values of a template.

    Attributes
    ----------
    values
        Values without a name.
    named
        Values by name.
    name
        The template's name as the page writes it.
    """

    values: Sequence[str]
    named: Mapping[str, str]
    edition: Edition
    name: str = ""
    option: str = field(default="")

    def value(self, number: int) -> str:
        """Return the value with a number, from 1 on; empty if there is none."""
        if 0 < number <= len(self.values):
            return self.values[number - 1]
        return self.named.get(str(number), "")

    def first(self, *keys: str) -> str:
        """Return the first value that is not empty of some names or numbers."""
        for key in keys:
            value = self.value(int(key)) if key.isdecimal() else self.named.get(key, "")
            if value:
                return value
        return ""
