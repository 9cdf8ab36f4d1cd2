r"""Decide the conditionals of a paper whose result its sources tell: `\iffalse`, `\if0`, own switches.

What TeX would not print goes, with the commands around what it prints. Conditionals that depend on
TeX's state, such as `\ifmmode` and `\ifx`, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from udfs.extract.latex_arguments import ends_in_name
from udfs.extract.latex_braces import Budget, BudgetExceededError, closing_position
from udfs.extract.latex_comparisons import Definitions, chosen, comparison, of_definition
from udfs.extract.latex_constants import constants
from udfs.extract.latex_switches import Switches, setting

_MAX_TAIL = 64  # characters
_OF_TEX = """
    if ifcat ifnum ifdim ifodd ifvmode ifhmode ifmmode ifinner ifvoid ifhbox ifvbox ifx ifeof iftrue
    iffalse ifcase ifdefined ifcsname iffontchar ifincsname ifpdf ifxetex ifluatex ifpdftex
"""
_PRIMITIVES = frozenset(_OF_TEX.split())
# macros with arguments, which end without \fi
_WITH_ARGUMENTS = """
    iff ifthenelse iftoggle ifbool ifboolexpr ifboolexpe ifdef ifcsdef ifundef ifcsundef ifdefstring
    ifdefempty ifdefvoid ifstrequal ifstrempty ifblank ifnumcomp ifnumequal ifnumgreater ifnumless
    ifnumodd ifdimcomp ifinlist ifentrytype iffieldundef ifnameundef iflistundef ifciteseen
"""
_MACROS = frozenset(_WITH_ARGUMENTS.split())
_KINDS = {
    **{"branch": "branch", "if": "if", "choice": "choice", "declared": "declared"},
    **dict.fromkeys(("equal", "compared"), "choice"),
    **dict.fromkeys(("value", "to_value", "of_true", "to_let"), "set"),
}
_OTHER_ARGUMENT = re.compile(r"\s{0,99}\{")


class Token:
    """A command of a conditional: `if`, `else`, `or`, `fi`, or one that sets or asks a switch."""

    __slots__ = ("depth", "end", "fi", "kind", "match", "middle", "start")

    def __init__(self, kind: str, match: re.Match[str]) -> None:
        self.kind = kind
        self.match = match
        self.start, self.end = match.span()
        self.depth = 0  # open braces before it
        self.middle: Token | None = None  # the \else of an if
        self.fi: Token | None = None


def without_false_branches(texts: Mapping[str, str], styles: Iterable[str] = ()) -> dict[str, str]:
    r"""Return the files of a paper, by name, without the branches that TeX would not print.

    Decided are `\iffalse`, `\iftrue`, `\if` between characters and `\ifnum` between numbers (or macros
    with such a value), switches that the paper declares with `\newif`, `\newbool`, `\newboolean` and
    `\newtoggle`, `\ifbool`, `\iftoggle` and `\ifthenelse` of them, and whether the paper defines a macro
    (`\ifdefined`, `\ifx` with `\undefined`). A switch has the value that was
    set last before it in its file, and before that the one that all other files set; it is not decided
    where that depends on something else.

    Parameters
    ----------
    texts
        The files without comments.
    styles
        The paper's own style files, which may declare switches.
    """
    if not any("\\if" in text for text in texts.values()):
        return dict(texts)
    styles = list(styles)
    switches = Switches(texts, styles)
    values = constants([*styles, *texts.values()])
    definitions = Definitions((*styles, *texts.values()))
    return {
        name: _File(text, switches, values, definitions).decided(name) if "\\if" in text else text
        for name, text in texts.items()
    }


class _File:
    """Decides the conditionals of a file, in one pass over its commands."""

    def __init__(
        self,
        text: str,
        switches: Switches,
        values: Mapping[str, str],
        definitions: Definitions,
    ) -> None:
        self._text = text
        self._switches = switches
        self._values = values
        self._definitions = definitions
        self._text_start = text.find("\\begin{document}")
        self._out: list[str] = []
        self._copied = 0
        self._removals: list[tuple[int, int]] = []  # ranges to come, the next one last
        self._budget: Budget | None = Budget(4 * len(text) + 1000)

    def decided(self, name: str) -> str:
        state = self._switches.before(name)
        tokens = _paired(self._switches.tokens(self._text))
        _count_braces(self._text, tokens)
        undecided = 0
        for token in tokens:
            self._remove_until(token.start)
            if token.start < self._copied:
                continue
            match = token.match
            if token.kind == "set":
                certain = token.depth <= 0 and not undecided
                switch, value = setting(match)
                state[switch] = value if certain else None
                self._remove(token.start, token.end)
            elif token.kind == "declared":
                self._remove(token.start, token.end)
            elif token.kind == "choice":
                self._choose(token, state)
            elif token.kind == "if" and token.fi:
                decision = self._decision(token, state)
                if decision is None or not self._branch(token, *decision):
                    undecided += 1
                    token.fi.kind = "open"
            elif token.kind == "open":
                undecided -= 1
        self._remove_until(len(self._text))
        self._out.append(self._text[self._copied :])
        return "".join(self._out)

    def _decision(self, token: Token, state: Mapping[str, bool | None]) -> tuple[bool, int] | None:
        """Return whether a condition holds, and its end; None if that is unknown."""
        name = token.match["if"]
        if name in ("iftrue", "iffalse"):
            return name == "iftrue", token.end
        if name in ("ifx", "ifdefined"):
            is_text = token.start > self._text_start
            return of_definition(name, self._text, token.end, self._definitions, is_text)
        if name in ("if", "ifnum", "ifodd"):
            return comparison(name, self._text, token.end, self._values)
        holds = state.get(name[2:])
        return None if holds is None else (holds, token.end)

    def _branch(self, token: Token, holds: bool, end: int) -> bool:
        """Plan to remove what does not hold; return whether that leaves all braces in pairs."""
        middle, fi = token.middle, token.fi
        assert fi is not None
        last = middle or fi
        if holds:
            removed, in_pairs = [(token.start, end), (last.start, fi.end)], last.depth == fi.depth
        else:
            removed, in_pairs = [(token.start, last.end)], token.depth == last.depth
            removed += [(fi.start, fi.end)] if middle else []
        if not in_pairs:
            return False
        self._removals += removed[:0:-1]
        self._remove(*removed[0])
        return True

    def _choose(self, token: Token, state: Mapping[str, bool | None]) -> None:
        r"""Decide a command with two arguments, such as `\iftoggle`."""
        match = token.match
        holds = state.get(match["choice"]) if match["choice"] else chosen(match, self._values)
        if holds is None or self._budget is None:
            return
        if match["negated"] or match["not"]:
            holds = not holds
        try:
            begin = token.end
            then_end = closing_position(self._text, begin + 1, self._budget)
            if then_end is None:
                return
            other = _OTHER_ARGUMENT.match(self._text, then_end + 1)
            other_end = other and closing_position(self._text, other.end(), self._budget)
        except BudgetExceededError:
            self._budget = None
            return
        if not other or other_end is None:
            return
        if holds:
            self._removals.append((then_end, other_end + 1))
            self._remove(token.start, begin + 1)
        else:
            self._removals.append((other_end, other_end + 1))
            self._remove(token.start, other.end())

    def _remove_until(self, position: int) -> None:
        while self._removals and self._removals[-1][0] < position:
            self._remove(*self._removals.pop())

    def _remove(self, start: int, end: int) -> None:
        """Remove a range with the blanks after it, and its line end if nothing else is in its line."""
        text = self._text
        if start < self._copied:
            self._copied = max(self._copied, end)
            return
        self._out.append(text[self._copied : start])
        if text[end - 1].isalnum():
            while text[end : end + 1] in (" ", "\t"):
                end += 1
        line = text.rfind("\n", max(0, start - _MAX_TAIL), start)
        starts_line = not text[line + 1 : start].strip() and (line >= 0 or start < _MAX_TAIL)
        if starts_line and text.startswith("\n", end):
            end += 1
        tail = text[max(0, start - _MAX_TAIL) : start]
        if text[end : end + 1].isalpha() and ends_in_name(tail):
            self._out.append(" ")
        self._copied = end


def _paired(matches: Iterable[re.Match[str]]) -> Sequence[Token]:
    r"""Return the commands of conditionals, of which each `\if` has its `\else` and its `\fi`."""
    tokens: list[Token] = []
    open_: list[Token] = []
    for match in matches:
        kind = _KINDS[match.lastgroup or ""]
        if kind == "branch":
            kind = match["branch"]
        token = Token(kind, match)
        if kind == "if":
            name = match["if"]
            is_macro = match.string.startswith("{", match.end()) and name not in _PRIMITIVES
            if name in _MACROS or is_macro:
                continue
            open_.append(token)
        elif kind == "else" and open_:
            open_[-1].middle = token
        elif kind == "fi" and open_:
            open_.pop().fi = token
        tokens.append(token)
    return tokens


def _count_braces(text: str, tokens: Iterable[Token]) -> None:
    """Set the depth of each command."""
    counted = depth = 0
    for token in tokens:
        between = text[counted : token.start]
        depth += between.count("{") - between.count("}")
        depth -= between.count("\\{") - between.count("\\}")
        token.depth, counted = depth, token.start
