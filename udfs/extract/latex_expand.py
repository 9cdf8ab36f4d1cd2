"""A paper's own macros replaced by what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from udfs.extract.latex_braces import Budget, TooMuchError, closing
from udfs.extract.latex_macros import Definition, Macro, definitions

# what expanding may write and look at beyond the text, in characters; real papers stay far below it
_FREE = 1 << 18
_TIMES = 4
_EACH = 20  # characters that an expansion counts for by itself
_DEEPEST = 50  # macros in macros
_CONTROL = re.compile(r"\\(?:([A-Za-z]+)|.)", re.DOTALL)
_ENDS_IN_NAME = re.compile(r"\\([A-Za-z]+)\s*\Z")
_BLANK = re.compile(r"[ \t]*\n?[ \t]*")
_TOKEN = re.compile("\x02[0-9]+\x03|\\\\(?:[A-Za-z]+|.)|[^\\s{}\\\\]")
_LONGEST_NAME = 64


class Expander:
    """Replaces macros as TeX does: a definition counts from where it stands on, in all files.

    A macro that is used before its definition, or in another file than it, has the last one, as
    RedPajama-V1 takes all. Definitions are taken out of the text.

    Parameters
    ----------
    texts
        The texts of a paper, without comments.

    Attributes
    ----------
    expanding
        False once macros have grown beyond all measure: the texts keep their macros then.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        texts = list(texts)
        self.expanding = True
        self._budget = Budget(_TIMES * sum(map(len, texts)) + _FREE)
        self._texts = [(text, definitions(text, self._budget)) for text in texts]
        self.later: dict[str, Macro] = {}
        for _, found in self._texts:
            _define(self.later, found.values())
        self._defined: dict[str, Macro | None] = {}
        self._values: dict[str, str] = {}  # of macros without arguments, macros in them expanded

    def expanded(self) -> list[str]:
        """Return the texts, expanded, in their order."""
        if self.expanding:
            try:
                return [self._top(text, found) for text, found in self._texts]
            except TooMuchError:
                self.expanding = False
        return [_without(text, found) for text, found in self._texts]

    def _top(self, text: str, found: dict[int, Definition]) -> str:
        if not found and not self.later:
            return text
        out: list[str] = []
        position = 0
        for start, definition in found.items():
            before = text[position:start]
            out.append(self._run(before, 0, len(before), 0) if "\\" in before else before)
            self._learn(definition)
            position = _behind(text, start, definition.end)
        out.append(self._run(text, position, len(text), 0))
        return "".join(out)

    def _learn(self, definition: Definition) -> None:
        name, macro = definition.name, definition.macro
        if definition.provided and self._defined.get(name):
            return
        if macro and definition.alias:
            macro = self._defined.get(definition.alias) or macro
        self._defined[name] = macro
        self._values.clear()

    def _macro(self, name: str) -> Macro | None:
        return self._defined[name] if name in self._defined else self.later.get(name)

    def _run(self, text: str, position: int, end: int, depth: int) -> str:
        """Return a part of a text, expanded."""
        out: list[str] = []
        lookup, defined, later = self._macro, self._defined, self.later
        for control in _CONTROL.finditer(text, position, end):
            start, name = control.start(), control[1]
            if start < position or name is None or (name not in defined and name not in later):
                continue
            macro = lookup(name)
            if not macro:
                continue
            value, behind = self._value(name, macro, text, control.end(), end, depth)
            if value is None:
                continue
            out += [text[position:start], value]
            position = behind
        out.append(text[position:end])
        return "".join(out)

    def _value(
        self, name: str, macro: Macro, text: str, at: int, end: int, depth: int
    ) -> tuple[str | None, int]:
        """Return what a macro and its arguments become, and the place behind them."""
        if depth >= _DEEPEST:
            return None, at
        filled = self._filled(macro, text, at, end, depth)
        if filled is None:
            return None, at
        value, at = filled if macro.parameters else (self._plain(name, macro, depth), at)
        # a value may end in a macro whose arguments stand behind this one
        last = _ENDS_IN_NAME.search(value, max(0, len(value) - _LONGEST_NAME))
        following = self._macro(last[1]) if last and not macro.final else None
        if last and following and following.parameters and last[1] != name:
            filled = self._filled(following, text, at, end, depth)
            if filled:
                self._budget.take(len(value))
                value, at = value[: last.start()] + filled[0], filled[1]
        # TeX has read the names already; as text they need a blank between them
        if text[at : at + 1].isalpha() and _ends_in_name(value):
            value += " "
        return value, at

    def _filled(
        self, macro: Macro, text: str, at: int, end: int, depth: int
    ) -> tuple[str, int] | None:
        """Return a macro's value with the arguments at a place, expanded, and the place behind."""
        if not macro.parameters:
            return "", at
        found = self._arguments(macro, text, at, end)
        if found is None:
            return None
        value = _joined(macro, found[0])
        self._budget.take(len(value) + _EACH)
        return self._run(value, 0, len(value), depth + 1), found[1]

    def _plain(self, name: str, macro: Macro, depth: int) -> str:
        value = self._values.get(name)
        if value is None:
            value = macro.pieces[0]
            if not macro.final and "\\" in value:
                value = self._run(value, 0, len(value), depth + 1)
            if not depth:  # deeper down the depth may have cut it short
                self._values[name] = value
        self._budget.take(len(value) + _EACH)
        return value

    def _arguments(
        self, macro: Macro, text: str, at: int, end: int
    ) -> tuple[list[str], int] | None:
        """Return a macro's arguments and the place behind them; None where they are not there."""
        arguments: list[str] = []
        if macro.default is not None:
            begin = _skipped(text, at)
            close = None
            if text.startswith("[", begin) and begin < end:
                close = closing(text, begin + 1, self._budget, "]")
            if close is not None and close < end:
                arguments.append(text[begin + 1 : close])
                at = close + 1
            else:
                arguments.append(macro.default)
        while len(arguments) < macro.parameters:
            begin = _skipped(text, at)
            if begin >= end:
                return None
            if text[begin] == "{":
                close = closing(text, begin + 1, self._budget)
                if close is None or close >= end:
                    return None
                arguments.append(text[begin + 1 : close])
                at = close + 1
            else:
                token = _TOKEN.match(text, begin, end)
                if not token:
                    return None
                arguments.append(token[0])
                at = token.end()
        return arguments, at


def _define(macros: dict[str, Macro], found: Iterable[Definition]) -> None:
    for definition in found:
        if definition.macro and not (definition.provided and definition.name in macros):
            macros[definition.name] = definition.macro


def _joined(macro: Macro, arguments: list[str]) -> str:
    """Return a macro's value with its arguments in it."""
    out: list[str] = []
    for at, piece in enumerate(macro.pieces):
        text = arguments[int(piece) - 1] if at % 2 else piece
        if text[:1].isalpha() and out and _ends_in_name(out[-1]):
            out.append(" ")
        if text:
            out.append(text)
    return "".join(out)


def _ends_in_name(text: str) -> bool:
    return _ENDS_IN_NAME.search(text, max(0, len(text) - _LONGEST_NAME)) is not None and (
        text[-1:].isalpha()
    )


def _skipped(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _behind(text: str, start: int, end: int) -> int:
    """Return the place behind a definition, and behind its line if it had that for itself."""
    if text[start - 1 : start] in ("\n", ""):
        blank = _skipped(text, end)
        if text[blank - 1 : blank] == "\n" or "\n" in text[end:blank]:
            return end + text[end:blank].index("\n") + 1
    return end


def _without(text: str, found: dict[int, Definition]) -> str:
    out: list[str] = []
    position = 0
    for start, definition in found.items():
        if start >= position:
            out.append(text[position:start])
            position = _behind(text, start, definition.end)
    out.append(text[position:])
    return "".join(out)
