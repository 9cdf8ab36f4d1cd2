r"""Arguments and tests of xparse (`\NewDocumentCommand`), and mathtools' paired delimiters."""

from __future__ import annotations

import re

from udfs.extract.latex_braces import Budget, closing_position

# in place of arguments; no text has these, since `decode_tex` removes control characters
NO_VALUE, TRUE, FALSE = "\x04", "\x05", "\x06"
_SPECIFIED = re.compile(
    r"\s*(?:>\s*\{[^{}]{0,200}\}\s*){0,3}(?:[+!]\s*){0,2}(?:(?P<plain>[mosg])|(?P<test>t\S)"
    r"|(?P<pair>[dr]\S\S)|O\s*\{(?P<default>(?:[^{}]|\{[^{}]{0,200}\}){0,200})\}"
    r"|(?P<pair_with>[DR]\S\S)\s*\{(?P<other>(?:[^{}]|\{[^{}]{0,200}\}){0,200})\}"
    r"|G\s*\{(?P<braced>(?:[^{}]|\{[^{}]{0,200}\}){0,200})\}|u\s*\{(?P<until>[^{}]{1,20})\})"
)
_TEST = re.compile(r"\\If(NoValue|Value|Boolean)(TF|T|F)(?![A-Za-z])\s{0,9}\{")
_NEXT = re.compile(r"\s{0,9}\{")
_COUNT = re.compile(r"\s{0,9}\[\s{0,9}([0-9])\s{0,9}\]")
_DEFAULTS = re.compile(r"\s{0,9}\[((?:[^\[\]{}]|\{[^{}]{0,200}\}){0,400})\]")
_NUMBERED = re.compile(r"([1-9])\s{0,9}=\s{0,9}((?:[^,{}]|\{[^{}]{0,200}\}){0,200})")
_PARAMETER = re.compile(r"(?<!\\)#([1-9])")
_MARKS = re.compile(f"[{NO_VALUE}{TRUE}{FALSE}]")

Parameter = tuple[str, str | None]
"""The kind of a parameter, and its default.

`m` is mandatory, `o` optional in brackets, `g` in braces, `d()` and `r()` between two characters, `s` a star
that may be missing and `t+` another character, `u` what precedes the text that takes the default's place,
and `l` that text itself, which is no argument.
"""


def parameters(specification: str) -> tuple[Parameter, ...] | None:
    r"""Return the parameters of an xparse specification; None for kinds that are not read.

    >>> parameters("s O{x} m d() t+")
    (('s', None), ('o', 'x'), ('m', None), ('d()', '\x04'), ('t+', None))
    """
    parsed: list[Parameter] = []
    position, end = 0, len(specification.rstrip())
    while position < end:
        match = _SPECIFIED.match(specification, position, end)
        if not match or len(parsed) == 9:
            return None
        kind = match["plain"] or match["test"] or match["pair"] or match["pair_with"] or "o"
        kind = "g" if match["braced"] is not None else kind[0].lower() + kind[1:]
        if match["until"]:
            parsed.append(("u", match["until"]))
        elif kind[0] in "mst" or (match["pair"] == kind and kind[0] == "r"):
            parsed.append((kind, None))
        else:
            given = (match["default"], match["other"], match["braced"])
            parsed.append((kind, next((text for text in given if text is not None), NO_VALUE)))
        position = match.end()
    return tuple(parsed)


def decided(value: str, budget: Budget) -> str:
    r"""Return a value, with its arguments in place, without `\IfNoValueTF`, `\IfBooleanTF` and others.

    Raises
    ------
    BudgetExceededError
        The tests are longer than the budget.
    """
    position = 0
    while test := _TEST.search(value, position):
        start = test.start()
        subject_end = closing_position(value, test.end(), budget)
        branches: list[str] = []
        end = None if subject_end is None else subject_end + 1
        for _ in test[2]:
            begin = _NEXT.match(value, end) if end is not None else None
            close = closing_position(value, begin.end(), budget) if begin else None
            if begin is None or close is None:
                end = None
                break
            branches.append(value[begin.end() : close])
            end = close + 1
        if end is None or subject_end is None:
            position = test.end()
            continue
        subject = value[test.end() : subject_end].strip()
        holds = (
            subject == TRUE
            if test[1] == "Boolean"
            else (subject == NO_VALUE) == (test[1] == "NoValue")
        )
        if test[2] == "TF":
            chosen = branches[0] if holds else branches[1]
        else:
            chosen = branches[0] if holds == (test[2] == "T") else ""
        budget.spend(len(value))
        value = value[:start] + chosen + value[end:]
        position = start
    return _MARKS.sub("", value)


def declared(
    text: str, command: str, position: int, budget: Budget
) -> tuple[tuple[Parameter, ...] | None, str, int] | None:
    r"""Return the parameters, value and end of what a command declares; None if it is incomplete.

    The parameters are None for kinds that are not read.

    Parameters
    ----------
    command
        `NewDocumentCommand` and its like, `newcommandx`, or `DeclarePairedDelimiter`, alone or with `X` or
        `XPP`.
    position
        The position after the name that is declared.

    Raises
    ------
    BudgetExceededError
        The declaration is longer than the budget.
    """
    if command.endswith("commandx"):
        return _of_xargs(text, position, budget)
    if not command.startswith("DeclarePaired"):
        groups = _groups(text, position, 2, budget)
        return groups and (parameters(groups[0][0]), groups[0][1], groups[1])
    form = command.removeprefix("DeclarePairedDelimiter")
    count = 1
    counted = _COUNT.match(text, position) if form else None
    if counted:
        count, position = int(counted[1]), counted.end()
    groups = _groups(text, position, {"": 2, "X": 3, "XPP": 5}[form], budget)
    if groups is None:
        return None
    parts = [_PARAMETER.sub(_shifted, part) for part in groups[0]]
    before = after = ""
    if form == "XPP":
        before, left, right, after, body = parts
    else:
        left, right, body = (*parts, "#3")[:3]
    mandatory: list[Parameter] = [("m", None)] * count
    value = before + _delimited(left, right, body.replace("\\delimsize", "")) + after
    return (("s", None), ("o", NO_VALUE), *mandatory), value, groups[1]


def _of_xargs(
    text: str, position: int, budget: Budget
) -> tuple[tuple[Parameter, ...], str, int] | None:
    r"""Return the parameters, value and end of `[2][1=a]{...}`, as `\newcommandx` has them."""
    kinds: list[Parameter] = []
    if counted := _COUNT.match(text, position):
        kinds = [("m", None)] * int(counted[1])
        position = counted.end()
    if kinds and (defaults := _DEFAULTS.match(text, position)):
        for number, default in _NUMBERED.findall(defaults[1]):
            if 0 < int(number) <= len(kinds):
                kinds[int(number) - 1] = ("o", default.strip().removeprefix("{").removesuffix("}"))
        position = defaults.end()
    groups = _groups(text, position, 1, budget)
    return groups and (tuple(kinds), groups[0][0], groups[1])


def delimited_parameters(text: str) -> tuple[Parameter, ...]:
    r"""Return the parameters of `\def\name(#1,#2){...}`, given the text before the value; empty if unread.

    >>> delimited_parameters("(#1,#2)")
    (('l', '('), ('u', ','), ('u', ')'))
    """
    before, *parts = _PARAMETER.split(text)
    numbers, delimiters = parts[::2], parts[1::2]
    if not numbers or numbers != [str(number) for number in range(1, len(numbers) + 1)]:
        return ()
    if "#" in before or any("#" in delimiter for delimiter in delimiters):
        return ()
    literal: list[Parameter] = [("l", before)] if before else []
    kinds: list[Parameter] = [("u", text) if text else ("m", None) for text in delimiters]
    return (*literal, *kinds)


def _delimited(left: str, right: str, body: str) -> str:
    r"""Return the value of a paired delimiter, whose parameters are a star, a size and its own.

    `\abs{x}` has the delimiters as they are, `\abs*{x}` has `\left` and `\right`, and `\abs[\big]{x}` has
    the size before each.
    """
    blank = " " if left[-1:].isalpha() and body[:1].isalpha() else ""
    return (
        f"\\IfBooleanTF{{#1}}{{\\left{left} {body}\\right{right}}}"
        f"{{\\IfNoValueTF{{#2}}{{{left}{blank}{body}{right}}}{{#2{left} {body}#2{right}}}}}"
    )


def _shifted(parameter: re.Match[str]) -> str:
    """Return a delimiter's own parameter, which follows star and size."""
    return f"#{min(9, int(parameter[1]) + 2)}"


def _groups(text: str, position: int, count: int, budget: Budget) -> tuple[list[str], int] | None:
    """Return the contents of groups in braces, and the position after them; None if one is missing."""
    contents: list[str] = []
    for _ in range(count):
        begin = _NEXT.match(text, position)
        end = closing_position(text, begin.end(), budget) if begin else None
        if begin is None or end is None:
            return None
        contents.append(text[begin.end() : end])
        position = end + 1
    return contents, position
