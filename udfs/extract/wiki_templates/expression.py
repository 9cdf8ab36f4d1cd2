"""Evaluate `{{#expr:}}` of MediaWiki's ParserFunctions: arithmetic, comparisons, round."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable

MAX_CHARACTERS = 500
_TOKEN = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,2})?|\.[0-9]+)|([a-zA-Z]+)|(<=|>=|<>|!=|[-+*/^=<>()]))"
)
_UNARY: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "trunc": math.trunc,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "ln": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "not": lambda value: float(not value),
}
_CONSTANTS = {"pi": math.pi, "e": math.e}


def _round(value: float, digits: float) -> float:
    """Return a number rounded half away from zero, as PHP does."""
    scale = 10 ** max(-15, min(15, int(digits)))
    return float(math.copysign(math.floor(abs(value) * scale + 0.5), value) / scale)


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > 1000:
        raise ValueError("large exponent")
    return float(base**exponent)


# operators by precedence, the loosest first
_BINARY: tuple[dict[str, Callable[[float, float], float]], ...] = (
    {"or": lambda left, right: float(bool(left) or bool(right))},
    {"and": lambda left, right: float(bool(left) and bool(right))},
    {
        **{"=": operator.eq, "<": operator.lt, ">": operator.gt, "<=": operator.le},
        **{">=": operator.ge, "<>": operator.ne, "!=": operator.ne},
    },
    {"round": _round},
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": operator.truediv, "div": operator.truediv, "mod": math.fmod},
    {"^": _power},
)


def evaluate(source: str) -> float | None:
    """Return the value of an expression of at most `MAX_CHARACTERS`; None if it has none.

    >>> evaluate("3644826 / 891.8 round 0"), evaluate("2 * (3 + 4) ^ 2 > 90"), evaluate("1/0")
    (4087.0, 1.0, None)
    """
    source = source.replace("−", "-").strip()
    if not source or len(source) > MAX_CHARACTERS:
        return None
    tokens: list[str] = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if not match:
            return None
        tokens.append(match[0].strip().lower())
        position = match.end()
    try:
        reader = _Reader(tokens)
        value = reader.binary(0)
        return float(value) if not reader.tokens and math.isfinite(value) else None
    except (ArithmeticError, ValueError, IndexError, RecursionError, TypeError):
        return None


def shown(value: float) -> str:
    """Return a number as PHP prints it: 14 digits, no decimals of whole numbers."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.14g}"


class _Reader:
    """Reads tokens from the left; `tokens` is in reverse order."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens[::-1]

    def binary(self, level: int) -> float:
        """Return the value of operators of a level and of tighter ones."""
        if level == len(_BINARY):
            return self.unary()
        value = self.binary(level + 1)
        while self.tokens and self.tokens[-1] in _BINARY[level]:
            apply = _BINARY[level][self.tokens.pop()]
            value = float(apply(value, self.binary(level + 1)))
        return value

    def unary(self) -> float:
        """Return the value of a number, a function of one, or an expression in parentheses."""
        token = self.tokens.pop()
        if token == "-":
            return -self.unary()
        if token == "+":
            return self.unary()
        if token == "(":
            value = self.binary(0)
            if self.tokens.pop() != ")":
                raise ValueError("parenthesis")
            return value
        if token in _UNARY:
            return float(_UNARY[token](self.unary()))
        return _CONSTANTS[token] if token in _CONSTANTS else float(token)
