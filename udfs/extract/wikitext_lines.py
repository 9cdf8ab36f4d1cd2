"""Tidies the lines of an article: markup that was never closed, holes that templates leave."""

from __future__ import annotations

import re

from udfs.extract.wikitext_tree import BULLET, HEADING, TYPED_LINE, UNKNOWN

# each of these looks at a character a bounded number of times
_QUOTES = re.compile(r"'{2,}")
_MAGIC_WORD = re.compile(r"__[^\W\d_]{3,40}__")
_TAG = re.compile(
    r"</?(?:ref|references|br|hr|small|big|sup|sub|div|span|center|font|b|i|u|s|p|table|tr|td|th|li"
    r"|ul|ol|nowiki|noinclude|includeonly|onlyinclude|gallery|math|blockquote|code|cite|abbr|tt"
    r"|poem|section|del|ins|em|strong)(?:[\s/][^<>]{0,500})?>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*", re.DOTALL)
_OPEN_TEMPLATE = re.compile(r"\{\{[^{}\n]*")
_OPEN_LINK = re.compile(r"\[\[(?:[^\[\]|:\n]{1,40}:[^\[\]\n]*|[^\[\]|\n]{0,200}\|)?")
_LEFT = re.compile(r"\{\{+|\}\}+|\[\[+|\]\]+|\{\||\|\}")
_TABLE_LINE = re.compile(r"\s*(?:\{\||\|[-}+|]?|!.*(?:!!|\|))")
_BLANKS = re.compile(r"[ \t\u00a0\u2002-\u200b\u202f\u3000\ufeff]+")
_MARKS = re.compile(r"[(\[,;:。、]")
_EMPTY_BRACKETS = re.compile(r" ?(?:\([ ,;:/–-]*\)|\[[ ,;:]*\]|（[ ,;:、；，]*）)")
_OPENING = re.compile(r"\( ?(?:[,;:] ?)+|\( ")
_CLOSING = re.compile(r"(?: ?[,;:])+ ?\)| \)")
_TWICE = re.compile(r",(?: ?[,;])+|;(?: ?[,;])+")
_BEFORE = re.compile(r" (?=[,.](?:\s|$))")
# "$5 ($ in dollars)": a bracket that is short says nothing but the price
_UNKNOWN_PRICE = re.compile(rf" ?\([^(){UNKNOWN}]{{0,40}}{UNKNOWN}[^()]{{0,80}}\)")
_START = re.compile(r"^(?:(• ?)(?:(?:[,;:。、]|[.–—-](?= )) ?)+|(?:(?:[,;:。、]|\.(?= )) ?)+)")
_HAS_WORD = re.compile(r"[^\W_]")


def tidied(text: str) -> str:
    """Return the lines of an article, given what `wikitext_tree.flat` made of it.

    A blank line parts paragraphs, lists and headings. A heading is left out when neither text nor
    a heading below it follows.
    """
    text = _MAGIC_WORD.sub("", text) if "__" in text else text
    if "''" in text:
        text = _QUOTES.sub(_unquoted, text)
    if "<" in text:
        text = _COMMENT.sub("", _TAG.sub("", text)) if "<!--" in text else _TAG.sub("", text)
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith(TYPED_LINE) or not line.strip():
            lines.append(line.rstrip())
        elif tidy := _line(line):
            lines.append(tidy)
    return _joined(lines)


def _unquoted(match: re.Match[str]) -> str:
    """Bold is 3 marks, italic 2, both 5; what is over are apostrophes."""
    size = len(match[0])
    return "" if size in (2, 3, 5) else "'" if size == 4 else "'" * (size - 5)


def _line(line: str) -> str:
    """Return a line without what markup left in it; nothing if no word is left."""
    if _LEFT.search(line) or line.lstrip()[:1] in ("|", "!"):
        if _TABLE_LINE.match(line):
            return ""
        line = _LEFT.sub("", _OPEN_LINK.sub("", _OPEN_TEMPLATE.sub("", line)))
    if UNKNOWN in line:
        line = _UNKNOWN_PRICE.sub("", line).replace(UNKNOWN, "")
    line = _BLANKS.sub(" ", line).strip()
    if not _HAS_WORD.search(line, 2 if line.startswith(HEADING) else 0):
        return ""
    if _MARKS.search(line):
        before = ""
        for _ in range(3):  # brackets in brackets
            if before == line:
                break
            before = line
            line = _EMPTY_BRACKETS.sub("", line)
            line = _CLOSING.sub(")", _OPENING.sub("(", line))
            line = _TWICE.sub(lambda match: match[0][0], line)
    return _START.sub(lambda match: BULLET if match[1] else "", _BEFORE.sub("", line))


def _joined(lines: list[str]) -> str:
    """Return the lines with one blank line between blocks, from the last, where headings need it."""
    found: list[str] = []  # the last first
    below = 0  # level of the heading that follows
    empty = True  # whether nothing stands between here and that heading
    for line in reversed(lines):
        if line.startswith(HEADING):
            level = int(line[1])
            if empty and below <= level:
                continue
            found += ["", _heading(line), ""]
            below, empty = level, True
        else:
            if line:
                empty = False
            found.append(line.removeprefix(TYPED_LINE).rstrip())
    text: list[str] = []
    for line in reversed(found):
        if not line and (not text or not text[-1]):
            continue
        if line and text and text[-1] and line.startswith(BULLET) != text[-1].startswith(BULLET):
            if line.startswith(BULLET):
                text.append(line)
                continue
            text.append("")
        text.append(line)
    return "\n".join(text).strip("\n")


def _heading(line: str) -> str:
    return line[2:].strip()
