"""Keyed random choices, the same on every machine and Python version."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")

SLOT = re.compile(r"\{([^{}]+)\}")
RANGE = re.compile(r"(-?\d+)-(-?\d+)")


class Draw:
    """Random draws that depend on a key alone.

    Only `random.Random.random` is used, the one method whose sequence Python guarantees across
    versions.

    Parameters
    ----------
    *key
        Purpose of the draws, such as a language and a page's number.
    """

    def __init__(self, *key: object) -> None:
        self._random = random.Random("/".join(map(str, key)))

    def number(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one item."""
        return items[self.number(0, len(items) - 1)]

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """Return `count` different items, or all if there are fewer, in random order."""
        undrawn = list(items)
        return [
            undrawn.pop(self.number(0, len(undrawn) - 1)) for _ in range(min(count, len(items)))
        ]


class Grammar:
    """Templates of sentences with slots.

    In the text, a line `:name` precedes the alternatives of each rule; ` | ` separates alternatives
    on a line. In an alternative, `{name}` stands for any alternative of that rule, `{=name}` for
    the same one throughout a page, `{a|b}` for one of the two and `{3-12}` for a number.

    Parameters
    ----------
    text
        The rules.

    Raises
    ------
    ValueError
        A slot names no rule.
    """

    def __init__(self, text: str) -> None:
        self.rules: dict[str, list[str]] = {}
        rule: list[str] = []
        for line in text.splitlines():
            if line.startswith(":"):
                rule = self.rules.setdefault(line[1:].strip(), [])
            elif line.strip():
                rule.extend(part.strip() for part in line.split(" | "))
        for name, alternatives in self.rules.items():
            for slot in SLOT.findall("".join(alternatives)):
                plain = slot.lstrip("=")
                if not (plain in self.rules or "|" in plain or RANGE.fullmatch(plain)):
                    raise ValueError(f"rule {name!r} has a slot {slot!r} that is no rule")

    def write(self, rule: str, draw: Draw, bound: dict[str, str]) -> str:
        """Return one alternative of `rule` with its slots filled; `bound` keeps `{=name}` values."""
        return self.fill(draw.pick(self.rules[rule]), draw, bound)

    def several(self, rule: str, count: int, draw: Draw, bound: dict[str, str]) -> list[str]:
        """Return `count` different alternatives of `rule` with their slots filled."""
        return [self.fill(text, draw, bound) for text in draw.some(self.rules[rule], count)]

    def paragraph(self, rules: Mapping[str, int], draw: Draw, bound: dict[str, str]) -> str:
        """Return a paragraph with the given number of sentences per rule, each capitalised."""
        sentences = [
            sentence
            for rule, count in rules.items()
            for sentence in self.several(rule, count, draw, bound)
        ]
        return " ".join(capital(sentence) for sentence in sentences)

    def fill(self, text: str, draw: Draw, bound: dict[str, str]) -> str:
        """Return `text` with its slots filled."""

        def value(match: re.Match[str]) -> str:
            slot = str(match[1])
            if slot.startswith("="):
                if slot not in bound:
                    bound[slot] = self.write(slot[1:], draw, bound)
                return bound[slot]
            if limits := RANGE.fullmatch(slot):
                return str(draw.number(int(limits[1]), int(limits[2])))
            if slot in self.rules:
                return self.write(slot, draw, bound)
            return draw.pick(slot.split("|"))

        return SLOT.sub(value, text)


def capital(sentence: str) -> str:
    """Return a sentence with its first letter in upper case and the rest unchanged."""
    return sentence[:1].upper() + sentence[1:]
