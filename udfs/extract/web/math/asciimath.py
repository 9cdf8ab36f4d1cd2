"""Convert AsciiMath to TeX.

The grammar and the names are those of http://asciimath.org; names that TeX has too are not listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from udfs.extract.web.math.row import escaped, join
from udfs.extract.web.math.tex_names import FUNCTIONS, SYMBOLS

MAX_CHARACTERS = 5000
# a formula with more brackets in each other is not converted
_MAX_DEPTH = 40

_NAMES = """
    ** ast *** star // / \\\\ \\backslash xx times -: div @ circ o+ oplus ox otimes o. odot ^^ wedge
    ^^^ bigwedge vv vee vvv bigvee nn cap nnn bigcap uu cup uuu bigcup != ne <= le >= ge lt < gt > -< prec
    >- succ -<= preceq >-= succeq in in !in notin sub subset sup supset sube subseteq supe supseteq
    -= equiv ~= cong ~~ approx prop propto => Rightarrow <=> Leftrightarrow AA forall EE exists
    _|_ bot TT top |-- vdash |== models oint oint del partial grad nabla +- pm -+ mp O/ emptyset oo infty
    ... ldots :. therefore :' because /_ angle |__ lfloor __| rfloor |~ lceil ~| rceil CC mathbb{C}
    NN mathbb{N} QQ mathbb{Q} RR mathbb{R} ZZ mathbb{Z} -> to |-> mapsto <- leftarrow rarr rightarrow
    larr leftarrow harr leftrightarrow uarr uparrow darr downarrow rArr Rightarrow lArr Leftarrow
    hArr Leftrightarrow >-> rightarrowtail ->> twoheadrightarrow infin infty diamond diamond square square
    sum sum prod prod int int frown frown quad quad qquad qquad cdots cdots vdots vdots ddots ddots
    mod bmod not neg iff Leftrightarrow implies Rightarrow
    lcm operatorname{lcm} setminus setminus setmn setminus pm pm infty infty le le ge ge ne ne to to
    cdot cdot times times div div ldots ldots partial partial nabla nabla forall forall exists exists
"""
_words = _NAMES.split()
_SYMBOLS = {
    name: tex if tex in "/<>" or tex[0] == "\\" else "\\" + tex
    for name, tex in zip(_words[::2], _words[1::2], strict=True)
}
# Greek letters have TeX's names
_SYMBOLS |= {tex[1:]: tex for letter, tex in SYMBOLS.items() if "\u0370" <= letter <= "\u03ff"}
_SYMBOLS |= {name: "\\" + name for name in FUNCTIONS}
_SYMBOLS |= {word: rf"\text{{ {word} }}" for word in ("if", "or", "and")}
_UNARY = {
    "sqrt": r"\sqrt", "hat": r"\hat", "bar": r"\overline", "overline": r"\overline", "vec": r"\vec",
    "dot": r"\dot", "ddot": r"\ddot", "tilde": r"\tilde", "ul": r"\underline", "underline": r"\underline",
    "ubrace": r"\underbrace", "underbrace": r"\underbrace", "obrace": r"\overbrace",
    "overbrace": r"\overbrace", "cancel": r"\cancel", "bb": r"\mathbf", "mathbf": r"\mathbf",
    "bbb": r"\mathbb", "mathbb": r"\mathbb", "cc": r"\mathcal", "mathcal": r"\mathcal", "tt": r"\mathtt",
    "fr": r"\mathfrak", "sf": r"\mathsf", "abs": "|", "norm": r"\|", "floor": r"\lfloor",
    "ceil": r"\lceil",
}  # fmt: skip
_AROUND = {"|": "|", r"\|": r"\|", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}
_BINARY = {"frac": r"\frac", "root": "", "stackrel": r"\overset", "overset": r"\overset",
           "underset": r"\underset"}  # fmt: skip
_OPENING = {"(": "(", "[": "[", "{": r"\{", "(:": r"\langle", "{:": "", "<<": r"\langle"}
_CLOSING = {")": ")", "]": "]", "}": r"\}", ":)": r"\rangle", ":}": "", ">>": r"\rangle"}
_ENVIRONMENTS = {("(", ")"): "pmatrix", ("[", "]"): "bmatrix", ("{", ":}"): "cases"}
_TEXT = re.compile(r'"([^"]*)"|(?:text|mbox)\(([^()]*)\)')
_TOKENS = sorted({*_SYMBOLS, *_UNARY, *_BINARY, *_OPENING, *_CLOSING}, key=len, reverse=True)
_TOKEN = re.compile(rf"\d+(?:\.\d+)?|{'|'.join(map(re.escape, _TOKENS))}|\S")


class _TooDeepError(Exception):
    """Brackets or operators stand in each other too deep."""


@dataclass(slots=True)
class _Item:
    """The TeX of an item, and that of what is in its brackets where it has some.

    Attributes
    ----------
    cells
        What stands between the commas of an item in brackets; empty for other items.
    """

    tex: str
    inner: str
    cells: tuple[str, ...] = ()


def to_tex(source: str) -> str | None:
    """Return AsciiMath as TeX; None if it is too long or too deep."""
    if len(source) > MAX_CHARACTERS:
        return None
    try:
        return _Parser(_tokens(source)).formula()
    except _TooDeepError:
        return None


def _tokens(source: str) -> list[str]:
    """Return the tokens of a formula; text is a token that starts with a quotation mark."""
    tokens = []
    position = 0
    for text in _TEXT.finditer(source):
        tokens += _TOKEN.findall(source, position, text.start())
        tokens.append('"' + (text[1] if text[1] is not None else text[2]))
        position = text.end()
    return tokens + _TOKEN.findall(source, position)


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def formula(self) -> str:
        """Return the TeX of all tokens; a closing bracket without opening one stands for itself."""
        parts = []
        while self._place < len(self._tokens):
            parts += [part for part, _ in self._sequence(())]
            if self._place < len(self._tokens):
                parts.append(_CLOSING.get(self._tokens[self._place], ""))
                self._place += 1
        return join(parts)

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> str:
        self._place += 1
        return self._tokens[self._place - 1]

    def _sequence(self, stop: tuple[str, ...]) -> list[tuple[str, _Item]]:
        """Return the items up to a closing bracket, with their TeX as it stands."""
        items: list[tuple[str, _Item]] = []
        while (token := self._next()) and token not in _CLOSING and token not in stop:
            item = self._scripted()
            if self._next() == "/":
                self._place += 1
                below = self._scripted()
                tex = rf"\frac{{{item.inner}}}{{{below.inner}}}"
                item = _Item(tex, tex)
            items.append((item.tex, item))
        return items

    def _scripted(self) -> _Item:
        item = self._simple()
        scripts = ""
        for mark in "_^":
            if self._next() == mark:
                self._place += 1
                scripts += f"{mark}{{{self._simple().inner}}}"
        if not scripts:
            return item
        tex = item.tex + scripts
        return _Item(tex, tex)

    def _simple(self) -> _Item:
        if not self._next() or self._next() in _CLOSING:
            return _Item("", "")
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _TooDeepError
        token = self._take()
        item = self._item(token)
        self._depth -= 1
        return item

    def _item(self, token: str) -> _Item:
        if token in _OPENING:
            return self._group(token)
        if token in _UNARY:
            command, content = _UNARY[token], self._simple().inner
            tex = f"{command}{{{content}}}"
            if command in _AROUND:
                tex = join([command, content, _AROUND[command]])
        elif token in _BINARY:
            first, second = self._simple().inner, self._simple().inner
            tex = f"{_BINARY[token]}{{{first}}}{{{second}}}"
            if token == "root":
                tex = rf"\sqrt[{first}]{{{second}}}"
        elif token.startswith('"'):
            tex = rf"\text{{{escaped(token[1:])}}}"
        else:
            tex = _SYMBOLS.get(token) or SYMBOLS.get(token, token)
        return _Item(tex, tex)

    def _group(self, opening: str) -> _Item:
        cells: list[str] = []
        rows: list[tuple[str, ...]] = []
        while True:
            items = self._sequence((",",))
            cells.append(join(tex for tex, _ in items))
            rows.append(items[0][1].cells if len(items) == 1 else ())
            if self._next() != ",":
                break
            self._place += 1
        closing = self._take() if self._next() else ""
        inner = ",".join(cells)
        width = len(rows[0])
        if len(rows) > 1 and width and all(len(row) == width for row in rows):
            name = _ENVIRONMENTS.get((opening, closing), "matrix")
            content = r" \\ ".join(" & ".join(row) for row in rows)
            tex = rf"\begin{{{name}}} {content} \end{{{name}}}"
            return _Item(tex, tex)
        tex = join([_OPENING[opening], inner, _CLOSING.get(closing, "")])
        return _Item(tex, inner, tuple(cells))
