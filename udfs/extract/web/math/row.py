"""Join the TeX of elements that stand beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from udfs.extract.web.math.tree import Element

# the longest name of a command, backslash included, after which a space is written
_LONGEST_NAME = 32
_ENDS_WITH_COMMAND = re.compile(r"\\[A-Za-z]+\Z")
_STARTS_WITH_WORD = re.compile(r"[A-Za-z0-9]")
_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}
# the environments of a table by the brackets around it
_MATRICES = {
    ("(", ")"): "pmatrix",
    ("[", "]"): "bmatrix",
    (r"\{", r"\}"): "Bmatrix",
    ("|", "|"): "vmatrix",
    (r"\|", r"\|"): "Vmatrix",
}
MATRIX = r"\begin{matrix}"
_MATRIX_END = r"\end{matrix}"
_CASES = r"\{"
_ATOP = r" \atop "


def join(parts: Iterable[str]) -> str:
    """Return TeX parts as one; a space stands between a command and a letter or digit."""
    joined: list[str] = []
    after_command = False
    for part in parts:
        if not part:
            continue
        if after_command and _STARTS_WITH_WORD.match(part):
            joined.append(" ")
        joined.append(part)
        after_command = _ENDS_WITH_COMMAND.search(part[-_LONGEST_NAME:]) is not None
    return "".join(joined)


def escaped(text: str) -> str:
    r"""Return text as it stands in TeX's `\text`."""
    return _SPECIAL.sub(lambda special: _ESCAPES.get(special[0], "\\" + special[0]), text)


def argument(children: Sequence[Element], number: int) -> str:
    """Return the TeX of a child; empty if there are too few."""
    return children[number].tex if number < len(children) else ""


def base(element: Element | None) -> str:
    """Return the TeX of an element to which a script is added."""
    if element is None or not element.tex:
        return "{}"
    return element.tex if element.whole else f"{{{element.tex}}}"


def row(element: Element) -> None:
    """Convert an element that shows its children beside each other."""
    shown = [child for child in element.children if child.tex]
    if len(shown) == 1:
        child = shown[0]
        element.tex, element.whole, element.limits = child.tex, child.whole, child.limits
        element.core = child.core
        return
    element.tex = join(_bracketed(shown))
    element.whole = not shown
    if len(shown) > 2 and shown[0].core.name == shown[-1].core.name == "mo":
        # a script of a bracketed row stands at the closing bracket
        element.whole = (shown[0].tex, shown[-1].tex) in {("(", ")"), ("[", "]")}


def _bracketed(elements: list[Element]) -> list[str]:
    """Return the TeX of elements, where a table or a binomial takes the brackets beside it."""
    parts: list[str] = []
    number = 0
    while number < len(elements):
        if number + 1 < len(elements) and elements[number].core.name == "mo":
            closing = elements[number + 2].tex if number + 2 < len(elements) else ""
            tex, taken = _with_brackets(elements[number].tex, elements[number + 1], closing)
            if taken:
                parts.append(tex)
                number += taken
                continue
        parts.append(elements[number].tex)
        number += 1
    return parts


def _with_brackets(opening: str, inner: Element, closing: str) -> tuple[str, int]:
    """Return the TeX of a table or binomial in brackets, and how many elements it stands for."""
    tex = inner.tex
    if inner.core.name == "mfrac" and (opening, closing) == ("(", ")") and _ATOP in tex:
        above, _, below = tex[1:-1].partition(_ATOP)
        if _ATOP not in below:
            return rf"\binom{{{above}}}{{{below}}}", 3
    if inner.core.name == "mtable" and tex.startswith(MATRIX):
        content = tex[len(MATRIX) : -len(_MATRIX_END)]
        environment = _MATRICES.get((opening, closing))
        if environment:
            return rf"\begin{{{environment}}}{content}\end{{{environment}}}", 3
        if opening == _CASES:
            return rf"\begin{{cases}}{content}\end{{cases}}", 2
    return "", 0
