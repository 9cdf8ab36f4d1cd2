"""Convert presentation MathML to TeX.

The elements are those of MathML 3 (https://www.w3.org/TR/MathML3/chapter3.html); content MathML is
converted where it is simple (`content`). No function calls itself, and time is linear in the size
of the formula up to `MAX_CHARACTERS` of TeX.
"""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from udfs.extract.web.math import content, scripts, tables
from udfs.extract.web.math.row import argument, escaped, join, row
from udfs.extract.web.math.tex_names import (
    FUNCTIONS,
    LIMIT_FUNCTIONS,
    LIMIT_SYMBOLS,
    OPERATORS,
    SYMBOLS,
    VARIANTS,
    character,
)
from udfs.extract.web.math.tree import Element, read

# a formula whose TeX is longer is not converted
MAX_CHARACTERS = 20_000


def to_tex(math: LexborNode) -> str | None:
    """Return the TeX of a `math` element; None if it is too large."""
    elements = read(math)
    return None if elements is None else convert(elements)


def convert(elements: list[Element]) -> str | None:
    """Return the TeX of elements that stand in a list, each before its children.

    None if the TeX has more than `MAX_CHARACTERS`.
    """
    for element in reversed(elements):
        _CONVERTERS.get(element.name, _row)(element)
        if len(element.tex) > MAX_CHARACTERS:
            return None
        element.children = []
    return elements[0].tex.strip()


def _row(element: Element) -> None:
    row(element)
    if element.name == "mstyle":
        _styled(element)


def _styled(element: Element) -> None:
    command = VARIANTS.get(element.attribute("mathvariant"))
    if command and element.tex and not element.tex.startswith(command):
        element.tex, element.whole, element.core = f"{command}{{{element.tex}}}", True, element


def _first(element: Element) -> None:
    """Convert an element of which the first child alone is shown."""
    element.children = element.children[:1]
    row(element)


def _nothing(element: Element) -> None:
    element.tex = ""


def _identifier(element: Element) -> None:
    text = element.text
    name = "".join(text.split())
    if name in FUNCTIONS or name in LIMIT_FUNCTIONS:
        _function(element, name)
        return
    variant = element.attribute("mathvariant")
    if len(text) < 2 or not all(letter.isalnum() or letter == " " for letter in text):
        _number(element)
        if variant == "normal" and len(text) == 1 and text.isascii() and text.isalpha():
            element.tex = rf"\mathrm{{{element.tex}}}"
        return
    if variant in VARIANTS or text.isdecimal() or not SYMBOLS.keys().isdisjoint(text):
        element.tex = join([character(letter) for letter in text])
        element.whole = text.isdecimal()
    elif text.isascii():
        command = r"\mathit" if variant == "italic" else r"\mathrm"
        element.tex = f"{command}{{{text.replace(' ', '~')}}}"
    else:
        element.tex = rf"\text{{{text}}}"
    _styled(element)


def _function(element: Element, name: str) -> None:
    element.limits = name in LIMIT_FUNCTIONS
    if name in FUNCTIONS:
        element.tex = "\\" + name
    else:
        element.tex = rf"\operatorname{'*' if element.limits else ''}{{{name}}}"


def _number(element: Element) -> None:
    """Convert a token whose characters stand for themselves."""
    parts = [part for part in map(character, element.text) if part]
    element.tex = join(parts)
    element.whole = len(parts) < 2 or element.text.replace(".", "", 1).isdecimal()
    _styled(element)


def _operator(element: Element) -> None:
    text = element.text
    if text in OPERATORS:
        element.tex = OPERATORS[text]
    elif (name := "".join(text.split())) in FUNCTIONS or name in LIMIT_FUNCTIONS:
        _function(element, name)
    elif len(text) > 1 and text.isascii() and text.isalpha():
        element.tex = rf"\operatorname{{{text}}}"
    else:
        element.tex = join([character(letter) for letter in text])
        element.limits = len(text) == 1 and text in LIMIT_SYMBOLS


def _text(element: Element) -> None:
    """Convert text; spaces around it belong to it, as U+00A0."""
    text = f'"{element.text}"' if element.name == "ms" else element.text
    plain = text.replace("\u00a0", " ").strip("\u200b\ufeff\u2061\u2062\u2063\u2064")
    if not plain:
        element.tex = ""
    elif plain.isspace():
        element.tex = r"\ "
    else:
        element.tex = rf"\text{{{escaped(plain)}}}"


# widths of spaces from which on a command stands for them, in em
_SPACES = ((1.8, r"\qquad"), (0.9, r"\quad"), (0.25, r"\;"), (0.1, r"\,"))
_UNITS = {"em": 1.0, "ex": 0.5, "px": 1 / 16, "pt": 1 / 12, "mu": 1 / 18}
_NAMED_WIDTHS = {
    "thinmathspace": 3 / 18,
    "mediummathspace": 4 / 18,
    "thickmathspace": 5 / 18,
    "verythickmathspace": 6 / 18,
    "veryverythickmathspace": 7 / 18,
}


def _space(element: Element) -> None:
    if element.children:  # in HTML `mspace` with a prefix takes what follows as its children
        row(element)
        return
    if element.attribute("linebreak") == "newline":
        element.tex = r"\\"
        return
    width = element.attribute("width")
    em = _NAMED_WIDTHS.get(width, 0.0)
    try:
        em = float(width[:-2]) * _UNITS.get(width[-2:], 0.0) if width[-2:] in _UNITS else em
    except ValueError:
        em = 0.0
    element.tex = next((command for least, command in _SPACES if em >= least), "")


def _fraction(element: Element) -> None:
    above, below = (argument(element.children, number) for number in (0, 1))
    thickness = element.attribute("linethickness")
    if thickness and not thickness.strip("0.pxemt%"):
        element.tex = rf"{{{above} \atop {below}}}"
    elif element.attribute("bevelled") == "true":
        element.tex, element.whole = f"{{{above}}}/{{{below}}}", False
    else:
        element.tex = rf"\frac{{{above}}}{{{below}}}"


def _root(element: Element) -> None:
    if element.name == "mroot":
        element.tex = rf"\sqrt[{argument(element.children, 1)}]{{{argument(element.children, 0)}}}"
        return
    row(element)
    element.tex, element.whole = rf"\sqrt{{{element.tex}}}", True
    element.core, element.limits = element, False


def _phantom(element: Element) -> None:
    row(element)
    element.tex = rf"\phantom{{{element.tex}}}" if element.tex else ""
    element.core, element.whole, element.limits = element, True, False


_ENCLOSURES = {
    "box": r"\boxed", "roundedbox": r"\boxed", "top": r"\overline", "bottom": r"\underline",
    "radical": r"\sqrt", "updiagonalstrike": r"\cancel", "downdiagonalstrike": r"\bcancel",
    "horizontalstrike": r"\sout", "actuarial": r"\overline",
}  # fmt: skip


def _enclosure(element: Element) -> None:
    row(element)
    notations = element.attribute("notation").split()
    command = r"\boxed" if {"left", "right", "top", "bottom"} <= set(notations) else ""
    if {"updiagonalstrike", "downdiagonalstrike"} <= set(notations):
        command = r"\xcancel"
    command = command or next((_ENCLOSURES[name] for name in notations if name in _ENCLOSURES), "")
    if command and element.tex:
        element.tex, element.whole = f"{command}{{{element.tex}}}", True
        element.core, element.limits = element, False


_CONVERTERS: dict[str, Callable[[Element], None]] = {
    "": _number,
    "mi": _identifier,
    "ci": _identifier,
    "csymbol": _identifier,
    "mn": _number,
    "cn": _number,
    "mo": _operator,
    "mtext": _text,
    "ms": _text,
    "mspace": _space,
    "none": _nothing,
    "mprescripts": _nothing,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _root,
    "mphantom": _phantom,
    "menclose": _enclosure,
    "semantics": _first,
    "maction": _first,
    **scripts.CONVERTERS,
    **tables.CONVERTERS,
    **content.CONVERTERS,
}
