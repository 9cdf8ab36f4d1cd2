"""Remove the copyright or licence notice at the start of a source file.

RedPajama-V1 removes the first C block comment if it contains "copyright". In a file without a block
comment it removes all leading lines that start with `//`, `#` or `--`, with them shebangs, `#include`,
`#define`, Markdown headings and comments of any kind. This module removes such lines only if they are
comments in the file's language and mention copyright or a licence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_BLOCK, _BLOCK_END = "/*", "*/"
_COPYRIGHT = "copyright"
_NOTICE = re.compile(
    r"copyright|©|\(c\)[ \t]{0,9}(?:19|20)\d\d|licen[cs]e|SPDX-|all rights reserved"
    r"|permission is hereby granted|redistribution and use|without warranty|provided [\"'`]*as is",
    re.IGNORECASE,
)
# lines that look like a comment but have an effect
_PREPROCESSOR = re.compile(
    r"#[ \t]*(?:include|include_next|import|define|undef|if|ifdef|ifndef|elif|else|endif|error"
    r"|warning|pragma|line|region|endregion|nullable)\b"
)
_DIRECTIVE = re.compile(
    r"#!|#\[|#=|#\||--\[=*\[|//go:|// ?\+build\b|/// ?<reference\b|//# ?source"
    r"|#[^\n]{0,80}?coding[:=]|# ?frozen_string_literal:|# ?(?:syntax|escape)=|#requires\b|# ?-\*-",
    re.IGNORECASE,
)


class Comments(NamedTuple):
    """The comment marks of a language: those of line comments, and whether it has C's blocks."""

    lines: tuple[str, ...]
    blocks: bool = True


_UNKNOWN = Comments(("//", "#", "--"))
_SLASHES, _HASH = Comments(("//",)), Comments(("#",), blocks=False)
_DASHES, _NONE = Comments(("--",), blocks=False), Comments((), blocks=False)
_SUFFIXES: dict[Comments, str] = {
    _SLASHES: """
        .c .h .cs .cpp .hpp .c++ .h++ .cc .hh .go .java .js .rs .scala .ts .tsx .m
    """,
    _HASH: """
        .cmake .dockerfile .jl .pl .pm .perl .ps1 .psd1 .psm1 .py .rb .sh .bash .command .zsh
        .smali dockerfile makefile
    """,
    _DASHES: ".lua .hs",
    Comments(("--", "#")): ".sql",
    Comments(()): ".css .html .php .php3 .php4 .php5 .phps .phpt",
    _NONE: """
        .md .markdown .rst .tex .xml .pod .bat .cmd .vb
        .f90 .f .f03 .f08 .f77 .f95 .for .fpp
    """,
}
_BY_SUFFIX = {
    suffix: comments for comments, suffixes in _SUFFIXES.items() for suffix in suffixes.split()
}


def clean_copyright_comments(content: str, path: str | None = None) -> str:
    """Return a file's content without the notice at its start.

    Parameters
    ----------
    path
        The file's path, whose suffix determines the language. If the language is unknown, the
        comment marks of all languages count, except in directives such as the C preprocessor's.
    """
    comments = _comments(path)
    begin = content.find(_BLOCK) if comments.blocks else -1
    end = content.find(_BLOCK_END, begin + len(_BLOCK)) if begin >= 0 else -1
    if end >= 0:
        end += len(_BLOCK_END)
        if _COPYRIGHT in content[begin:end].lower():
            return content[:begin] + content[end:]
        return content
    return _without_lines(content, comments.lines)


def _comments(path: str | None) -> Comments:
    if not path:
        return _UNKNOWN
    name = path.rpartition("/")[2].lower()
    return _BY_SUFFIX.get(name[name.rfind(".") :] if "." in name else name, _UNKNOWN)


def _without_lines(content: str, marks: tuple[str, ...]) -> str:
    """Return the content without the notices and the blank lines at its start.

    A notice is a run of comment lines without a blank line that mentions copyright or a licence. Blank
    lines after a notice are removed too.
    """
    kept: list[str] = []
    run: list[str] = []
    position, dropping = 0, True  # whether blank lines are dropped: at the start and after a notice

    def finish_run() -> None:
        nonlocal dropping
        if not run:
            return
        dropping = _NOTICE.search("\n".join(run)) is not None
        kept.extend(line for line in run if not dropping or _DIRECTIVE.match(line))
        run.clear()

    while position < len(content):
        end = content.find("\n", position) + 1 or len(content)
        line = content[position:end]
        if line in ("\n", "\r\n"):
            finish_run()
            if not dropping:
                kept.append(line)
        elif _is_comment(line.removeprefix("\ufeff"), marks, first=position == 0):
            run.append(line)
        else:
            break
        position = end
    finish_run()
    return "".join(kept) + content[position:] if position else content


def _is_comment(line: str, marks: tuple[str, ...], *, first: bool) -> bool:
    """Return whether a line is a comment, or a shebang in the first line."""
    if line.startswith("#!"):
        return first
    if not marks or not line.startswith(marks):
        return False
    if len(marks) > 1 and _PREPROCESSOR.match(line):
        return False
    return not line.startswith(("#[", "#=", "#|", "--["))
