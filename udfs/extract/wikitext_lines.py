"""Tidy the lines of a rendered article: unclosed markup, and gaps where templates were removed."""

from __future__ import annotations

import re

from udfs.extract.wikitext_tree import BULLET, HEADING, PREFORMATTED_LINE, UNKNOWN_PRICE

# each pattern reads a character a bounded number of times, so that the time is linear
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
_BRACKETS = re.compile(r"\{\{+|\}\}+|\[\[+|\]\]+|\{\||\|\}")
_TABLE_LINE = re.compile(r"\s*(?:\{\||\|[-}+|]?|!.*(?:!!|\|))")
_BLANKS = re.compile(r"[ \t\u00a0\u2002-\u200b\u202f\u3000\ufeff]+")
_PUNCTUATION = re.compile(r"[(\[,;:。、]")
_EMPTY_PARENTHESES = re.compile(r" ?(?:\([ ,;:/–-]*\)|\[[ ,;:]*\]|（[ ,;:、；，]*）)")
_AFTER_PARENTHESIS = re.compile(r"\( ?(?:[,;:] ?)+|\( ")
_BEFORE_PARENTHESIS = re.compile(r"(?: ?[,;:])+ ?\)| \)")
_REPEATED_COMMAS = re.compile(r",(?: ?[,;])+|;(?: ?[,;])+")
_BLANK_BEFORE_COMMA = re.compile(r" (?=[,.](?:\s|$))")
# "$5 ($ in dollars)": a short parenthesis with an unknown price contains nothing else
_PRICE_IN_PARENTHESES = re.compile(
    rf" ?\([^(){UNKNOWN_PRICE}]{{0,40}}{UNKNOWN_PRICE}[^()]{{0,80}}\)"
)
_LEADING_PUNCTUATION = re.compile(
    r"^(?:(• ?)(?:(?:[,;:。、]|[.–—-](?= )) ?)+|(?:(?:[,;:。、]|\.(?= )) ?)+)"
)
_WORD_CHARACTER = re.compile(r"[^\W_]")
_PARENTHESES_DEPTH = 3  # nested parentheses that are tidied


def tidy(text: str) -> str:
    """Return the lines of an article, given the result of `wikitext_tree.render`.

    Blank lines separate paragraphs, lists and headings. A heading is removed if neither text nor a
    lower-level heading follows.
    """
    text = _MAGIC_WORD.sub("", text) if "__" in text else text
    if "''" in text:
        text = _QUOTES.sub(_unquoted, text)
    if "<" in text:
        text = _COMMENT.sub("", _TAG.sub("", text)) if "<!--" in text else _TAG.sub("", text)
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith(PREFORMATTED_LINE) or not line.strip():
            lines.append(line.rstrip())
        elif tidied := _tidy_line(line):
            lines.append(tidied)
    return _joined(lines)


def _unquoted(match: re.Match[str]) -> str:
    """Return the apostrophes in a run of quote marks: bold is 3 marks, italic 2, both are 5."""
    size = len(match[0])
    return "" if size in (2, 3, 5) else "'" if size == 4 else "'" * (size - 5)


def _tidy_line(line: str) -> str:
    """Return a line without remains of markup and removed templates; empty if it has no word."""
    if _BRACKETS.search(line) or line.lstrip()[:1] in ("|", "!"):
        if _TABLE_LINE.match(line):
            return ""
        line = _BRACKETS.sub("", _OPEN_LINK.sub("", _OPEN_TEMPLATE.sub("", line)))
    if UNKNOWN_PRICE in line:
        line = _PRICE_IN_PARENTHESES.sub("", line).replace(UNKNOWN_PRICE, "")
    line = _BLANKS.sub(" ", line).strip()
    if not _WORD_CHARACTER.search(line, 2 if line.startswith(HEADING) else 0):
        return ""
    if _PUNCTUATION.search(line):
        before = ""
        for _ in range(_PARENTHESES_DEPTH):
            if before == line:
                break
            before = line
            line = _EMPTY_PARENTHESES.sub("", line)
            line = _BEFORE_PARENTHESIS.sub(")", _AFTER_PARENTHESIS.sub("(", line))
            line = _REPEATED_COMMAS.sub(lambda match: match[0][0], line)
    line = _BLANK_BEFORE_COMMA.sub("", line)
    return _LEADING_PUNCTUATION.sub(lambda match: BULLET if match[1] else "", line)


def _joined(lines: list[str]) -> str:
    """Return the lines with one blank line between blocks and without empty sections."""
    kept = _without_empty_sections(lines)
    text: list[str] = []
    for line in kept:
        if not line and (not text or not text[-1]):
            continue
        if line and text and text[-1] and line.startswith(BULLET) != text[-1].startswith(BULLET):
            if line.startswith(BULLET):
                text.append(line)
                continue
            text.append("")
        text.append(line)
    return "\n".join(text).strip("\n")


def _without_empty_sections(lines: list[str]) -> list[str]:
    """Return the lines without marks and without headings of sections that have no text."""
    kept: list[str] = []  # in reverse order, because the lines after a heading decide
    next_level = 0  # the level of the next heading
    is_empty = True  # whether no text is between here and the next heading
    for line in reversed(lines):
        if line.startswith(HEADING):
            level = int(line[1])
            if is_empty and next_level <= level:
                continue
            kept += ["", line[2:].strip(), ""]
            next_level, is_empty = level, True
        else:
            if line:
                is_empty = False
            kept.append(line.removeprefix(PREFORMATTED_LINE).rstrip())
    return kept[::-1]
