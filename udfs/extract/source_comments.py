"""Remove copyright and licence notices from a source file.

RedPajama-V1 removes the first C block comment if it contains "copyright". In a file without a block
comment it removes all leading lines that start with `//`, `#` or `--`, with them shebangs, `#include`,
`#define`, Markdown headings and comments of any kind. This module removes notices
(`udfs.extract.source_notices`) from the comments at the head of a file, in the comment syntax of its
language, and from its first block comment.
"""

from __future__ import annotations

import re

from udfs.extract.source_languages import WITH_PREPROCESSOR, Block, Comments, comments_of
from udfs.extract.source_notices import is_notice, other_lines

# lines that look like a comment but have an effect
_PREPROCESSOR = re.compile(
    r"#[ \t]*(?:include|include_next|import|define|undef|if|ifdef|ifndef|elif|else|endif|error"
    r"|warning|pragma|line|region|endregion|nullable)\b"
)
_DIRECTIVE = re.compile(
    r"#!|//go:|// ?\+build\b|/// ?<reference\b|//# ?source"
    r"|#[^\n]{0,80}?coding[:=]|# ?frozen_string_literal:|# ?(?:syntax|escape)=|#requires\b|# ?-\*-"
    r"|%[ \t]?!TEX|%&",
    re.IGNORECASE,
)
# what may precede a notice, besides comments
_OPENING = re.compile(
    r"[ \t]*(?:<\?(?:php|hh)?(?:[ \t]+(?=//|#|/\*)|[ \t]*(?:declare[^\n]{0,100})?\r?\n)"
    r"|(?:<\?xml[^>]{0,200}\?>|<!DOCTYPE[^>]{0,500}>|<(?:html|head|meta)(?:\s[^>]{0,500})?>)[ \t]*(?:\r?\n)?"
    r"|(?:[\"']use (?:strict|client|asm)[\"'];?|@charset[^\n]{0,60}|@echo[ \t]+off|@?setlocal\b[^\n]{0,80}"
    r"|#[ \t]*pragma[ \t]+once|#[ \t]*(?:ifndef|define)[ \t]+\w{1,100}|%YAML[^\n]{0,60}"
    r"|(?:from __future__ import|package|declare[ \t]*\()[^\n]{0,200})[ \t]*\r?\n)",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"[ \t\r]{0,200}(?:\n|\Z)")
_BOM = "\ufeff"


def clean_copyright_comments(content: str, path: str | None = None) -> str:
    """Return a file's content without notices.

    Removed are notices in the comments at its head, which what may precede them (a shebang, `<?php`, a
    document type, an include guard) does not end, and in its first block comment wherever that is.
    Other paragraphs of these comments stay.

    Parameters
    ----------
    path
        The file's path, whose suffix determines the language. If the language is unknown, the
        comment marks of several languages count, except in directives such as the C preprocessor's.
    """
    comments = comments_of(path)
    head = _Head(content, comments)
    position = head.read()
    rest = content[position:]
    if not head.has_block:
        rest = _without_first_block(rest, comments)
    return "".join((*head.kept, rest))


class _Head:
    """The comments at the head of a file; `kept` is what stays of them.

    Blank lines at the start of a file and after a notice in line comments go; RedPajama-V1 keeps those
    after a block.
    """

    def __init__(self, content: str, comments: Comments) -> None:
        self.kept: list[str] = []
        self.has_block = False
        self._content = content
        self._comments = comments
        self._has_preprocessor = comments in WITH_PREPROCESSOR
        self._dropping = True  # whether blank lines go

    def read(self) -> int:
        """Read the head and return its end."""
        content, position = self._content, 0
        while position < len(content):
            following = (
                self._blank(position)
                or self._block(position)
                or self._lines(position)
                or self._opening(position)
            )
            if not following:
                break
            position = following
        return position

    def _blank(self, position: int) -> int:
        for line in ("\n", "\r\n"):
            if self._content.startswith(line, position):
                if not self._dropping:
                    self.kept.append(line)
                return position + len(line)
        return 0

    def _opening(self, position: int) -> int:
        opening = _OPENING.match(self._content, position)
        if not opening:
            return 0
        self.kept.append(opening[0])
        self._dropping = False
        return opening.end()

    def _block(self, position: int) -> int:
        """Read a block comment that begins in a line; return its end, 0 if there is none."""
        content, begin = self._content, position
        while content.startswith((" ", "\t", _BOM), begin):
            begin += 1
        for block in self._comments.blocks:
            opening = block.opening.match(content, begin)
            end = block.end(content, opening, opening.end()) if opening else 0
            if not opening or not end:
                continue
            line_end = _LINE_END.match(content, end)
            if block.is_string and not line_end:
                return 0  # it is part of an expression
            self.has_block = self.has_block or not block.is_string
            remaining = _without_notice(content[begin:end], block)
            self.kept += [content[position:begin], remaining]
            self._dropping = block.is_string and not remaining
            if not line_end:
                return end
            if not self._dropping:
                self.kept.append(line_end[0])
            return line_end.end()
        return 0

    def _lines(self, position: int) -> int:
        """Read a run of line comments; return its end, 0 if there is none."""
        content = self._content
        run: list[str] = []
        while position < len(content):
            end = content.find("\n", position) + 1 or len(content)
            line = content[position:end]
            if not self._is_comment(line.removeprefix(_BOM), first=position == 0):
                break
            run.append(line)
            position = end
        if not run:
            return 0
        stays = other_lines(run)
        self._dropping = not any(stays)
        self.kept += [
            line for line, kept in zip(run, stays, strict=True) if kept or _DIRECTIVE.match(line)
        ]
        return position

    def _is_comment(self, line: str, *, first: bool) -> bool:
        """Return whether a line is a comment, or a shebang in the first line."""
        if line.startswith("#!"):
            return first
        if not self._comments.line.match(line):
            return False
        return not (self._has_preprocessor and _PREPROCESSOR.match(line))


def _without_notice(text: str, block: Block) -> str:
    """Return a block comment without notices; an empty text if it is nothing else."""
    opening = block.opening.match(text)
    if opening is None or block.closing is None:
        return "" if is_notice(text) else text
    closing = text[len(text) - len(block.closing_of(opening)) :]
    lines = text[opening.end() : len(text) - len(closing)].splitlines(keepends=True)
    stays = other_lines(lines)
    if all(stays):
        return text
    if not any(stays):
        return ""
    kept = [line for line, stay in zip(lines[1:-1], stays[1:-1], strict=True) if stay]
    first = lines[0] if stays[0] else lines[0][len(lines[0].rstrip("\r\n")) :]
    last = lines[-1] if stays[-1] or not lines[-1].strip() else ""
    return "".join((opening[0], first, *kept, last, closing))


def _without_first_block(content: str, comments: Comments) -> str:
    """Return the content without the notice in its first block comment of each form."""
    for block in comments.blocks:
        opening = block.opening.search(content) if block.anywhere else None
        end = block.end(content, opening, opening.end()) if opening else 0
        if opening and end and is_notice(content[opening.start() : end]):
            remaining = _without_notice(content[opening.start() : end], block)
            content = content[: opening.start()] + remaining + content[end:]
    return content
