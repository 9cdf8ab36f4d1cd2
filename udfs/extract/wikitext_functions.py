"""Evaluate MediaWiki's parser functions: `{{#if:}}`, `{{#switch:}}`, `{{formatnum:}}` and others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from udfs.extract.wiki_templates.expression import evaluate, shown
from udfs.extract.wiki_templates.table import Edition
from udfs.extract.wikitext_marks import BLANKS, plain


class UnknownValueError(Exception):
    """A function has no value here."""


class TextRenderer(Protocol):
    """Renders parsed wikitext."""

    @property
    def edition(self) -> Edition:
        """The edition of the page."""

    def text(self, code: Any) -> str:
        """Return the text of parsed wikitext."""


class FunctionCall:
    """A use of a parser function, whose values are rendered when they are needed.

    Parameters
    ----------
    first
        The rendered text after the function's colon.
    params
        The parser's parameters, after the first `|`.
    """

    def __init__(self, renderer: TextRenderer, first: str, params: Any) -> None:
        self.renderer = renderer
        self.first = plain(first)
        self.params = params

    def value(self, number: int) -> str:
        """Return the text of a value, without outer blanks; the first after the colon is 0."""
        if number == 0:
            return self.first
        if number > len(self.params):
            return ""
        param = self.params[number - 1]
        text = self.renderer.text(param.value).strip(BLANKS)
        return f"{self.renderer.text(param.name).strip(BLANKS)}={text}" if param.showkey else text

    def compared(self, number: int) -> str:
        """Return the text of a value without marks."""
        return plain(self.value(number))


def _if(call: FunctionCall) -> str:
    return call.value(1 if call.first else 2)


def _ifeq(call: FunctionCall) -> str:
    left, right = call.first, call.compared(1)
    if left != right:
        try:
            equal = float(left) == float(right)
        except ValueError:
            equal = False
        return call.value(2 if equal else 3)
    return call.value(2)


def _ifexpr(call: FunctionCall) -> str:
    return call.value(1 if evaluate(call.first) else 2)


def _iferror(call: FunctionCall) -> str:
    return call.first


def _ifexist(call: FunctionCall) -> str:
    return call.value(1)


def _expr(call: FunctionCall) -> str:
    value = evaluate(call.first)
    if value is None:
        raise UnknownValueError
    return shown(value)


def _switch(call: FunctionCall) -> str:
    """Return the value of the first case that equals the first value, else the default."""
    is_met = False
    default = ""
    for number, param in enumerate(call.params, 1):
        if not param.showkey:
            case = call.compared(number)
            if number == len(call.params):  # a last value without a case is the default
                return call.value(number)
            is_met = is_met or case == call.first
            if case == "#default":
                default = default or "\0"
            continue
        case = plain(call.renderer.text(param.name))
        if is_met or case == call.first:
            return call.renderer.text(param.value).strip(BLANKS)
        if case == "#default" or default == "\0":
            default = call.renderer.text(param.value).strip(BLANKS)
    return default.strip("\0")


def _formatnum(call: FunctionCall) -> str:
    if not call.first:
        raise UnknownValueError
    numbers = call.renderer.edition.numbers
    if call.compared(1) == "R":
        return numbers.plain(call.first)
    if call.compared(1) == "NOSEP":
        return replace(numbers, group="").format(call.first)
    return numbers.format(call.first)


def _plural(call: FunctionCall) -> str:
    """Return the form of a count: of two forms the first is for 1; of three as in Slavic languages."""
    digits = "".join(filter(str.isdigit, call.first))
    count = int(digits[-9:]) if digits else 0
    forms = len(call.params)
    if forms < 3:
        return call.value(1 if count == 1 else max(1, forms))
    if count % 10 == 1 and count % 100 != 11:
        return call.value(1)
    return call.value(2 if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else 3)


def _padleft(call: FunctionCall) -> str:
    return _pad(call, str.rjust)


def _padright(call: FunctionCall) -> str:
    return _pad(call, str.ljust)


def _pad(call: FunctionCall, justify: Callable[[str, int, str], str]) -> str:
    width = call.compared(1)
    mark = call.compared(2)[:1] or "0"
    return justify(call.first, min(int(width), 100), mark) if width.isdecimal() else call.first


def _tag(call: FunctionCall) -> str:
    """Return the content of `{{#tag:}}`, unless it is a footnote or the like."""
    return call.value(1) if call.first.lower() in ("span", "div", "nowiki", "small", "poem") else ""


def _replace(call: FunctionCall) -> str:
    old = call.compared(1)
    return call.first.replace(old, call.compared(2)) if old else call.first


FUNCTIONS: dict[str, Callable[[FunctionCall], str]] = {
    "#if": _if,
    "#ifeq": _ifeq,
    "#ifexpr": _ifexpr,
    "#iferror": _iferror,
    "#ifexist": _ifexist,
    "#expr": _expr,
    "#switch": _switch,
    "#tag": _tag,
    "#replace": _replace,
    "formatnum": _formatnum,
    "plural": _plural,
    "padleft": _padleft,
    "padright": _padright,
    "lc": lambda call: call.first.lower(),
    "uc": lambda call: call.first.upper(),
    "lcfirst": lambda call: call.first[:1].lower() + call.first[1:],
    "ucfirst": lambda call: call.first[:1].upper() + call.first[1:],
    "urlencode": lambda call: call.first,
    "anchorencode": lambda call: call.first,
}
"""Parser functions by name in lower case."""
