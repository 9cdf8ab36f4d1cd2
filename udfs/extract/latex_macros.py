"""The macros that a paper defines, as far as they can be expanded as text."""

from __future__ import annotations

import re
from typing import NamedTuple

from udfs.extract.latex_braces import Budget, TooMuchError, closing

_DEFINING = re.compile(
    r"\\(?:(?P<command>newcommand|renewcommand|providecommand|DeclareRobustCommand)(?![A-Za-z@])\*?"
    r"|(?P<operator>DeclareMathOperator)(?![A-Za-z@])(?P<star>\*?)"
    r"|(?P<definition>[gex]?def)(?![A-Za-z@])"
    r"|(?P<let>let)(?![A-Za-z@]))"
)
_PREFIX = re.compile(r"(?:\\(?:global|long|protected|outer)\s{0,3}){1,3}\Z")
_LONGEST_PREFIX = 40
# most definitions are so plain that one look is enough; each alternative begins in its own way, and
# where another definition is not closed it cannot be read over, so this is linear
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
# values that are programs: as text they would be worse than the macro's name
_PROGRAM = re.compile(
    r"\\(?:[A-Za-z]*@|(?:expandafter|csname|futurelet|else|fi|let|[gex]?def|(?:re)?newcommand"
    r"|providecommand|DeclareMathOperator|catcode|afterassignment|if(?!f(?![A-Za-z]))[a-z]*)(?![A-Za-z]))"
    r"|##"
)
# what the structure of a paper is read from keeps its name, whatever a style makes of it
PROTECTED = frozenset(
    (
        *(
            "begin",
            "end",
            "documentclass",
            "documentstyle",
            "usepackage",
            "input",
            "include",
            "subfile",
        ),
        *("import", "subimport", "title", "author", "date", "maketitle", "abstract", "appendix"),
        *(
            "bibliography",
            "bibliographystyle",
            "printbibliography",
            "chapter",
            "part",
            "section",
            "subsection",
            "subsubsection",
        ),
        *("paragraph", "subparagraph", "item", "label", "ref", "eqref", "cite", "footnote"),
        *(
            "caption",
            "verb",
            "left",
            "right",
            "par",
            "newcommand",
            "renewcommand",
            "providecommand",
        ),
        *(
            "def",
            "let",
            "DeclareMathOperator",
            "DeclareRobustCommand",
            "gdef",
            "edef",
            "xdef",
            "global",
        ),
        *("long",),
    )
)


_LONGEST_SIMPLE = 500


class Macro(NamedTuple):
    """What a name stands for.

    Attributes
    ----------
    parameters
        How many arguments it takes; the first may be optional.
    default
        Of the first argument, if it is optional.
    pieces
        The value, parted at its parameters: text, number, text, number, .. text.
    final
        The value is no macro, even if there is one of its name.
    """

    parameters: int
    default: str | None
    pieces: tuple[str, ...]
    final: bool = False

    @property
    def value(self) -> str:
        """The value as it was written."""
        return "".join(f"#{each}" if at % 2 else each for at, each in enumerate(self.pieces))


class Definition(NamedTuple):
    r"""A definition in a text, up to `end`; without a macro it cannot be expanded as text.

    `alias` is the name that `\let` copies; `provided` that an earlier definition comes first.
    """

    end: int
    name: str
    macro: Macro | None
    alias: str | None = None
    provided: bool = False


def definitions(text: str, budget: Budget) -> dict[int, Definition]:
    r"""Return the definitions in a text by where they start.

    Read are `\newcommand`, `\renewcommand`, `\providecommand`, `\DeclareRobustCommand`,
    `\DeclareMathOperator`, `\def` and its like with plain parameters, and `\let`. What does not
    look like a definition to its end is none. Where the budget ends, the rest is not looked at.
    """
    found: dict[int, Definition] = {}
    start = _DEFINING.search(text)
    try:
        while start:
            definition = _definition(text, start, budget)
            if definition:
                found[_begin(text, start.start())] = definition
            start = _DEFINING.search(text, definition.end if definition else start.end())
    except TooMuchError:
        pass  # they stay in the text, where a reader sees them
    return found


def _definition(text: str, start: re.Match[str], budget: Budget) -> Definition | None:
    simple = _SIMPLE.match(text, start.start(), start.start() + _LONGEST_SIMPLE)
    if simple:
        name = simple[1] or simple[2] or simple[4]
        return Definition(simple.end(), name, _macro(name, int(simple[3] or 0), None, simple[5]))
    named = _NAME.match(text, start.end())
    if not named:
        return None
    budget.take(named.end() - start.end())
    name, at = named[1] or named[2], named.end()
    if start["let"]:
        meaning = _MEANING.match(text, at)
        if not meaning:
            return None
        target = meaning[1].removeprefix("\\") if meaning[1][1:].isalpha() else None
        alias = Macro(0, None, (meaning[1],), final=True)
        usable = name not in PROTECTED and target not in ("relax", "undefined")
        return Definition(meaning.end(), name, alias if usable else None, target)
    parameters, default, readable = 0, None, True
    if start["definition"]:
        signature = _PARAMETERS.match(text, at)
        readable = signature is not None
        signature = signature or _DELIMITED.match(text, at)
        if not signature:
            return None
        parameters, at = len(signature[1]) // 2 if readable else 0, signature.end()
    elif start["command"] and (count := _COUNT.match(text, at)):
        parameters, at = int(count[1]), count.end()
        begin = _skip(text, at, budget)
        if text.startswith("[", begin):
            end = closing(text, begin + 1, budget, "]")
            if end is None:
                return None
            default, at = text[begin + 1 : end], end + 1
    at = _skip(text, at, budget)
    if not text.startswith("{", at):
        return None
    end = closing(text, at + 1, budget)
    if end is None:
        return None
    value = text[at + 1 : end]
    if start["operator"]:
        value = f"\\operatorname{start['star']}{{{value}}}"
    macro = _macro(name, parameters, default, value) if readable else None
    return Definition(end + 1, name, macro, provided=start["command"] == "providecommand")


def _macro(name: str, parameters: int, default: str | None, value: str) -> Macro | None:
    if name in PROTECTED or not name[0].isalpha() or _PROGRAM.search(value):
        return None
    # xspace is the blank that a reader of text has anyway
    value = value.replace("\\xspace", "").strip()
    pieces = tuple(_PARAMETER.split(value)) if "#" in value else (value,)
    if any(int(each) > parameters for each in pieces[1::2]):
        return None
    return Macro(parameters, default, pieces)


def _begin(text: str, start: int) -> int:
    r"""Return where a definition starts, with `\global`, `\long` and the like before it."""
    before = text[max(0, start - _LONGEST_PREFIX) : start].rstrip()
    if not before.endswith(("global", "long", "protected", "outer")):
        return start
    prefix = _PREFIX.search(text, max(0, start - _LONGEST_PREFIX), start)
    return prefix.start() if prefix else start


def _skip(text: str, at: int, budget: Budget) -> int:
    blank = _BLANK.match(text, at)
    end = blank.end() if blank else at
    budget.take(end - at)
    return end
