"""Find the macros that a paper defines and that can be expanded as text."""

from __future__ import annotations

import re
from typing import NamedTuple

from udfs.extract.latex_braces import Budget, BudgetExceededError, closing_position
from udfs.extract.latex_xparse import Parameter, declared, delimited_parameters

_DEFINING = re.compile(
    r"\\(?=[DNPRdeglnprx])(?:(?P<command>newcommand|renewcommand|providecommand|DeclareRobustCommand"
    r"|(?:re)?newrobustcmd|providerobustcmd)(?![A-Za-z@])\*?"
    r"|(?P<xargs>(?:re|provide)?newcommandx)(?![A-Za-z@])\*?"
    r"|(?P<document>(?:New|Renew|Provide|Declare)(?:Expandable)?DocumentCommand)(?![A-Za-z@])"
    r"|(?P<paired>DeclarePairedDelimiter(?:X(?:PP)?)?)(?![A-Za-z@])"
    r"|(?P<operator>DeclareMathOperator)(?![A-Za-z@])(?P<star>\*?)"
    r"|(?P<definition>[gex]?def)(?![A-Za-z@])"
    r"|(?P<let>let)(?![A-Za-z@]))"
)
_PREFIX = re.compile(r"(?:\\(?:global|long|protected|outer)\s{0,3}){1,3}\Z")
_MAX_PREFIX = 40  # characters
# Most definitions are so simple that one regular expression reads them. Its alternatives start with
# different characters, so that it does not backtrack and takes linear time.
_MAX_SIMPLE = 500  # characters
_SIMPLE = re.compile(
    r"\\(?:(?:re)?newcommand\s{0,9}(?:\{\\([A-Za-z]+)\}|\\([A-Za-z]+))\s{0,9}(?:\[([0-9])\])?"
    r"|def\s{0,9}\\([A-Za-z]+))\s{0,9}\{((?:[^{}\\]|\\.|\{[^{}\\]*(?:\\[^{}][^{}\\]*)*\})*)\}"
)
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z@]+|[^A-Za-z@])\s*\}|\\([A-Za-z@]+|[^A-Za-z@]))")
_COUNT = re.compile(r"\s*\[\s*([0-9])\s*\]")
_PARAMETERS = re.compile(r"\s*((?:#[1-9]){0,9})\s*(?=\{)")
_DELIMITED = re.compile(r"[^{}\n]{0,200}(?=\{)")
_MEANING = re.compile(r"\s{0,9}=?\s{0,9}(\\(?:[A-Za-z@]+|.)|[^\s\\{}])")
_BLANK = re.compile(r"\s*")
_PARAMETER = re.compile(r"(?<!\\)#([1-9])")
# values that are programs: expanded as text they are less readable than the macro's name
_PROGRAM = re.compile(
    r"\\(?:[A-Za-z]*@|(?:expandafter|csname|futurelet|else|fi|let|[gex]?def|(?:re)?newcommand"
    r"|providecommand|DeclareMathOperator|catcode|afterassignment|if(?!f(?![A-Za-z]))[a-z]*)(?![A-Za-z]))"
    r"|##"
)
_STRUCTURE = """
    begin end documentclass documentstyle usepackage input include subfile import subimport
    title author date maketitle abstract appendix bibliography bibliographystyle printbibliography
    chapter part section subsection subsubsection paragraph subparagraph
    item label ref eqref cite footnote caption verb left right par
    newcommand renewcommand providecommand def let DeclareMathOperator DeclareRobustCommand
    gdef edef xdef global long
    newsec subsec subsubsec head endhead heading endheading subhead endsubhead beginsection
    document enddocument bye end Title listrefs Refs endRefs
"""
# commands that are never expanded, even if a paper redefines them: other rules look for them
PROTECTED = frozenset(_STRUCTURE.split())


class Macro(NamedTuple):
    """The value of a macro.

    Attributes
    ----------
    parameters
        The number of arguments; the first may be optional.
    default
        The default of the first argument if it is optional, else None.
    pieces
        The value split at its parameters: text, number, text, number, ..., text.
    final
        Whether the value is not expanded further, even if it is the name of a macro.
    signature
        The kinds of all parameters; empty for a macro whose first one alone may be optional.
    """

    parameters: int
    default: str | None
    pieces: tuple[str, ...]
    final: bool = False
    signature: tuple[Parameter, ...] = ()

    @property
    def value(self) -> str:
        """The value as in the paper."""
        return "".join(
            f"#{piece}" if index % 2 else piece for index, piece in enumerate(self.pieces)
        )


class Definition(NamedTuple):
    r"""A definition in a text.

    Attributes
    ----------
    end
        The position after the definition.
    macro
        None if the macro cannot be expanded as text.
    alias
        The name of the command that `\let` copies.
    provided
        Whether an earlier definition of the name takes precedence (`\providecommand`).
    """

    end: int
    name: str
    macro: Macro | None
    alias: str | None = None
    provided: bool = False


def definitions(text: str, budget: Budget) -> dict[int, Definition]:
    r"""Return the definitions in a text by the position of their start.

    Definitions are `\newcommand`, `\renewcommand`, `\providecommand`, `\DeclareRobustCommand`,
    `\DeclareMathOperator`, `\def`, `\gdef`, `\edef` and `\xdef`, `\let`, and those of xparse, xargs and
    mathtools. Incomplete definitions are ignored, and so are definitions after the budget is exceeded.
    """
    by_start: dict[int, Definition] = {}
    command = _DEFINING.search(text)
    try:
        while command:
            definition = _definition(text, command, budget)
            if definition:
                by_start[_start_with_prefixes(text, command.start())] = definition
            command = _DEFINING.search(text, definition.end if definition else command.end())
    except BudgetExceededError:
        return by_start  # the other definitions stay in the text
    return by_start


def _definition(text: str, command: re.Match[str], budget: Budget) -> Definition | None:
    """Return the definition that starts with a command; None if it is incomplete."""
    simple = _SIMPLE.match(text, command.start(), command.start() + _MAX_SIMPLE)
    if simple:
        name = simple[1] or simple[2] or simple[4]
        return Definition(simple.end(), name, _macro(name, int(simple[3] or 0), None, simple[5]))
    named = _NAME.match(text, command.end())
    if not named:
        return None
    budget.spend(named.end() - command.end())
    name, position = named[1] or named[2], named.end()
    if command["let"]:
        meaning = _MEANING.match(text, position)
        if not meaning:
            return None
        target = meaning[1].removeprefix("\\") if meaning[1][1:].isalpha() else None
        alias = Macro(0, None, (meaning[1],), final=True)
        usable = name not in PROTECTED and target not in ("relax", "undefined")
        return Definition(meaning.end(), name, alias if usable else None, target)
    if command["document"] or command["paired"] or command["xargs"]:
        return _declared(text, command, name, position, budget)
    parameters, default, readable = 0, None, True
    delimited: tuple[Parameter, ...] = ()
    if command["definition"]:
        plain = _PARAMETERS.match(text, position)
        signature = plain or _DELIMITED.match(text, position)
        if not signature:
            return None
        if plain:
            parameters = len(plain[1]) // 2
        else:
            delimited = delimited_parameters(signature[0])
            readable = bool(delimited)
            parameters = sum(kind != "l" for kind, _ in delimited)
        position = signature.end()
    elif command["command"] and (count := _COUNT.match(text, position)):
        parameters, position = int(count[1]), count.end()
        begin = _skip_blanks(text, position, budget)
        if text.startswith("[", begin):
            end = closing_position(text, begin + 1, budget, "]")
            if end is None:
                return None
            default, position = text[begin + 1 : end], end + 1
    position = _skip_blanks(text, position, budget)
    if not text.startswith("{", position):
        return None
    end = closing_position(text, position + 1, budget)
    if end is None:
        return None
    value = text[position + 1 : end]
    if command["operator"]:
        value = f"\\operatorname{command['star']}{{{value}}}"
    macro = _macro(name, parameters, default, value) if readable else None
    if macro and delimited:
        macro = macro._replace(signature=delimited)
    return Definition(end + 1, name, macro, provided=command["command"] == "providecommand")


def _declared(
    text: str, command: re.Match[str], name: str, position: int, budget: Budget
) -> Definition | None:
    """Return the definition of a command of xparse or xargs, or of a paired delimiter of mathtools."""
    command_name = command["document"] or command["paired"] or command["xargs"]
    declaration = declared(text, command_name, position, budget)
    if declaration is None:
        return None
    signature, value, end = declaration
    macro = None if signature is None else _macro(name, len(signature), None, value)
    if macro and signature:
        macro = macro._replace(signature=signature)
    provided = command_name.lower().startswith("provide")
    return Definition(end, name, macro, provided=provided)


def _macro(name: str, parameters: int, default: str | None, value: str) -> Macro | None:
    """Return the macro with a value; None if it cannot be expanded as text."""
    if name in PROTECTED or not name[0].isalpha():
        return None
    if "\\" in value:
        if _PROGRAM.search(value):
            return None
        # \xspace adds a blank where the text has one already
        value = value.replace("\\xspace", "")
    value = value.strip()
    if "#" not in value:
        return Macro(parameters, default, (value,))
    pieces = tuple(_PARAMETER.split(value))
    if "##" in value or any(int(number) > parameters for number in pieces[1::2]):
        return None
    return Macro(parameters, default, pieces)


def _start_with_prefixes(text: str, start: int) -> int:
    r"""Return the start of a definition with its prefixes, such as `\global` and `\long`."""
    if text[start - 1 : start] in ("\n", ""):
        return start
    before = text[max(0, start - _MAX_PREFIX) : start].rstrip()
    if not before.endswith(("global", "long", "protected", "outer")):
        return start
    prefix = _PREFIX.search(text, max(0, start - _MAX_PREFIX), start)
    return prefix.start() if prefix else start


def _skip_blanks(text: str, position: int, budget: Budget) -> int:
    blank = _BLANK.match(text, position)
    end = blank.end() if blank else position
    budget.spend(end - position)
    return end
