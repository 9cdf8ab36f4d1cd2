r"""Remove commands of layout, such as `\vspace` and `\setlength`, which print nothing."""

from __future__ import annotations

import re

from udfs.extract.latex_arguments import ends_in_name

_ARGUMENT = r"\s{0,3}\{[^{}]{0,500}(?:\{[^{}]{0,500}\}[^{}]{0,500}){0,20}\}"
_OPTION = r"(?:\s{0,3}\[[^\[\]]{0,300}\])?"
_LENGTH = (
    r"(?:-?\s{0,3}[0-9]{0,9}(?:[.,][0-9]{0,9})?\s?(?:true\s?)?"
    r"(?:(?:pt|cm|mm|in|em|ex|bp|pc|sp|mu|fil{1,3})(?![A-Za-z])|\\[A-Za-z]{1,40}))"
)
_NO_ARGUMENT = """
    noindent newpage clearpage cleardoublepage smallskip medskip bigskip smallbreak medbreak bigbreak
    vfill vfil eject supereject goodbreak filbreak allowbreak nobreak raggedright raggedbottom flushbottom
    centering balance doublespacing singlespacing onehalfspacing onecolumn FloatBarrier columnbreak
    allowdisplaybreaks sloppy fussy maketitle tableofcontents listoffigures listoftables makeatletter
    makeatother frontmatter mainmatter backmatter xspace nopagenumbers strut null
"""
_ONE = """
    vspace pagestyle thispagestyle pagenumbering setstretch linespread enlargethispage captionsetup
    hypersetup geometry lstset newlength newcounter graphicspath usepackage addbibresource usetikzlibrary
    hyphenation theoremstyle setitemize setlist tikzset pgfplotsset bstctlcite
"""
_TWO = """
    setlength addtolength setcounter addtocounter settowidth markboth fancyhead fontsize
    addtocontents newcolumntype pdfbookmark
"""
_THREE = "definecolor addcontentsline providecolor"


_PRIMITIVES = """
    hspace hfil hfill hskip vskip nolinebreak linebreak nopagebreak pagebreak twocolumn linenumbers newtheorem
    parindent parskip baselineskip textwidth textheight topmargin oddsidemargin hsize vsize tolerance
    hangindent leftskip rightskip tabcolsep looseness
"""


def _beginnings() -> str:
    """Return the first two letters of all names, as a pattern that rejects most other commands fast."""
    seconds: dict[str, set[str]] = {}
    for name in f"{_NO_ARGUMENT} {_ONE} {_TWO} {_THREE} {_PRIMITIVES}".split():
        seconds.setdefault(name[0], set()).add(name[1])
    return "|".join(f"{first}[{''.join(sorted(seconds[first]))}]" for first in sorted(seconds))


def _names(names: str) -> str:
    return "|".join(names.split())


_COMMAND = re.compile(
    rf"\\(?={_beginnings()})(?:(?P<space>hspace\*?{_ARGUMENT}|(?:hfill?|(?:no)?linebreak)(?![A-Za-z@])(?:\[[0-4]\])?|hskip\s{{0,3}}{_LENGTH}"
    rf"(?:\s{{0,3}}(?:plus|minus)\s{{0,3}}{_LENGTH}){{0,2}})"
    rf"|(?:{_names(_NO_ARGUMENT)}|(?:no)?pagebreak(?:\[[0-4]\])?|twocolumn{_OPTION}|linenumbers)(?![A-Za-z@])"
    rf"|(?:{_names(_ONE)})(?![A-Za-z@])\*?{_OPTION}{_ARGUMENT}"
    rf"|(?:{_names(_TWO)})(?![A-Za-z@])\*?{_OPTION}(?:{_ARGUMENT}){{2}}"
    rf"|(?:{_names(_THREE)})(?![A-Za-z@])(?:{_ARGUMENT}){{3}}"
    rf"|newtheorem(?![A-Za-z@])\*?{_ARGUMENT}{_OPTION}{_ARGUMENT}{_OPTION}"
    rf"|vskip\s{{0,3}}{_LENGTH}(?:\s{{0,3}}(?:plus|minus)\s{{0,3}}{_LENGTH}){{0,2}}"
    rf"|(?:parindent|parskip|baselineskip|textwidth|textheight|topmargin|oddsidemargin|hsize|vsize|tolerance"
    rf"|hangindent|leftskip|rightskip|tabcolsep|looseness)(?![A-Za-z@])\s{{0,3}}=?\s{{0,3}}(?:{_LENGTH}|-?[0-9]{{1,6}}))"
)
_BLANKS = re.compile(r"[ \t]*")
_MAX_NAME = 64  # characters


def without_layout(text: str) -> str:
    r"""Return a text without commands of layout: spaces, page breaks, lengths, counters, colours, packages.

    A line that consists of such commands is removed. `\hspace` and the like leave a blank.

    >>> without_layout("One.\n\\vspace{1cm}\n\\noindent Two\\hspace{1em}three.")
    'One.\nTwo three.'
    """
    out: list[str] = []
    position = 0
    line_is_empty = True  # but for commands of layout
    for command in _COMMAND.finditer(text):
        before = text[position : command.start()]
        line_end = before.rfind("\n")
        line_is_empty = not before[line_end + 1 :].strip() and (line_end >= 0 or line_is_empty)
        out.append(before)
        position = _BLANKS.match(text, command.end()).end()  # type: ignore[union-attr]
        if line_is_empty:
            if text.startswith("\n", position):
                position += 1
                out[-1] = before[: line_end + 1]
            continue
        last = text[command.start() - 1]
        if text[position : position + 1] != "\n" and not last.isspace():
            is_name = ends_in_name(text[max(0, command.start() - _MAX_NAME) : command.start()])
            if command["space"] or position > command.end() or is_name:
                out.append(" ")
    out.append(text[position:])
    return "".join(out)
