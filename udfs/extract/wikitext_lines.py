"""Tidy the lines of a rendered article: unclosed markup, and gaps where templates were removed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from udfs.extract.wikitext_gaps import close_gaps
from udfs.extract.wikitext_marks import (
    BULLET,
    GAP,
    HEADING,
    LOST,
    PREFORMATTED_LINE,
    TABLE_ROW,
    unshielded,
)
from udfs.extract.wikitext_quotes import without_quotes
from udfs.extract.wikitext_sections import without_empty_sections, without_link_sections
from udfs.extract.wikitext_variants import without_variants

# each pattern reads a character a bounded number of times, so that the time is linear
_MAGIC_WORD = re.compile(r"__[^\W\d_]{3,40}__")
_TAG = re.compile(
    r"</?(?:ref|references|br|hr|small|big|sup|sub|div|span|center|font|b|i|u|s|p|table|tr|td|th|li"
    r"|ul|ol|nowiki|noinclude|includeonly|onlyinclude|gallery|math|blockquote|code|cite|abbr|tt"
    r"|poem|section|del|ins|em|strong)(?:\s[^<>=]{0,60}=[^<>]{0,500}|\s*/?)>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*", re.DOTALL)
_OPEN_TEMPLATE = re.compile(r"\{\{[^{}\n]*")
_OPEN_LINK = re.compile(r"\[\[(?:[^\[\]|:\n]{1,40}:[^\[\]\n]*|[^\[\]|\n]{0,200}\|)?")
_BRACKETS = re.compile(r"\{\{+|\}\}+|\[\[+|\]\]+|\{\||\|\}")
_TABLE_START = re.compile(rf"[\s:{GAP}]*\{{\|")
_TABLE_LINE = re.compile(r"\s*(?:\||!)")
# `|-`, `|}` and `|+`, with attributes or nothing after them
_TABLE_MARK = re.compile(r"\s*\|(?:[-}+]+(?:[^\w\n]*$|[^=\n]{0,100}=)|$)")
_BLANKS = re.compile(r"[ \t\u00a0\u2002-\u200b\u202f\u3000\ufeff]+")
_LEADING_PUNCTUATION = re.compile(
    r"^(?:(• ?)(?:(?:[,;:。、]|[.–—-](?= )) ?)+|(?:(?:[,;:。、]|\.(?= )) ?)+)"
)
_TABLE_MARKS = frozenset("|!{")
_BLANKS_TO_DROP = re.compile(r" (?=\)|[,.](?:\s|$))|(?<=\() ")
_WORD_CHARACTER = re.compile(r"[^\W_]")
_INDENTED = re.compile(r" (?=\s*[^\s|!{])")


@dataclass(frozen=True)
class Lines:
    """The text of an article, and how many templates within its sentences have an unknown text."""

    text: str
    unexpanded: int


def tidy(text: str, keep_sections: bool = True) -> Lines:
    """Return the lines of an article, given the result of `wikitext_tree.Renderer.page`.

    Blank lines separate paragraphs, lists and headings. A heading is removed if neither text nor a
    lower-level heading follows. Unless `keep_sections`, sections of links at the end are removed.
    """
    text = _MAGIC_WORD.sub(_magic_word, text) if "__" in text else text
    if "-{" in text:
        text = without_variants(text)
    if "<" in text:
        text = _TAG.sub("", text)
        text = _COMMENT.sub("", text) if "<!--" in text else text
    lines: list[str] = []
    lost = 0
    for line in _without_open_tables(text.split("\n")):
        tidied, lost_in_line = _tidy(line)
        lost += lost_in_line
        if tidied or not line.strip(f"{GAP}{LOST} "):
            lines.append(tidied)
    if not keep_sections:
        lines = without_link_sections(lines)
    return Lines(unshielded(_joined(without_empty_sections(lines))), lost)


def _magic_word(match: re.Match[str]) -> str:
    return "" if match[0].isupper() else match[0]


def _without_open_tables(lines: Iterable[str]) -> Iterable[str]:
    """Yield the lines that are in no table or template which the parser found unclosed.

    Such markup ends with a blank line, a heading or its closing brackets. Elsewhere a bar at the start
    of a line is text.
    """
    is_open = False
    for line in lines:
        if not is_open and not (_TABLE_MARKS & set(line[:40])):
            is_open = "{{" in line and "}}" not in line
            yield line
            continue
        if _TABLE_START.match(line) or _TABLE_MARK.match(line):
            is_open = not line.lstrip().startswith("|}")
        elif is_open and _TABLE_LINE.match(line):
            is_open = "}}" not in line
        else:
            is_open = is_open and bool(line.strip()) and not line.startswith(HEADING)
            is_open = is_open or ("{{" in line and "}}" not in line)
            yield line


def _tidy(line: str) -> tuple[str, int]:
    """Return a line by its kind, and how many templates in it have an unknown text."""
    if line.startswith(PREFORMATTED_LINE):
        return line.rstrip(), 0
    if line.startswith(TABLE_ROW):
        cells = [_tidy_line(cell) for cell in line[1:].split("\t")]
        row = "\t".join(cell for cell, _ in cells).rstrip()
        return (TABLE_ROW + row if row.strip() else ""), sum(lost for _, lost in cells)
    if _INDENTED.match(line):
        return _indented(line[1:])
    return _tidy_line(line)


def _indented(line: str) -> tuple[str, int]:
    """Return a line after a blank, which MediaWiki shows as code."""
    text, lost = _without_markup(line)
    is_code = _WORD_CHARACTER.search(text) or (text == line and text.strip())
    return (PREFORMATTED_LINE + text.rstrip() if is_code else ""), lost


def _tidy_line(line: str) -> tuple[str, int]:
    """Return a line without remains of markup and removed templates; empty if it has no word."""
    line, lost = _without_markup(line)
    line = _BLANKS_TO_DROP.sub("", _BLANKS.sub(" ", line).strip())
    if not _WORD_CHARACTER.search(line, 2 if line.startswith(HEADING) else 0):
        return "", lost
    return _LEADING_PUNCTUATION.sub(lambda match: BULLET if match[1] else "", line), lost


def _without_markup(line: str) -> tuple[str, int]:
    if "''" in line:
        line = without_quotes(line)
    if _BRACKETS.search(line):
        line = _BRACKETS.sub("", _OPEN_LINK.sub("", _OPEN_TEMPLATE.sub("", line)))
    return close_gaps(line)


def _joined(lines: list[str]) -> str:
    """Return the lines with one blank line between blocks."""
    text: list[str] = []
    block = ""
    for marked in lines:
        mark = marked[:1] if marked[:1] in (PREFORMATTED_LINE, TABLE_ROW) else ""
        line = marked.removeprefix(mark)
        kind = mark or (BULLET if line.startswith(BULLET) else "")
        if not line and kind != PREFORMATTED_LINE and (not text or not text[-1]):
            continue
        # a list may follow its introduction, other blocks are apart
        if line and text and text[-1] and kind != block and kind != BULLET:
            text.append("")
        text.append(line)
        if line or kind:
            block = kind
    return "\n".join(text).strip("\n")
