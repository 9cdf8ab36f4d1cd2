"""Remove comments from TeX, and protect verbatim text from being read as TeX."""

from __future__ import annotations

import re

from udfs.extract.latex_verbatim import MAX_LENGTH, Verbatim, argument_end

_LINK = re.compile(r"[^{}\n]{0,2000}\}")
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


def without_comments(text: str, protected: ProtectedText, verbatim: Verbatim) -> str:
    r"""Return a file's text without comments and with placeholders for verbatim text.

    A line that consists of a comment is removed with its line end. A comment after text is removed with
    the blanks before it, and the line end is kept. `\%` starts no comment, but `\\%` does. Environments
    such as `comment` are removed too. Commands such as `\verb` and verbatim environments are protected.
    The time is linear in the text.
    """
    out: list[str] = []
    copied = 0  # the end of the text that is in `out`
    unclosed: set[str] = set()  # environments without an end, which are not searched for again
    search = verbatim.point.search
    point = search(text)
    while point:
        start, end = point.span()
        if _is_escaped(text, start):
            point = search(text, start + 1)
            continue
        if point.lastgroup is None:
            copied = _remove_comment(text, copied, start, out)
            point = search(text, copied)
            continue
        if point.lastgroup == "link":
            link = _LINK.match(text, end)
            point = search(text, link.end() if link else end)
            continue
        replaced_end = _verbatim_end(text, point, unclosed)
        if replaced_end > end:
            removed = point["environment"] in verbatim.comments
            replacement = "" if removed else protected.protect(text[start:replaced_end])
            out += [text[copied:start], replacement]
            copied = replaced_end
            starts_line = text[start - 1 : start] in ("\n", "")
            if removed and starts_line and text.startswith("\n", replaced_end):
                copied += 1  # the removed text is a whole line
        point = search(text, replaced_end)
    out.append(text[copied:])
    return "".join(out)


def _verbatim_end(text: str, point: re.Match[str], unclosed: set[str]) -> int:
    """Return the end of the verbatim text that begins at a point; the point's end if there is none."""
    end = point.end()
    if point["verb"]:
        return argument_end(text, end, point["verb"])
    if point.lastgroup == "short":
        limit = end + MAX_LENGTH
        line_end = text.find("\n", end, limit)
        closing = text.find(point[0], end, line_end if line_end >= 0 else limit)
        return closing + 1 if closing >= 0 else end
    name = point["environment"]
    if name in unclosed:
        return end
    end_command = f"\\end{{{name}}}"
    end_start = text.find(end_command, end)
    if end_start < 0:
        unclosed.add(name)
        return end
    return end_start + len(end_command)


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
