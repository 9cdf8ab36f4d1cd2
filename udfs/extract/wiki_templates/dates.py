"""Dates of templates in the words of an edition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from udfs.extract.wiki_templates.call import Call
from udfs.extract.wiki_templates.table import Edition
from udfs.extract.wikitext_marks import LOST

_YEAR = re.compile(r"-?[0-9]{3,4}")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


def written(edition: Edition, year: str, month: str, day: str) -> str:
    """Return a date in words; parts that are empty are left out, words stay words.

    >>> from udfs.extract.wiki_templates.table import edition
    >>> written(edition("es"), "1866", "11", "05"), written(edition("en"), "1905", "02", "")
    ('5 de noviembre de 1866', 'February 1905')
    """
    months = edition.setting("months").split()
    if month.isdecimal():
        if not 1 <= int(month[:4]) <= 12:
            return " ".join(part for part in (day, month, year) if part)
        month = months[int(month) - 1].replace("_", " ")
    elif month and not (day.isdecimal() and month in months):  # words stay as they are
        return " ".join(part for part in (day, month, year) if part)
    day = day.lstrip("0") if day.isdecimal() else day
    if day == "1":
        day = edition.settings.get("first-day", day)
    if not month:
        return " ".join(part for part in (day, year) if part)
    if not day:
        return edition.setting("month-and-year").format(m=month, y=year).strip() if year else month
    pattern = edition.setting("date" if year else "day-and-month")
    return pattern.format(d=day, m=month, y=year)


def day_first(call: Call) -> str:
    """Return the date of day, month and year, such as `{{date|11|novembre|1866}}`."""
    values = [value.strip() for value in call.values]
    if not values:
        parts = [call.first(*names.split()) for names in _NAMES]
        return written(call.edition, *parts)
    if len(values) == 1:
        words = values[0].split()
        if not (2 <= len(words) <= 3 and words[0].isdecimal()):
            return _iso(call.edition, values[0])
        values = words  # `{{date|1 janvier 2016}}`
    if _YEAR.fullmatch(values[0]) and values[1].isdecimal():
        return year_first(call)
    weekday = ""
    if not values[0][:1].isdecimal() and values[0] and values[1][:1].isdecimal():
        if len(values) == 2 or _YEAR.fullmatch(values[1]):  # a month and a year
            return written(call.edition, values[1], values[0], "")
        weekday, values = f"{values[0]} ", values[1:]
    day, month, year = (*values, "", "")[:3]
    return weekday + written(call.edition, year, month, day)


def year_first(call: Call) -> str:
    """Return the date of year, month and day, such as `{{birth date|1905|2|2}}`."""
    values = [value.strip() for value in call.values]
    if not values:
        return day_first(call)
    if len(values) == 1:
        return _iso(call.edition, values[0])
    if len(values) > 2 and not _YEAR.fullmatch(values[0]) and _YEAR.fullmatch(values[2]):
        return day_first(call)
    year, month, day = (*values, "", "")[:3]
    if call.named.get("df") and day:
        if month.isdecimal() and 1 <= int(month[:4]) <= 12:
            month = call.edition.setting("months").split()[int(month) - 1]
        return f"{day.lstrip('0')} {month} {year}"
    return written(call.edition, year, month, day)


def death(call: Call) -> str:
    """Return a date of death given by its year first, and the age if the date of birth is given."""
    shown = year_first(_first_three(call))
    return _with_age(call, shown, call.values[:3], call.values[3:6])


def death_day_first(call: Call) -> str:
    """Return a date of death given by its day first, and the age if the date of birth is given."""
    shown = day_first(_first_three(call))
    return _with_age(call, shown, call.values[2::-1], call.values[5:2:-1])


def age(call: Call) -> str:
    """Return the years between two dates, each of day, month and year or the other way round.

    A date without the other is compared with the day of reading, which is not known.
    """
    values = [value.strip() for value in call.values]
    if len(values) < 6:
        return LOST
    dates = [values[:3], values[3:6]]
    if not _YEAR.fullmatch(values[0]):
        dates = [date[::-1] for date in dates]
    try:
        return str(_years(*(_date(call.edition, date) for date in dates)))
    except (ValueError, IndexError):
        return LOST


def _years(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _first_three(call: Call) -> Call:
    return Call(call.values[:3], call.named, call.edition)


def _with_age(call: Call, shown: str, death: Sequence[str], birth: Sequence[str]) -> str:
    try:
        died, born = _date(call.edition, death), _date(call.edition, birth)
    except (ValueError, IndexError):
        return shown
    return f"{shown} ({call.edition.setting('aged').format(age=_years(born, died))})"


def _date(edition: Edition, parts: Sequence[str]) -> date:
    """Return the day of a year, month and day; raise ValueError if there is none."""
    year, month, day = (part.strip() for part in parts)
    months = [name.casefold() for name in edition.setting("months").split()]
    number = months.index(month.casefold()) + 1 if month.casefold() in months else int(month)
    return date(int(year), number, int(day.removesuffix("er")))


def _iso(edition: Edition, text: str) -> str:
    match = _ISO.fullmatch(text)
    return written(edition, match[1], match[2], match[3] or "") if match else text


# names of a date's parts in the editions: year, month, day
_NAMES = (
    "year année annee año ano anno any jahr jaar rok år an година год рік годината",
    "month mois mes mês mese monat maand miesiąc måned luna месец месяц місяць",
    "day jour día dia giorno tag dag dzień zi ден день",
)


def as_of(call: Call) -> str:
    """Return `{{as of}}`: "As of June 2009"."""
    words = "since" if call.named.get("since") else "as of"
    words = words if call.named.get("lc") else words.capitalize()
    shown = year_first(Call(call.values[:3], {"df": "y"}, call.edition))
    return f"{words} {shown}" if call.values else ""
