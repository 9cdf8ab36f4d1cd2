"""Texts that no rule drops, and others made of them."""

from __future__ import annotations

from dataclasses import dataclass

DROP, KEEP = True, False
PARAGRAPHS = (
    "The committee met on Monday to discuss the budget, and it was agreed to change the plan.",
    "Most of the people who live in the valley work with wood or stone, as they always have.",
    "It is not easy to say when the first bridge was built, but the records point to a year.",
    "She opened the window and looked at the garden, which had been left to grow since spring.",
    "Scientists have found that the bees return to the same field, even when food is near.",
    "The train leaves at nine and arrives before noon, with a short stop at the border.",
    "Readers of this journal will know that the question has been argued for many decades.",
    "When the rain stopped, the children ran out to the street and began to play there.",
)
TEXT = "\n".join(PARAGRAPHS)
WORDS = " ".join(f"word{chr(97 + i // 10)}{chr(97 + i % 10)}" for i in range(100))


def ending(mark: str) -> str:
    """The text, each of its lines with another mark at its end."""
    return "\n".join(line[:-1] + mark for line in PARAGRAPHS)


def starting(mark: str, count: int = 8) -> str:
    """The text, the first lines with a mark before them."""
    return "\n".join(mark + line if i < count else line for i, line in enumerate(PARAGRAPHS))


def repeated(line: str, times: int, others: int) -> str:
    """A line that is there several times, and others."""
    return "\n".join([line] * times + [f"{WORDS[8 * i : 8 * i + 60]} {i}." for i in range(others)])


def words(count: int, word: str = "word") -> str:
    """Different words of one length, `word` and two letters."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join(f"{word}{letters[i // 26 % 26]}{letters[i % 26]}" for i in range(count))


@dataclass(frozen=True)
class Decision:
    """What one rule should decide on a text.

    Attributes
    ----------
    sets
        The filter sets that judge it; `gopher:all` in other languages than English.
    page
        The text before paragraph dedup; None if it is the same.
    """

    rule: str
    drops: bool
    why: str
    text: str
    language: str | None = "en"
    slice: str = "common_crawl"
    probability: float = 0.9
    page: str | None = None
    sets: tuple[str, ...] = ("gopher", "c4", "refinedweb", "fineweb")
