"""Remove comments from TeX, and protect verbatim text from being read as TeX."""

from __future__ import annotations

import re

_VERBATIM = r"verbatim\*?|[BLV]?Verbatim\*?|lstlisting|minted|comment"
_POINT = re.compile(
    r"%|\\(?:(?P<verb>verb(?![A-Za-z])\*?|lstinline(?![A-Za-z]))"
    r"|(?P<link>(?:url|href|path|nolinkurl)\{)"
    rf"|begin\{{(?P<environment>{_VERBATIM})\}}"
    r"|(?P<false>iffalse)(?![A-Za-z@]))"
)
_LINK = re.compile(r"[^{}\n]{0,2000}\}")
_BRANCH = re.compile(r"\\(?:(?!iff(?![A-Za-z@])|ifthenelse)(if[A-Za-z@]*)|else|fi)(?![A-Za-z@])")
_MAX_VERB_LENGTH = 1000  # characters
_PLACEHOLDER = re.compile("\x02([0-9]+)\x03")


class ProtectedText:
    r"""Verbatim text of a paper, each replaced by a placeholder, `\x02` number `\x03`."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def protect(self, text: str) -> str:
        """Store a text and return its placeholder."""
        self._texts.append(text)
        return f"\x02{len(self._texts) - 1}\x03"

    def restore(self, text: str) -> str:
        """Return a text with each placeholder replaced by the text it was made for.

        A placeholder that a macro copied is replaced only the first time, so that a paper cannot grow.
        """
        if not self._texts:
            return text
        remaining: dict[int, str] = dict(enumerate(self._texts))
        return _PLACEHOLDER.sub(lambda match: remaining.pop(int(match[1]), ""), text)


def without_comments(text: str, protected: ProtectedText) -> str:
    r"""Return a file's text without comments and with placeholders for verbatim text.

    A line that consists of a comment is removed with its line end. A comment after text is removed with
    the blanks before it, and the line end is kept. `\%` starts no comment, but `\\%` does. The
    environment `comment` and the text after `\iffalse` are removed too. `\verb`, `\lstinline` and the
    verbatim environments are protected. The time is linear in the text.
    """
    out: list[str] = []
    copied = 0  # the end of the text that is in `out`
    unclosed: set[str] = set()  # environments without an end, which are not searched for again
    point = _POINT.search(text)
    while point:
        start, end = point.span()
        if _is_escaped(text, start):
            point = _POINT.search(text, start + 1)
            continue
        if point.lastgroup is None:
            copied = _remove_comment(text, copied, start, out)
            point = _POINT.search(text, copied)
            continue
        if point.lastgroup == "link":
            link = _LINK.match(text, end)
            point = _POINT.search(text, link.end() if link else end)
            continue
        replacement, replaced_end = "", end  # of the text from `start`
        name = point["environment"] or ""
        if point.lastgroup == "verb":
            replaced_end = _verb_end(text, end)
            replacement = protected.protect(text[start:replaced_end]) if replaced_end > end else ""
        elif name and name not in unclosed:
            end_command = f"\\end{{{name}}}"
            end_start = text.find(end_command, end)
            if end_start >= 0:
                replaced_end = end_start + len(end_command)
                is_comment = name == "comment"
                replacement = "" if is_comment else protected.protect(text[start:replaced_end])
            else:
                unclosed.add(name)
        elif point["false"] and "\\iffalse" not in unclosed:
            replaced_end = _branch_end(text, end)
            if replaced_end == end:
                unclosed.add("\\iffalse")
        if replaced_end > end:
            out += [text[copied:start], replacement]
            copied = replaced_end
            starts_line = text[start - 1 : start] in ("\n", "")
            if not replacement and starts_line and text.startswith("\n", replaced_end):
                copied += 1  # the removed text is a whole line
        point = _POINT.search(text, replaced_end)
    out.append(text[copied:])
    return "".join(out)


def _is_escaped(text: str, position: int) -> bool:
    """Return whether an odd number of backslashes precedes a position."""
    before = position
    while before and text[before - 1] == "\\":
        before -= 1
    return (position - before) % 2 == 1


def _remove_comment(text: str, copied: int, start: int, out: list[str]) -> int:
    """Copy the text before a comment to `out` and return the position after the comment."""
    line = text.rfind("\n", copied, start) + 1 or copied
    line_end = text.find("\n", start)
    if line_end < 0:
        line_end = len(text)
    # `copied` is within the line if something else was removed from it, and otherwise at its start
    is_line_start = line == 0 or text[line - 1] == "\n"
    before = text[line:start]
    if is_line_start and not before.strip():
        out.append(text[copied:line])
        return min(line_end + 1, len(text))
    stripped = before.rstrip(" \t")
    out += [text[copied:line], stripped, " " if _is_escaped(stripped, len(stripped)) else ""]
    return line_end


def _verb_end(text: str, start: int) -> int:
    r"""Return the end of the argument of `\verb`, such as `|x|`; `start` if it has none."""
    delimiter = text[start : start + 1]
    if not delimiter or delimiter.isspace() or delimiter in "*[":
        return start
    closing = "}" if delimiter == "{" else delimiter
    end = text.find(closing, start + 1, start + _MAX_VERB_LENGTH)
    return start if end < 0 or "\n" in text[start:end] else end + 1


def _branch_end(text: str, start: int) -> int:
    r"""Return the end of the `\fi` or `\else` of a conditional; `start` if it has none."""
    depth = 1
    for branch in _BRANCH.finditer(text, start):
        if branch[1]:
            depth += 1
        elif branch[0] == "\\fi":
            depth -= 1
        if not depth or (depth == 1 and branch[0] == "\\else"):
            return branch.end()
    return start
