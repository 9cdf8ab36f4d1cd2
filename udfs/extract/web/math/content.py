"""Convert simple content MathML to TeX: numbers, names, and operators applied to them.

The elements are those of MathML 3 (https://www.w3.org/TR/MathML3/chapter4.html).
"""

from __future__ import annotations

from collections.abc import Callable

from udfs.extract.web.math.row import argument, base, join, row
from udfs.extract.web.math.tex_names import FUNCTIONS
from udfs.extract.web.math.tree import Element

_INFIX = {
    "plus": "+", "minus": "-", "times": " ", "eq": "=", "neq": r"\neq", "lt": "<", "gt": ">",
    "leq": r"\leq", "geq": r"\geq", "approx": r"\approx", "equivalent": r"\equiv", "in": r"\in",
    "notin": r"\notin", "union": r"\cup", "intersect": r"\cap", "subset": r"\subseteq",
    "prsubset": r"\subset", "and": r"\land", "or": r"\lor", "implies": r"\Rightarrow",
    "tendsto": r"\to", "setdiff": r"\setminus", "vectorproduct": r"\times", "scalarproduct": r"\cdot",
}  # fmt: skip
_CONSTANTS = {
    "pi": r"\pi", "infinity": r"\infty", "emptyset": r"\emptyset", "exponentiale": "e",
    "imaginaryi": "i", "integers": r"\mathbb{Z}", "reals": r"\mathbb{R}", "rationals": r"\mathbb{Q}",
    "naturalnumbers": r"\mathbb{N}", "complexes": r"\mathbb{C}", "eulergamma": r"\gamma",
}  # fmt: skip
_BIG = {"sum": r"\sum", "product": r"\prod", "int": r"\int", "limit": r"\lim"}
_BOUNDS = frozenset(("bvar", "lowlimit", "uplimit", "condition", "domainofapplication"))
# operators that bind more tightly than a sum does
_TIGHT = frozenset(("times", "power", "minus", "vectorproduct", "scalarproduct"))


def _apply(element: Element) -> None:
    """Convert an operator and what it is applied to."""
    if not element.children:
        return
    operator, *operands = element.children
    name, texts = operator.name, [operand.tex for operand in operands]
    element.whole = False
    if name == "minus" and len(operands) == 1:
        element.tex = "-" + _grouped(operands[0])
    elif name in _INFIX:
        parts = [_grouped(operand) for operand in operands] if name in _TIGHT else texts
        if name == "minus" and texts:
            parts[0] = texts[0]
        element.tex = join(_between(parts, _INFIX[name]))
    elif name == "divide":
        element.tex, element.whole = (
            rf"\frac{{{argument(operands, 0)}}}{{{argument(operands, 1)}}}",
            True,
        )
    elif name == "power":
        inner = operands[0] if operands else None
        text = f"({inner.tex})" if inner is not None and not inner.whole else base(inner)
        element.tex = f"{text}^{{{argument(operands, 1)}}}"
    elif name == "root":
        _root(element, operands)
    elif name in _BIG:
        _big(element, _BIG[name], operands)
    elif name in ("abs", "card"):
        element.tex = f"|{argument(operands, 0)}|"
    elif name == "factorial" and operands:
        element.tex = _grouped(operands[0]) + "!"
    else:
        function = "\\" + name if name in FUNCTIONS else operator.tex or rf"\operatorname{{{name}}}"
        element.tex = join([function, "(", ",".join(texts), ")"])


def _big(element: Element, command: str, operands: list[Element]) -> None:
    """Convert a sum, product, integral or limit with its variable and bounds."""
    texts = {operand.name: operand.tex for operand in operands}
    variable, lower = texts.get("bvar", ""), texts.get("lowlimit", "")
    if lower and command != r"\int":
        lower = join([variable, r"\to" if command == r"\lim" else "=", lower])
    content = [operand.tex for operand in operands if operand.name not in _BOUNDS]
    differential = [r"\,d", variable] if command == r"\int" and variable else []
    scripts = [
        f"_{{{lower}}}" if lower else "",
        f"^{{{texts['uplimit']}}}" if "uplimit" in texts else "",
    ]
    element.tex = join([command, *scripts, " ", *content, *differential])


def _root(element: Element, operands: list[Element]) -> None:
    degree = next((operand.tex for operand in operands if operand.name == "degree"), "")
    content = next((operand.tex for operand in operands if operand.name != "degree"), "")
    element.tex = rf"\sqrt{f'[{degree}]' if degree else ''}{{{content}}}"
    element.whole = True


def _grouped(element: Element) -> str:
    """Return the TeX of an operand, in parentheses if it is a sum."""
    if element.name == "apply" and ("+" in element.tex or "-" in element.tex) and not element.whole:
        return f"({element.tex})"
    return element.tex


def _between(parts: list[str], operator: str) -> list[str]:
    return [item for part in parts for item in (operator, part)][1:]


def _constant(element: Element) -> None:
    element.tex = _CONSTANTS[element.name]


def _set(element: Element) -> None:
    element.tex = r"\{" + ",".join(child.tex for child in element.children) + r"\}"


def _operator(element: Element) -> None:
    """Convert an operator that is not applied to anything; its name alone counts."""
    row(element)
    element.tex = element.tex or _INFIX.get(element.name, "")


CONVERTERS: dict[str, Callable[[Element], None]] = {
    "apply": _apply,
    "set": _set,
    **dict.fromkeys(_INFIX, _operator),
    **dict.fromkeys(_CONSTANTS, _constant),
}
