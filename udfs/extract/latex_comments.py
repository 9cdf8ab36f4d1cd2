"""Comments out of TeX, and verbatim text aside so that nothing else reads it as TeX."""

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
_LONGEST_VERB = 1000
_PARKED = re.compile("\x02([0-9]+)\x03")


class Parked:
    r"""Verbatim text that was put aside; a mark stands for it, `\x02` number `\x03`."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def put(self, text: str) -> str:
        """Put a text aside and return its mark."""
        self._texts.append(text)
        return f"\x02{len(self._texts) - 1}\x03"

    def restored(self, text: str) -> str:
        """Return the text with each mark replaced by what it stands for, once.

        A mark that a macro has copied stays where it came first: a paper cannot grow by it.
        """
        if not self._texts:
            return text
        left: dict[int, str] = dict(enumerate(self._texts))
        return _PARKED.sub(lambda mark: left.pop(int(mark[1]), ""), text)


def without_comments(text: str, parked: Parked) -> str:
    r"""Return a file's text without what TeX does not read.

    A line that is only a comment goes with its end; behind text, the comment goes with the blanks
    before it, and the line's end stays. `\%` is no comment, `\\%` is. The environment comment goes
    as well, and what `\iffalse` hides. `\verb`, `\lstinline` and the verbatim environments are put
    aside. The time is linear in the text.
    """
    out: list[str] = []
    position = 0  # behind what was dealt with
    unclosed: set[str] = set()  # environments that do not end: they are not looked for again
    point = _POINT.search(text)
    while point:
        start, end = point.span()
        if _escaped(text, start):
            point = _POINT.search(text, start + 1)
            continue
        kept, behind = "", end  # what takes the place of the text up to `behind`
        if point.lastgroup is None:
            position = _comment(text, position, start, out)
            point = _POINT.search(text, position)
            continue
        if point.lastgroup == "link":
            found = _LINK.match(text, end)
            point = _POINT.search(text, found.end() if found else end)
            continue
        name = point["environment"] or ""
        if point.lastgroup == "verb":
            behind = _verb_end(text, end)
            kept = parked.put(text[start:behind]) if behind > end else ""
        elif name and name not in unclosed:
            closing = f"\\end{{{name}}}"
            found_at = text.find(closing, end)
            if found_at >= 0:
                behind = found_at + len(closing)
                kept = parked.put(text[start:behind]) if name != "comment" else ""
            else:
                unclosed.add(name)
        elif point["false"] and "\\iffalse" not in unclosed:
            behind = _branch_end(text, end)
            if behind == end:
                unclosed.add("\\iffalse")
        if behind > end:
            out += [text[position:start], kept]
            position = behind
            if not kept and text.startswith("\n", behind) and text[start - 1 : start] in ("\n", ""):
                position += 1  # it had the line for itself
        point = _POINT.search(text, behind)
    out.append(text[position:])
    return "".join(out)


def _escaped(text: str, at: int) -> bool:
    """Tell whether an odd number of backslashes stands before a place."""
    before = at
    while before and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def _comment(text: str, position: int, start: int, out: list[str]) -> int:
    """Keep what stands before a comment and return where to go on."""
    line = text.rfind("\n", position, start) + 1 or position
    line_end = text.find("\n", start)
    if line_end < 0:
        line_end = len(text)
    # `position` is within a line where something stood before, and else at its start
    begins = line == 0 or text[line - 1] == "\n"
    before = text[line:start]
    if begins and not before.strip():
        out.append(text[position:line])
        return min(line_end + 1, len(text))
    bare = before.rstrip(" \t")
    out += [text[position:line], bare, " " if _escaped(bare, len(bare)) else ""]
    return line_end


def _verb_end(text: str, start: int) -> int:
    """Return the place behind `|..|`; `start` where there is no such thing."""
    delimiter = text[start : start + 1]
    if not delimiter or delimiter.isspace() or delimiter in "*[":
        return start
    closing = "}" if delimiter == "{" else delimiter
    end = text.find(closing, start + 1, start + _LONGEST_VERB)
    return start if end < 0 or "\n" in text[start:end] else end + 1


def _branch_end(text: str, start: int) -> int:
    r"""Return the place behind the `\fi` or `\else` of a conditional; `start` if there is none."""
    depth = 1
    for found in _BRANCH.finditer(text, start):
        if found[1]:
            depth += 1
        elif found[0] == "\\fi":
            depth -= 1
        if not depth or (depth == 1 and found[0] == "\\else"):
            return found.end()
    return start
