r"""Write text as Markdown: escape what CommonMark and GitHub's tables would take for markup.

As little as possible is escaped: a `*` between blanks, a `_` within a word and a lone `<` are text anyway.
"""

from __future__ import annotations

import re

from udfs.extract.web.blocks import CODE, DISPLAY, END_CODE, END_FORMULA, FORMULA

_SPAN = re.compile(
    f"({FORMULA}{DISPLAY}?[^{END_FORMULA}]*{END_FORMULA}|{CODE}[^{CODE}{END_CODE}]*{END_CODE})"
)
_SIGNS = re.compile(f"[{FORMULA}{END_FORMULA}{DISPLAY}{CODE}{END_CODE}]")
_INLINE = re.compile(
    r"(?P<text>(?<!\S)(?:\*+|_+)(?= |\Z))"
    r"|\\(?=[!-/:-@\[-`{-~]|$)"  # what would escape the next character or the end of the line
    r"|`|\*|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)|~(?=~)|(?<=\])\(",
    re.MULTILINE,
)
# headings, items, quotations, underlines of headings, definitions of links, fences, rules, borders of tables
_START_OF_LINE = re.compile(
    r"^(?=#{1,6}(?:[ \t]|$)|[-+*](?:[ \t]|$)|>|=+[ ]*$|\[[^\]\n]+\]:|~~~"
    r"|(?:\*[ ]*){3,}$|(?:_[ ]*){3,}$|[|:-][ |:-]*$)",
    re.MULTILINE,
)
_NUMBER = re.compile(r"^(\d{1,9})(?=[.)](?:[ \t]|$))", re.MULTILINE)
_TICKS = re.compile("`+")
_LONGEST_CODE = 120  # longer code within a line is an element that was not closed


def escaped(text: str, *, dollars: bool = False) -> str:
    """Return the lines of a paragraph as Markdown; line breaks stay.

    Parameters
    ----------
    text
        A block's text: formulas and code are between the characters of `blocks`.
    dollars
        Whether `$` is escaped, because the page has formulas.
    """
    lines = "".join(
        _span(piece, dollars=dollars) if number % 2 else _escaped(piece, dollars=dollars)
        for number, piece in enumerate(_SPAN.split(text))
    )
    lines = _NUMBER.sub(r"\1\\", _START_OF_LINE.sub(r"\\", lines))
    return lines.replace("\n", "\\\n")


def cell(text: str, *, dollars: bool = False) -> str:
    """Return the text of a table's cell as Markdown."""
    parts = []
    for number, piece in enumerate(_SPAN.split(text)):
        if not number % 2:
            parts.append(_escaped(piece, dollars=dollars).replace("|", "\\|"))
        elif piece[0] == CODE:
            parts.append(_span(piece, dollars=dollars).replace("|", "\\|"))
        else:
            parts.append(
                _span(piece.replace("\\|", "\\Vert ").replace("|", "\\vert "), dollars=dollars)
            )
    return "".join(parts)


def fence(code: str) -> str:
    """Return three back ticks, or more than the code has in a row."""
    return "`" * max(3, 1 + max(map(len, _TICKS.findall(code)), default=0))


def bare(text: str) -> str:
    """Return text without the characters around formulas and code."""
    return _SIGNS.sub("", text)


def _escaped(text: str, *, dollars: bool) -> str:
    text = _INLINE.sub(lambda match: match["text"] or "\\" + match[0], bare(text))
    return text.replace("$", "\\$") if dollars else text


def _span(text: str, *, dollars: bool) -> str:
    """Return a formula or code within a line."""
    content = " ".join(bare(text).split())
    if not content:
        return ""
    if text[0] == CODE and len(content) > _LONGEST_CODE:
        return _escaped(content, dollars=dollars)
    if text[0] == FORMULA:
        sign = "$$" if text[1] == DISPLAY else "$"
        return f"{sign}{content}{sign}"
    ticks = "`" * (1 + max(map(len, _TICKS.findall(content)), default=0))
    blank = " " if "`" in (content[0], content[-1]) else ""
    return f"{ticks}{blank}{content}{blank}{ticks}"
