"""What a reader sees of templates that make a text of their values: measures, dates, sounds, books.

Only what needs no other page is given: a price that a template puts into today's money is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from udfs.extract.wikitext_measures import coordinates, measure
from udfs.extract.wikitext_names import LANGUAGES

_UP = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_DOWN = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_DIGITS = re.compile(r"[+−–-]?[0-9]{1,6}[+−–-]?|[+−–-]")
_CHARGE = re.compile(r"[0-9]{0,3}[+−–-]")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_MONTH_NAMES = """
    January February March April May June July August September October November December
"""
_MONTHS = _MONTH_NAMES.split()
_ASIDE = "pron icon us uk lang local also en en-us en-uk audio note"
_SOUNDS_ASIDE = frozenset(_ASIDE.split())


def raised(text: str) -> str:
    """Return what is set high: digits as such (km², 10⁻³), an exponent after ^, letters as they are."""
    word = text.strip()
    if _DIGITS.fullmatch(word):
        return word.translate(_UP)
    if len(word) == 1 and word.isalpha():
        return f"^{word}"
    if len(word) < 40 and any(sign in word for sign in "+-−/*"):
        return f"^({word})"
    return text


def lowered(text: str) -> str:
    """Return what is set low: digits as such (H₂O), and the rest as it is."""
    word = text.strip()
    return word.translate(_DOWN) if _DIGITS.fullmatch(word) else text


def _quantity(values: Sequence[str], named: Mapping[str, str]) -> str:
    number, error = (*values, "", "")[:2]
    # an error of the last digits is given as (7)
    number += error if error.startswith("(") or not error else f"±{error}"
    power = f"×10{raised(named['e'])}" if named.get("e") else ""
    unit = named.get("u") or named.get("ul") or ""
    return f"{number}{power} {unit}".strip()


def _day(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return year, month, day as a reader has them; a date that is text already as it is."""
    year, month, day = (*values, "", "", "")[:3]
    if not (month.isdecimal() and 1 <= int(month[:4]) <= 12):
        return " ".join(value for value in (day, month, year) if value)
    name = _MONTHS[int(month) - 1]
    if not day:
        return f"{name} {year}"
    day = day.lstrip("0")
    return f"{day} {name} {year}" if named.get("df") else f"{name} {day}, {year}"


def _death(values: Sequence[str], named: Mapping[str, str]) -> str:
    died = _day(values[:3], named)
    try:
        year, month, day, *born = map(int, values[:6])
        first = date(*born[:3])
        age = year - first.year - ((month, day) < (first.month, first.day))
    except (TypeError, ValueError):
        return died
    return f"{died} (aged {age})"


def _as_of(values: Sequence[str], named: Mapping[str, str]) -> str:
    since = "since" if named.get("since") else "as of"
    words = since if named.get("lc") else since.capitalize()
    return f"{words} {_day(values, {'df': 'y'})}" if values else ""


def _sounds(values: Sequence[str], named: Mapping[str, str]) -> str:
    sounds = [each for each in values if each.lower() not in _SOUNDS_ASIDE]
    marks = {"'": "ˈ", ",": "ˌ", "_": " ", ",_": ", "}
    return f"/{''.join(marks.get(each, each) for each in sounds)}/" if sounds else ""


def _formula(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return a chemical formula: Ge₉²⁻."""
    return "".join(raised(x) if _CHARGE.fullmatch(x) else lowered(x) for x in values)


def _ship(name: str) -> Callable[[Sequence[str], Mapping[str, str]], str]:
    return lambda values, named: f"{name.upper()} {values[0]}" if values else name.upper()


def _linked(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return the title of a link to another edition, before or after that edition's code."""
    title, other = (*values, "", "")[:2]
    return other if title in LANGUAGES and other else title


def _before(words: str) -> Callable[[Sequence[str], Mapping[str, str]], str]:
    return lambda values, named: f"{words}{values[0]}" if values and values[0] else ""


def _between(marks: str) -> Callable[[Sequence[str], Mapping[str, str]], str]:
    return lambda values, named: f"{marks[0]}{values[0]}{marks[1]}" if values else ""


def cited(named: Mapping[str, str]) -> str:
    """Return a work that is cited outside of a footnote: authors, title, year."""
    authors = []
    for number in ("", "1", "2", "3", "4"):
        last = named.get(f"last{number}") or named.get(f"author{number}") or ""
        first = named.get(f"first{number}") or ""
        if last:
            authors.append(f"{first} {last}".strip())
    if len(authors) > 3:
        authors = [f"{authors[0]} et al."]
    chapter = named.get("chapter") or ""
    title = named.get("title") or ""
    found = _YEAR.search(named.get("year") or named.get("date") or "")
    titles = ", in ".join(each for each in (chapter, title) if each)
    if not titles:
        return ""
    text = ", ".join(each for each in (" and ".join(authors), titles) if each)
    return f"{text} ({found[0]})" if found else text


# by a template's name: its text from its numbered values and its named ones
MADE: dict[str, Callable[[Sequence[str], Mapping[str, str]], str]] = {
    "convert": measure,
    "cvt": measure,
    "val": _quantity,
    "e": lambda values, named: f"×10{raised(values[0])}" if values else "",
    "sup": lambda values, named: raised(values[0]) if values else "",
    "sub": lambda values, named: lowered(values[0]) if values else "",
    "su": lambda values, named: lowered(named.get("b", "")) + raised(named.get("p", "")),
    "chem": _formula,
    "chem2": _formula,
    "simplenuclide2": lambda values, named: "-".join(values[:2]),
    "nuclide2": lambda values, named: "-".join(values[:2]),
    "birth date": _day,
    "birth date and age": _day,
    "birth-date": _day,
    "death date": _day,
    "death-date": _day,
    "start date": _day,
    "end date": _day,
    "dts": _day,
    "death date and age": _death,
    "oldstyledate": lambda values, named: (
        f"{values[0]} [O.S. {values[2]}] {values[1]}" if len(values) > 2 else " ".join(values)
    ),
    "as of": _as_of,
    "circa": _before("c. "),
    "c.": _before("c. "),
    "floruit": _before("fl. "),
    "fl.": _before("fl. "),
    "us$": _before("US$"),
    "a$": _before("A$"),
    "c$": _before("C$"),
    "isbn": _before("ISBN "),
    "issn": _before("ISSN "),
    "oclc": _before("OCLC "),
    "ipac-en": _sounds,
    **dict.fromkeys(("ill", "illm", "interlanguage link"), _linked),
    "linktext": lambda values, named: "".join(values),
    "respell": lambda values, named: "-".join(values),
    **dict.fromkeys(("angbr", "angbr ipa", "angle bracket", "vr"), _between("⟨⟩")),
    "ipaslink": _between("//"),
    "ipablink": _between("[]"),
    "coord": coordinates,
    "hlist": lambda values, named: ", ".join(values),
    "bibleref": lambda values, named: " ".join(values[:2]),
    "music": lambda values, named: {"flat": "♭", "sharp": "♯", "natural": "♮"}.get(
        "".join(values[:1]), ""
    ),
    **{name: _ship(name) for name in ("hms", "uss", "ss", "rms", "ussr")},
}
