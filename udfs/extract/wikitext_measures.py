"""Render the templates {{convert}}, {{formatnum:}}, {{frac}} and {{coord}} as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_WHOLE = re.compile(r"[0-9]{4,15}(?=\.[0-9]{0,15}$|$)")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,15})?")
_COMPASS_POINTS = frozenset("NSEW")
_DEGREE_MARKS = "°′″"
_SUM = re.compile(r"(?<=.)[ +−–-]")
_DIRECTIONS = (("N", "S"), ("E", "W"))
# unit codes of {{convert}}: singular and plural
_UNITS = {
    "m": ("metre", "metres"),
    "km": ("kilometre", "kilometres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "mi": ("mile", "miles"),
    "nmi": ("nautical mile", "nautical miles"),
    "ft": ("foot", "feet"),
    "foot": ("foot", "feet"),
    "in": ("inch", "inches"),
    "yd": ("yard", "yards"),
    "sqmi": ("square mile", "square miles"),
    "km2": ("square kilometre", "square kilometres"),
    "sqkm": ("square kilometre", "square kilometres"),
    "m2": ("square metre", "square metres"),
    "sqm": ("square metre", "square metres"),
    "sqft": ("square foot", "square feet"),
    "ha": ("hectare", "hectares"),
    "acre": ("acre", "acres"),
    "m3": ("cubic metre", "cubic metres"),
    "km3": ("cubic kilometre", "cubic kilometres"),
    "cuft": ("cubic foot", "cubic feet"),
    "cumi": ("cubic mile", "cubic miles"),
    "l": ("litre", "litres"),
    "usgal": ("US gallon", "US gallons"),
    "impgal": ("imperial gallon", "imperial gallons"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "t": ("tonne", "tonnes"),
    "lb": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "st": ("stone", "stone"),
    "lt": ("long ton", "long tons"),
    "c": ("°C", "°C"),
    "f": ("°F", "°F"),
    "k": ("K", "K"),
    "c-change": ("°C", "°C"),
    "f-change": ("°F", "°F"),
    "km/h": ("km/h", "km/h"),
    "mph": ("mph", "mph"),
    "kn": ("knot", "knots"),
    "/sqmi": ("per square mile", "per square mile"),
    "/km2": ("per square kilometre", "per square kilometre"),
    "pd/sqmi": ("per square mile", "per square mile"),
    "pd/km2": ("per square kilometre", "per square kilometre"),
    "carat": ("carat", "carats"),
    "oilbbl": ("barrel", "barrels"),
    "ft/s": ("foot per second", "feet per second"),
}
# unit codes with a scale, such as "Moilbbl/d"
_SCALED = re.compile(r"(e3|e6|e9|k|M|G|T)?(oilbbl|acre|carat|cuft|USgal)(/d)?")
_SCALES = {
    "e3": "thousand",
    "e6": "million",
    "e9": "billion",
    "k": "thousand",
    "M": "million",
    "G": "billion",
    "T": "trillion",
}
# range codes of {{convert}}
_RANGES = {
    "-": "–",
    "–": "–",
    "to(-)": "–",
    "and(-)": " and ",
    "x": " by ",
    "by": " by ",
    "to": " to ",
    "and": " and ",
    "or": " or ",
    "+/-": " +/- ",
    "±": " ± ",
}


def measure(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return the measure given to {{convert}}, without the converted one.

    >>> measure(["663268", "sqmi", "km2"], {}), measure(["5", "-", "6", "km"], {})
    ('663,268 square miles', '5–6 kilometres')
    """
    if len(values) < 2:
        return values[0] if values else ""
    if len(values) >= 4 and values[1] in _RANGES:
        number = f"{grouped(values[0])}{_RANGES[values[1]]}{grouped(values[2])}"
        return _with_unit(number, values[3], named)
    first = _with_unit(grouped(values[0]), values[1], named)
    if (values[1], *values[3:4]) in (("ft", "in"), ("lb", "oz"), ("st", "lb")):
        return f"{first} {_with_unit(grouped(values[2]), values[3], named)}"
    return first


def grouped(number: str) -> str:
    """Return a number with commas between groups of three digits; other text is unchanged."""
    return _WHOLE.sub(lambda match: f"{int(match[0]):,}", number) if number[:1] != "0" else number


def fraction(values: Sequence[str]) -> str:
    """Return the fraction of a denominator, a numerator and denominator, or a mixed number.

    >>> fraction(["4"]), fraction(["3", "4"]), fraction(["2", "3", "4"])
    ('1/4', '3/4', '2 3/4')
    """
    parts = [f"({value})" if _SUM.search(value) else value for value in values[-2:]]
    if len(parts) == 1:
        return f"1/{parts[0]}"
    return " ".join([*values[:-2], "/".join(parts)])


def _with_unit(number: str, unit: str, named: Mapping[str, str]) -> str:
    singular, plural = _unit(unit)
    if named.get("adj") in ("on", "mid") and singular.isalpha():
        return f"{number}-{singular}"
    separator = "" if singular.startswith("°") else " "
    return f"{number}{separator}{singular if number == '1' else plural}"


def _unit(code: str) -> tuple[str, str]:
    """Return the singular and plural of a unit code; an unknown code is its own name."""
    scaled = _SCALED.fullmatch(code)
    if not scaled:
        return _UNITS.get(code.lower(), (code, code))
    singular, plural = _UNITS[scaled[2].lower()]
    per_day = " per day" if scaled[3] else ""
    if scaled[1]:
        singular = plural = f"{_SCALES[scaled[1]]} {plural}"
    return f"{singular}{per_day}", f"{plural}{per_day}"


def coordinates(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return the text of {{coord}}; empty if it is displayed in the title only.

    >>> coordinates(["13", "19", "N", "169", "9", "W"], {})
    '13°19′N 169°9′W'
    """
    if named.get("display", "inline").strip().lower() in ("title", "t"):
        return ""
    numbers: list[str] = []
    shown: list[str] = []
    for value in values:
        if _DEGREES.fullmatch(value):
            numbers.append(value)
        elif value in _COMPASS_POINTS and 0 < len(numbers) <= len(_DEGREE_MARKS):
            shown.append("".join(map(str.__add__, numbers, _DEGREE_MARKS)) + value)
            numbers = []
        else:  # parameters after the coordinates, such as "type:event"
            break
    if not shown and len(numbers) == 2:
        for number, (positive, negative) in zip(numbers, _DIRECTIONS, strict=True):
            direction = negative if number.startswith("-") else positive
            shown.append(f"{number.lstrip('-')}°{direction}")
    return " ".join(shown) if len(shown) == 2 else ""
