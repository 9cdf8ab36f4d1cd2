r"""Find the text of papers in plain TeX, which have no `\begin{document}`."""

from __future__ import annotations

import re

# formats and files of macros, and primitives that LaTeX papers do not use
_SIGNS = re.compile(
    r"\\(?:input\s{0,3}\{?(?:harvmac|lanlmac|amstex|amsppt|eplain|phyzzx|jytex|epsf|mssymb|vanilla|iopppt"
    r"|texsis|tables|amssym)|magnification|hsize|hoffset|vsize|baselineskip|nopagenumbers|bye"
    r"|centerline|documentstyle\s{0,9}\{amsppt\})(?![A-Za-z@])"
)
_END = re.compile(r"\\bye(?![A-Za-z@])|\\end(?![A-Za-z@])[ \t]{0,9}(?=\n|\Z)")
# the first line of text: words that no command begins
_PROSE = re.compile(
    r"^[ \t]*(?:\\(?:noindent|indent|par)(?![A-Za-z@])[ \t]*)?[^\W\d_](?:[^\\{}\n=]{30})",
    re.MULTILINE,
)
# a numbered heading in bold right before it
_HEADING = re.compile(
    r"(?:^|\n)(?P<line>[ \t]*(?:\\noindent[ \t]*)?"
    r"\{[ \t]*\\(?:bf|sc)[ \t]+(?:[0-9]+|[IVX]+)\.?[ \t][^{}\n]{1,100}\}"
    r"[^\w\n{}]{0,20}\n)\s*\Z"
)


def is_plain_tex(text: str) -> bool:
    """Return whether a text has a sign of plain TeX, AMS-TeX, harvmac or the like."""
    return _SIGNS.search(text) is not None


def plain_end(text: str) -> int:
    r"""Return the position of `\bye` or of a bare `\end`; the text's end without one."""
    end = _END.search(text)
    return end.start() if end else len(text)


def plain_start(text: str) -> int:
    """Return the start of the first line of prose, or of its heading, after macros, title and authors."""
    prose = _PROSE.search(text)
    if not prose:
        return len(text)
    heading = _HEADING.search(text, max(0, prose.start() - 300), prose.start())
    return heading.start("line") if heading else prose.start()
