"""Expand the macros that a paper defines.

RedPajama-V1 expands macros without arguments that are defined in one line. This module expands macros
with arguments too, and each definition takes effect where TeX's would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from udfs.extract.latex_arguments import (
    ends_in_name,
    name_at_end,
    read_arguments,
    skip_blanks,
    substituted,
)
from udfs.extract.latex_braces import Budget, BudgetExceededError
from udfs.extract.latex_macros import Definition, Macro, definitions
from udfs.extract.latex_xparse import decided

# The budget of a paper in characters: a minimum and a multiple of its length. Real papers stay far
# below it.
_MIN_BUDGET = 1 << 18
_BUDGET_PER_CHARACTER = 4
_COST_OF_EXPANSION = 20  # characters, in addition to the length of the value
_MAX_DEPTH = 50  # macros in values of macros
_CONTROL = re.compile(r"\\(?:([A-Za-z]+)|.)", re.DOTALL)


class Expander:
    """Expands the macros of a paper as TeX does.

    A definition takes effect after its position, in all following texts. A macro that is used before
    its first definition has its last one, since RedPajama-V1 uses the definitions of all files.
    Definitions are removed from the texts.

    Parameters
    ----------
    texts
        The texts of a paper, without comments.
    macros
        Macros that are defined before the texts.

    Attributes
    ----------
    within_budget
        Whether all macros were expanded. If the expansion exceeds the budget, the texts keep all
        macros.
    """

    def __init__(
        self, texts: Iterable[str], macros: Mapping[str, Macro | None] | None = None
    ) -> None:
        texts = list(texts)
        self.within_budget = True
        self._budget = Budget(_BUDGET_PER_CHARACTER * sum(map(len, texts)) + _MIN_BUDGET)
        self._texts = [(text, definitions(text, self._budget)) for text in texts]
        self._last: dict[str, Macro] = {}  # the last definition of each name
        for _, by_start in self._texts:
            _add_definitions(self._last, by_start.values())
        # definitions before the current position
        self._defined: dict[str, Macro | None] = dict(macros or {})
        self._values: dict[str, str] = {}  # expanded values of macros without arguments

    def expand(self) -> list[str]:
        """Return the expanded texts in their order."""
        if self.within_budget:
            try:
                return [self._expand_text(text, by_start) for text, by_start in self._texts]
            except BudgetExceededError:
                self.within_budget = False
        return [_without_definitions(text, by_start) for text, by_start in self._texts]

    def macros(self) -> dict[str, Macro | None]:
        """Return the macros as they are defined at the end of the texts."""
        return {**self._last, **self._defined}

    def _expand_text(self, text: str, by_start: dict[int, Definition]) -> str:
        if not by_start and not self._last and not self._defined:
            return text
        out: list[str] = []
        position = 0
        for start, definition in by_start.items():
            before = text[position:start]
            out.append(self._expand(before, 0, len(before), 0) if "\\" in before else before)
            self._define(definition)
            position = _end_of_definition(text, start, definition.end)
        out.append(self._expand(text, position, len(text), 0))
        return "".join(out)

    def _define(self, definition: Definition) -> None:
        name, macro = definition.name, definition.macro
        if definition.provided and self._defined.get(name):
            return
        if macro and definition.alias:
            macro = self._defined.get(definition.alias) or macro
        self._defined[name] = macro
        self._values.clear()

    def _macro(self, name: str) -> Macro | None:
        return self._defined[name] if name in self._defined else self._last.get(name)

    def _expand(self, text: str, position: int, end: int, depth: int) -> str:
        """Return a part of a text with its macros expanded."""
        out: list[str] = []
        lookup, defined, last = self._macro, self._defined, self._last
        for control in _CONTROL.finditer(text, position, end):
            start, name = control.start(), control[1]
            if start < position or name is None or (name not in defined and name not in last):
                continue
            macro = lookup(name)
            if not macro:
                continue
            value, after = self._value(name, macro, text, control.end(), end, depth)
            if value is None:
                continue
            out += [text[position:start], value]
            position = after
        out.append(text[position:end])
        return "".join(out)

    def _value(
        self, name: str, macro: Macro, text: str, position: int, end: int, depth: int
    ) -> tuple[str | None, int]:
        """Return the expansion of a macro, and the position after its arguments.

        The expansion is None if arguments are missing or macros are nested too deeply.
        """
        if depth >= _MAX_DEPTH:
            return None, position
        result = self._value_with_arguments(macro, text, position, end, depth)
        if result is None:
            return None, position
        if not macro.parameters:
            own = self._value_without_arguments(name, macro, depth)
            # the braces that end a name in the source: \name{} text
            ended = text.startswith("{}", position, end) and not ends_in_name(own)
            result = own, position + 2 * ended
        value, position = result
        # a value may end in a macro whose arguments follow in the text
        last = name_at_end(value)
        following = self._macro(last[1]) if last and not macro.final else None
        if last and following and following.parameters and last[1] != name:
            result = self._value_with_arguments(following, text, position, end, depth)
            if result:
                self._budget.spend(len(value))
                value, position = value[: last.start()] + result[0], result[1]
        # TeX expands tokens, but in the text a blank must separate a name from the next letter
        if text[position : position + 1].isalpha() and ends_in_name(value):
            value += " "
        return value, position

    def _value_with_arguments(
        self, macro: Macro, text: str, position: int, end: int, depth: int
    ) -> tuple[str, int] | None:
        """Return the expansion of a macro with the arguments that follow, and their end.

        None if arguments are missing; an empty value for a macro without parameters.
        """
        if not macro.parameters:
            return "", position
        arguments = read_arguments(macro, text, position, end, self._budget)
        if arguments is None:
            return None
        value = substituted(macro, arguments[0])
        if macro.signature:
            value = decided(value, self._budget)
        self._budget.spend(len(value) + _COST_OF_EXPANSION)
        return self._expand(value, 0, len(value), depth + 1), arguments[1]

    def _value_without_arguments(self, name: str, macro: Macro, depth: int) -> str:
        value = self._values.get(name)
        if value is None:
            value = macro.pieces[0]
            if not macro.final and "\\" in value:
                value = self._expand(value, 0, len(value), depth + 1)
            if not depth:  # at other depths the limit may have stopped the expansion
                self._values[name] = value
        self._budget.spend(len(value) + _COST_OF_EXPANSION)
        return value


def _add_definitions(macros: dict[str, Macro], definitions: Iterable[Definition]) -> None:
    for definition in definitions:
        if definition.macro and not (definition.provided and definition.name in macros):
            macros[definition.name] = definition.macro


def _end_of_definition(text: str, start: int, end: int) -> int:
    """Return the position after a definition, or after its line if nothing else is in the line."""
    if text[start - 1 : start] in ("\n", ""):
        if text.startswith("\n", end):
            return end + 1
        after_blanks = skip_blanks(text, end)
        blanks = text[end:after_blanks]
        if text[after_blanks - 1 : after_blanks] == "\n" or "\n" in blanks:
            return end + blanks.index("\n") + 1
    return end


def _without_definitions(text: str, by_start: dict[int, Definition]) -> str:
    out: list[str] = []
    position = 0
    for start, definition in by_start.items():
        if start >= position:
            out.append(text[position:start])
            position = _end_of_definition(text, start, definition.end)
    out.append(text[position:])
    return "".join(out)
