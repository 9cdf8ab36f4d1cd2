"""Remove the apostrophes of bold and italics by MediaWiki's rule, which knows l'''Iliade''."""

from __future__ import annotations

import re

_RUNS = re.compile(r"('{2,})")
_ITALIC, _BOLD, _BOTH = 2, 3, 5


def without_quotes(line: str) -> str:
    """Return a line without marks of bold and italics.

    Two apostrophes are italics, three bold, five both; of four the first is text, of more than five
    those before the last five. If a line has an odd number of both marks, one bold mark is an
    apostrophe and italics: the first after a word of one letter, else after a longer word, else after
    a blank (`Parser::doQuotes`).

    >>> without_quotes("dans l'''Iliade'' d'Homère"), without_quotes("'''a''' it''''s")
    ("dans l'Iliade d'Homère", "a it's")
    """
    parts = _RUNS.split(line)
    bold = italic = 0
    sizes: dict[int, int] = {}
    for index in range(1, len(parts), 2):
        size = len(parts[index])
        mark = size if size <= _BOLD else _BOLD if size == 4 else _BOTH
        parts[index] = "'" * (size - mark)
        sizes[index] = mark
        italic += mark != _BOLD
        bold += mark != _ITALIC
    if bold % 2 and italic % 2 and (apostrophe := _apostrophe(parts, sizes)) is not None:
        parts[apostrophe] += "'"
    return "".join(parts)


def _apostrophe(parts: list[str], sizes: dict[int, int]) -> int | None:
    """Return the index of the bold mark whose first apostrophe is text."""
    choices: dict[int, int] = {}
    for index, size in sizes.items():
        if size != _BOLD:
            continue
        before = parts[index - 1] + parts[index]
        rank = 2 if before[-1:] == " " else 0 if before[-2:-1] == " " else 1
        choices.setdefault(rank, index)
        if rank == 0:
            break
    return choices[min(choices)] if choices else None
