"""Take a copyright or licence notice off a source file, as RedPajama-V1 meant to.

V1 looks for the first C block comment; it goes if it says "copyright". In a file without one, V1
drops all leading lines that start with `//`, `#` or `--`: shebangs, `#include`, `#define`, Markdown
headings and every comment with them. Here such lines go where they are comments in the file's
language and say something of copyright or licence.
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
# lines that start as a comment and do something
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
    """How a language marks comments, as far as V1 looks: line comments, and C's block comments."""

    lines: tuple[str, ...]
    blocks: bool = True


_UNKNOWN = Comments(("//", "#", "--"))
_SLASHES, _HASH = Comments(("//",)), Comments(("#",), blocks=False)
_DASHES, _NONE = Comments(("--",), blocks=False), Comments((), blocks=False)
_SUFFIXES: dict[Comments, tuple[str, ...]] = {
    _SLASHES: (
        *(".c", ".h", ".cs", ".cpp", ".hpp", ".c++", ".h++", ".cc", ".hh", ".go", ".java", ".js"),
        *(".rs", ".scala", ".ts", ".tsx", ".m"),
    ),
    _HASH: (
        *(".cmake", ".dockerfile", ".jl", ".pl", ".pm", ".perl", ".ps1", ".psd1", ".psm1", ".py"),
        *(".rb", ".sh", ".bash", ".command", ".zsh", ".smali", "dockerfile", "makefile"),
    ),
    _DASHES: (".lua", ".hs"),
    Comments(("--", "#")): (".sql",),
    Comments(()): (".css", ".html", ".php", ".php3", ".php4", ".php5", ".phps", ".phpt"),
    _NONE: (
        *(".md", ".markdown", ".rst", ".tex", ".xml", ".pod", ".bat", ".cmd", ".vb"),
        *(".f90", ".f", ".f03", ".f08", ".f77", ".f95", ".for", ".fpp"),
    ),
}
_BY_SUFFIX = {suffix: each for each, suffixes in _SUFFIXES.items() for suffix in suffixes}


def clean_copyright_comments(content: str, path: str | None = None) -> str:
    """Return a file's content without the notice at its start.

    Parameters
    ----------
    path
        Tells the language by its end; without one, all marks are taken for comments that are not
        the C preprocessor's or another's directives.
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
    """Return the content without the blank lines at its start, and the notices among its comments.

    A notice is a run of comment lines without a blank one in it; what follows it of those goes too.
    """
    kept: list[str] = []
    run: list[str] = []
    at, dropping = 0, True  # blank lines are dropped at the start and behind a notice

    def finish() -> None:
        nonlocal dropping
        if not run:
            return
        dropping = _NOTICE.search("\n".join(run)) is not None
        kept.extend(line for line in run if not dropping or _DIRECTIVE.match(line))
        run.clear()

    while at < len(content):
        end = content.find("\n", at) + 1 or len(content)
        line = content[at:end]
        if line in ("\n", "\r\n"):
            finish()
            if not dropping:
                kept.append(line)
        elif _is_comment(line.removeprefix("\ufeff"), marks, first=at == 0):
            run.append(line)
        else:
            break
        at = end
    finish()
    return "".join(kept) + content[at:] if at else content


def _is_comment(line: str, marks: tuple[str, ...], *, first: bool) -> bool:
    """Tell whether a line belongs to the comments that a file starts with."""
    if line.startswith("#!"):
        return first
    if not marks or not line.startswith(marks):
        return False
    if len(marks) > 1 and _PREPROCESSOR.match(line):
        return False
    return not line.startswith(("#[", "#=", "#|", "--["))
