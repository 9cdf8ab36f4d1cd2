"""Quantities of templates as an edition writes them: numbers with units, prices, coordinates."""

from __future__ import annotations

import re

from udfs.extract.wiki_templates.call import Call
from udfs.extract.wikitext_measures import coordinates, measure
from udfs.extract.wikitext_scripts import superscript

_SYMBOLS = {
    **{"sqmi": "mi²", "sqkm": "km²", "sqm": "m²", "sqft": "ft²", "cuft": "ft³", "cumi": "mi³"},
    **{"c": "°C", "f": "°F", "k": "K", "mph": "mi/h", "kn": "kn", "oilbbl": "bbl"},
    **{"pd/sqmi": "/mi²", "pd/km2": "/km²", "/sqmi": "/mi²", "/km2": "/km²", "kph": "km/h"},
}
_POWER = re.compile(r"(?<=[a-z])([23])$")
_MARK = re.compile("([°′″])(?=[0-9])")
_NUMBER_AND_TEXT = re.compile(r"([-−+]?[0-9]+(?:\.[0-9]+)?)(\s+\D.*)?")
_RANGES = (
    "-",
    "–",
    "to",
    "and",
    "or",
    "x",
    "by",
    "à",
    "a",
    "e",
    "y",
    "och",
    "og",
    "en",
    "и",
    "do",
    "a",
)
_THREE_FORMS = ("ru", "uk", "sr", "hr")  # editions whose nouns have three forms after numbers
_NUMERALS = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_CURRENCIES = {
    **{"USD": "US$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥", "INR": "₹", "CAD": "C$"},
    **{"AUD": "A$", "RUB": "₽", "KRW": "₩", "ILS": "₪", "UAH": "₴", "BRL": "R$", "NZD": "NZ$"},
    **{"HKD": "HK$", "MXN": "Mex$", "TRY": "₺", "PHP": "₱", "NGN": "₦", "VND": "₫"},
}


def number(call: Call) -> str:
    """Return a number as the edition writes it, and the words after it: `{{nombre|71|sièges}}`."""
    first = call.value(1)
    match = _NUMBER_AND_TEXT.fullmatch(first.strip())
    shown = call.edition.numbers.format(match[1]) + (match[2] or "") if match else first
    forms = call.values[1:4]
    if call.edition.code in _THREE_FORMS and len(forms) == 3:
        return f"{shown} {forms[_slavic_form(first)]}"
    return " ".join([shown, *(value for value in call.values[1:] if value)])


def _slavic_form(number: str) -> int:
    """Return the form of a noun after a number: 0 after 1, 21; 1 after 2 to 4, 22; else 2."""
    digits = number[-2:].rjust(2, "0")
    if not digits.isdecimal():
        return 1  # after decimals
    if digits[0] == "1" or digits[1] not in "1234":
        return 2
    return 0 if digits[1] == "1" else 1


def roman(call: Call) -> str:
    """Return a number up to 3999 in Roman numerals: `{{romain|4}}`; other text as it is."""
    text = call.value(1).strip()
    if not text.isdecimal() or not 0 < int(text[:5]) < 4000:
        return text
    number, numeral = int(text), ""
    for value, letters in _NUMERALS:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral


def unit(call: Call) -> str:
    """Return `{{unité|120|km|/h}}`: units with powers follow the number, in turn."""
    shown = number(Call(call.values[:1], {}, call.edition))
    if call.named.get("e"):
        shown += f"×10{superscript(call.named['e'])}"
    units: list[str] = []
    for value in (value.strip() for value in (*call.values[1:], call.first("ul", "u"))):
        if re.fullmatch(r"[-−]?[0-9]{1,2}", value) and units:
            units[-1] += superscript(value)
        elif value.startswith("/") and units:
            units[-1] += value
        elif value:
            units.append(_symbol(value))
    return f"{shown} {'⋅'.join(units)}" if units else shown


def converted(call: Call) -> str:
    """Return the measure of `{{convert}}`, in words in English, with symbols in other editions."""
    if call.edition.code in ("en", "simple") or len(call.values) < 2:
        return measure(call.values, call.named)
    values = list(call.values)
    shown = call.edition.numbers.format(values[0])
    if len(values) > 3 and values[1] in _RANGES:
        link = "–" if values[1] == "-" else values[1] if values[1] == "–" else f" {values[1]} "
        shown += f"{link}{call.edition.numbers.format(values[2])}"
        del values[1:3]
    symbol = _SYMBOLS.get(values[1].lower()) or _symbol(values[1])
    return f"{shown}{symbol}" if symbol.startswith("/") else f"{shown} {symbol}"


def _symbol(unit: str) -> str:
    """Return a unit with its power as a superscript: km² of `km2`."""
    return _POWER.sub(lambda match: superscript(match[1]), unit)


def price(call: Call) -> str:
    """Return `{{currency|5|USD}}`: the amount after its sign."""
    sign = call.first("2", "currency", "type", "first").upper()
    return f"{_CURRENCIES.get(sign, f'{sign} ' if sign else '')}{number(_only_first(call))}"


def _only_first(call: Call) -> Call:
    return Call(call.values[:1] or [call.first("1", "amount")], {}, call.edition)


def located(call: Call) -> str:
    """Return coordinates in running text: `{{coord|13|19|N|169|9|W|display=inline}}`."""
    return _in_words(call, coordinates(call.values, call.named))


def located_by_name(call: Call) -> str:
    """Return the German `{{Coordinate|text=DMS|NS=52/30/10.4/N|EW=13/24/15.1/E}}`."""
    if not call.named.get("text"):
        return ""
    north, east = (call.named.get(key, "").split("/") for key in ("NS", "EW"))
    return _in_words(call, coordinates([part for part in [*north, *east] if part], {}))


def _in_words(call: Call, shown: str) -> str:
    """Return coordinates with the edition's words for N, S, E and W, after a comma, if it has any."""
    words = call.edition.settings.get("coordinates", "").split()
    if not words:
        return shown
    for letter, word in zip("NSEW", words, strict=True):
        shown = shown.replace(letter, f"\u00a0{word},", 1)
    return (
        _MARK.sub("\\1\u00a0", shown)
        .rstrip(",")
        .replace(",\u00a0", ",")
        .replace("\u00a0\u00a0", "\u00a0")
    )
