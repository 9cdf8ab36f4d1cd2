"""Render templates that compose a text of their values: quantities, dates, pronunciations, citations.

A template is rendered if its values suffice. One that looks up other pages, such as a price in today's
money, is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from udfs.extract.wikitext_measures import coordinates, measure
from udfs.extract.wikitext_names import LANGUAGE_CODES

_SUPERSCRIPTS = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_SUBSCRIPTS = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_DIGITS = re.compile(r"[+−–-]?[0-9]{1,6}[+−–-]?|[+−–-]")
_CHARGE = re.compile(r"[0-9]{0,3}[+−–-]")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_MONTH_NAMES = """
    January February March April May June July August September October November December
"""
_MONTHS = _MONTH_NAMES.split()
_PRONUNCIATION_OPTIONS = "pron icon us uk lang local also en en-us en-uk audio note"
_NO_SOUNDS = frozenset(_PRONUNCIATION_OPTIONS.split())


def superscript(text: str) -> str:
    """Return a superscript: digits as superscript characters, an exponent after ^, words unchanged.

    >>> superscript("2"), superscript("n"), superscript("x+1"), superscript("th")
    ('²', '^n', '^(x+1)', 'th')
    """
    word = text.strip()
    if _DIGITS.fullmatch(word):
        return word.translate(_SUPERSCRIPTS)
    if len(word) == 1 and word.isalpha():
        return f"^{word}"
    if len(word) < 40 and any(sign in word for sign in "+-−/*"):
        return f"^({word})"
    return text


def subscript(text: str) -> str:
    """Return a subscript: digits as subscript characters (H₂O), other text unchanged."""
    word = text.strip()
    return word.translate(_SUBSCRIPTS) if _DIGITS.fullmatch(word) else text


def _quantity(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return a number with its uncertainty, power of ten and unit: 1.2±0.3×10⁶ m."""
    number, error = (*values, "", "")[:2]
    # an uncertainty of the last digits is in parentheses, such as (7)
    number += error if error.startswith("(") or not error else f"±{error}"
    power = f"×10{superscript(named['e'])}" if named.get("e") else ""
    unit = named.get("u") or named.get("ul") or ""
    return f"{number}{power} {unit}".strip()


def _day(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return a date given as year, month and day in words; values that are words stay words."""
    year, month, day = (*values, "", "", "")[:3]
    if not (month.isdecimal() and 1 <= int(month[:4]) <= 12):
        return " ".join(value for value in (day, month, year) if value)
    name = _MONTHS[int(month) - 1]
    if not day:
        return f"{name} {year}"
    day = day.lstrip("0")
    return f"{day} {name} {year}" if named.get("df") else f"{name} {day}, {year}"


def _death(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return the date of death and the age, if the date of birth is given."""
    death = _day(values[:3], named)
    try:
        year, month, day, *birth_values = map(int, values[:6])
        birth = date(*birth_values[:3])
        age = year - birth.year - ((month, day) < (birth.month, birth.day))
    except (TypeError, ValueError):
        return death
    return f"{death} (aged {age})"


def _as_of(values: Sequence[str], named: Mapping[str, str]) -> str:
    since = "since" if named.get("since") else "as of"
    words = since if named.get("lc") else since.capitalize()
    return f"{words} {_day(values, {'df': 'y'})}" if values else ""


def _pronunciation(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return a pronunciation in IPA between slashes."""
    sounds = [value for value in values if value.lower() not in _NO_SOUNDS]
    marks = {"'": "ˈ", ",": "ˌ", "_": " ", ",_": ", "}
    return f"/{''.join(marks.get(sound, sound) for sound in sounds)}/" if sounds else ""


def _formula(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return a chemical formula: Ge₉²⁻."""
    return "".join(
        superscript(value) if _CHARGE.fullmatch(value) else subscript(value) for value in values
    )


def _ship(name: str) -> Callable[[Sequence[str], Mapping[str, str]], str]:
    return lambda values, named: f"{name.upper()} {values[0]}" if values else name.upper()


def _interlanguage_link(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return the title of a link to another edition; the edition's code may come first."""
    title, other = (*values, "", "")[:2]
    return other if title in LANGUAGE_CODES and other else title


def _prefixed(prefix: str) -> Callable[[Sequence[str], Mapping[str, str]], str]:
    return lambda values, named: f"{prefix}{values[0]}" if values and values[0] else ""


def _enclosed(marks: str) -> Callable[[Sequence[str], Mapping[str, str]], str]:
    return lambda values, named: f"{marks[0]}{values[0]}{marks[1]}" if values else ""


def citation(named: Mapping[str, str]) -> str:
    """Return a citation outside of a footnote: authors, title and year."""
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
    year = _YEAR.search(named.get("year") or named.get("date") or "")
    titles = ", in ".join(filter(None, (chapter, title)))
    if not titles:
        return ""
    text = ", ".join(filter(None, (" and ".join(authors), titles)))
    return f"{text} ({year[0]})" if year else text


# functions that return a template's text, given its numbered and its named values
VALUE_TEMPLATES: dict[str, Callable[[Sequence[str], Mapping[str, str]], str]] = {
    "convert": measure,
    "cvt": measure,
    "val": _quantity,
    "e": lambda values, named: f"×10{superscript(values[0])}" if values else "",
    "sup": lambda values, named: superscript(values[0]) if values else "",
    "sub": lambda values, named: subscript(values[0]) if values else "",
    "su": lambda values, named: subscript(named.get("b", "")) + superscript(named.get("p", "")),
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
    "circa": _prefixed("c. "),
    "c.": _prefixed("c. "),
    "floruit": _prefixed("fl. "),
    "fl.": _prefixed("fl. "),
    "us$": _prefixed("US$"),
    "a$": _prefixed("A$"),
    "c$": _prefixed("C$"),
    "isbn": _prefixed("ISBN "),
    "issn": _prefixed("ISSN "),
    "oclc": _prefixed("OCLC "),
    "ipac-en": _pronunciation,
    **dict.fromkeys(("ill", "illm", "interlanguage link"), _interlanguage_link),
    "linktext": lambda values, named: "".join(values),
    "respell": lambda values, named: "-".join(values),
    **dict.fromkeys(("angbr", "angbr ipa", "angle bracket", "vr"), _enclosed("⟨⟩")),
    "ipaslink": _enclosed("//"),
    "ipablink": _enclosed("[]"),
    "coord": coordinates,
    "hlist": lambda values, named: ", ".join(values),
    "bibleref": lambda values, named: " ".join(values[:2]),
    "music": lambda values, named: {"flat": "♭", "sharp": "♯", "natural": "♮"}.get(
        "".join(values[:1]), ""
    ),
    **{name: _ship(name) for name in ("hms", "uss", "ss", "rms", "ussr")},
}
