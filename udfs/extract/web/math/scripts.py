"""Convert MathML's scripts, bounds and accents to TeX."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from udfs.extract.web.math.row import argument, base, join
from udfs.extract.web.math.tex_names import OVER, UNDER
from udfs.extract.web.math.tree import Element

_PRIMES = frozenset("'’′″‴⁗")
_LONG_ARROWS = {r"\to": "rightarrow", r"\longrightarrow": "rightarrow", r"\leftarrow": "leftarrow",
                r"\longleftarrow": "leftarrow", r"\leftrightarrow": "leftrightarrow",
                r"\Rightarrow": "Rightarrow", r"\Leftarrow": "Leftarrow",
                r"\rightleftharpoons": "rightleftharpoons"}  # fmt: skip


def _scripts(below: str, above: str) -> str:
    """Return TeX's scripts; an empty script is not written."""
    sub = f"_{{{below}}}" if below else ""
    if above and not above.strip("'"):
        return above + sub
    return sub + (f"^{{{above}}}" if above else "")


def _above(element: Element | None) -> str:
    """Return the TeX of a superscript; primes stay primes."""
    if element is None:
        return ""
    if element.core.text and set(element.core.text) <= _PRIMES:
        return element.tex.replace("’", "'")
    return r"\circ" if element.tex == r"^{\circ}" else element.tex


def _child(element: Element, number: int) -> Element | None:
    return element.children[number] if number < len(element.children) else None


def _script(element: Element) -> None:
    below = argument(element.children, 1) if element.name != "msup" else ""
    above = (
        None if element.name == "msub" else _child(element, 2 if element.name == "msubsup" else 1)
    )
    element.tex = base(_child(element, 0)) + _scripts(below, _above(above))
    element.whole = False


def _bounds(element: Element) -> None:
    """Convert `munder`, `mover` and `munderover`."""
    inner = _child(element, 0)
    under = _child(element, 1) if element.name != "mover" else None
    over = None if element.name == "munder" else _child(element, 2 if under is not None else 1)
    if inner is None:
        return
    if inner.limits or _has_movable_limits(inner):
        below, above = (script.tex if script else "" for script in (under, over))
        element.tex, element.whole = inner.tex + _scripts(below, above), False
        return
    if inner.tex in _LONG_ARROWS and inner.core.name == "mo":
        optional = f"[{under.tex}]" if under and under.tex else ""
        above = over.tex if over else ""
        element.tex = rf"\x{_LONG_ARROWS[inner.tex]}{optional}{{{above}}}"
        return
    element.tex = inner.tex
    element.whole = inner.whole
    if under is not None:
        _place(element, under, _under_command(under), r"\underset")
    if over is not None:
        _place(element, over, _over_command(over, inner), r"\overset")


def _has_movable_limits(inner: Element) -> bool:
    return inner.core.name == "mo" and inner.core.attribute("movablelimits") == "true"


def _place(element: Element, script: Element, command: str, other: str) -> None:
    """Put an accent, or another script, over or under what an element has so far."""
    if command:
        element.tex = f"{command}{{{element.tex}}}"
        element.limits = command in (r"\underbrace", r"\overbrace")
    elif script.tex:
        element.tex = f"{other}{{{script.tex}}}{{{element.tex}}}"
    element.whole = True


def _over_command(over: Element, inner: Element) -> str:
    if over.core.name not in ("mo", "mi", "mtext", ""):
        return ""
    short, long = OVER.get(over.core.text, ("", ""))
    return short if len(inner.core.text) == 1 or (short == r"\vec" and inner.whole) else long


def _under_command(under: Element) -> str:
    return UNDER.get(under.core.text, "") if under.core.name in ("mo", "mi", "mtext", "") else ""


def _multiscripts(element: Element) -> None:
    """Convert `mmultiscripts`: the base, pairs of scripts, and pairs that stand before the base."""
    children = element.children
    if not children:
        return
    start = next(
        (n for n, child in enumerate(children) if child.name == "mprescripts"), len(children)
    )
    before, after = _pairs(children[start + 1 :]), _pairs(children[1:start])
    prefix = [f"{{}}{scripts}" for scripts in before]
    suffix = [scripts if not number else f"{{}}{scripts}" for number, scripts in enumerate(after)]
    element.tex = join([*prefix, base(children[0]), *suffix])
    element.whole = False


def _pairs(children: list[Element]) -> list[str]:
    lower = [child.tex for child in children[::2]]
    upper = [_above(child) for child in children[1::2]]
    pairs = (_scripts(below, above) for below, above in zip_longest(lower, upper, fillvalue=""))
    return [pair for pair in pairs if pair]


CONVERTERS: dict[str, Callable[[Element], None]] = {
    **dict.fromkeys(("msub", "msup", "msubsup"), _script),
    **dict.fromkeys(("munder", "mover", "munderover"), _bounds),
    "mmultiscripts": _multiscripts,
}
