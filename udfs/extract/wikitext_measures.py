"""What {{convert}}, {{formatnum:}}, {{frac}} and {{coord}} show: measures, numbers, places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_WHOLE = re.compile(r"[0-9]{4,15}(?=\.[0-9]{0,15}$|$)")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,15})?")
_QUARTERS = frozenset("NSEW")
_PARTS = "°′″"
_SUM = re.compile(r"(?<=.)[ +−–-]")
_SIDES = (("N", "S"), ("E", "W"))
# codes of {{convert}}: one, and many
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
# "Moilbbl/d"
_SCALED = re.compile(r"(e3|e6|e9|k|M|G|T)?(oilbbl|acre|carat|cuft|USgal)(/d)?")
_SCALES = {"e3": "thousand", "e6": "million", "e9": "billion"}
_SCALES |= {"k": "thousand", "M": "million", "G": "billion", "T": "trillion"}
_BETWEEN = {
    "-": "–",
    "–": "–",
    "to(-)": "–",
    "and(-)": " and ",
    "x": " by ",
    "by": " by ",
    "to": " to ",
} | {word: f" {word} " for word in ("and", "or", "+/-", "±")}


def measure(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return what {{convert}} is given, not what it computes: "663,268 square miles"."""
    if len(values) < 2:
        return values[0] if values else ""
    if len(values) >= 4 and values[1] in _BETWEEN:
        number = f"{grouped(values[0])}{_BETWEEN[values[1]]}{grouped(values[2])}"
        return _with_unit(number, values[3], named)
    first = _with_unit(grouped(values[0]), values[1], named)
    if (values[1], *values[3:4]) in (("ft", "in"), ("lb", "oz"), ("st", "lb")):
        return f"{first} {_with_unit(grouped(values[2]), values[3], named)}"
    return first


def grouped(number: str) -> str:
    """Return a number with commas; a fraction as 5+1/2 has none."""
    return _WHOLE.sub(lambda match: f"{int(match[0]):,}", number) if number[:1] != "0" else number


def fraction(values: Sequence[str]) -> str:
    """Return the fraction of a denominator, of two values, or of a whole number and two.

    >>> fraction(["4"]), fraction(["3", "4"]), fraction(["2", "3", "4"])
    ('1/4', '3/4', '2 3/4')
    """
    parts = [f"({value})" if _SUM.search(value) else value for value in values[-2:]]
    if len(parts) == 1:
        return f"1/{parts[0]}"
    return " ".join([*values[:-2], "/".join(parts)])


def _with_unit(number: str, unit: str, named: Mapping[str, str]) -> str:
    one, many = _unit(unit)
    if named.get("adj") in ("on", "mid") and one.isalpha():
        return f"{number}-{one}"
    joint = "" if one.startswith("°") else " "
    return f"{number}{joint}{one if number == '1' else many}"


def _unit(code: str) -> tuple[str, str]:
    scaled = _SCALED.fullmatch(code)
    if not scaled:
        return _UNITS.get(code.lower(), (code, code))
    one, many = _UNITS[scaled[2].lower()]
    daily = " per day" if scaled[3] else ""
    if scaled[1]:
        one = many = f"{_SCALES[scaled[1]]} {many}"
    return f"{one}{daily}", f"{many}{daily}"


def coordinates(values: Sequence[str], named: Mapping[str, str]) -> str:
    """Return what {{coord}} shows in the text: "13°19′N 169°9′W"; nothing for the title alone."""
    if named.get("display", "inline").strip().lower() in ("title", "t"):
        return ""
    numbers: list[str] = []
    shown: list[str] = []
    for value in values:
        if _DEGREES.fullmatch(value):
            numbers.append(value)
        elif value in _QUARTERS and 0 < len(numbers) <= len(_PARTS):
            shown.append("".join(map(str.__add__, numbers, _PARTS)) + value)
            numbers = []
        else:  # what is behind the coordinates: "type:event"
            break
    if not shown and len(numbers) == 2:
        for number, (north, south) in zip(numbers, _SIDES, strict=True):
            shown.append(f"{number.lstrip('-')}°{south if number.startswith('-') else north}")
    return " ".join(shown) if len(shown) == 2 else ""
