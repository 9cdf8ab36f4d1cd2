r"""Macros of a paper's own style files, which `\usepackage` reads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping

from udfs.extract.latex_braces import Budget
from udfs.extract.latex_macros import Macro, definitions

STYLE_SUFFIXES = (".sty", ".cls", ".def", ".mac", ".macro", ".macros")
# journals' and conferences' styles are larger; what they define is layout
MAX_STYLE = 65_536  # bytes
# commands of styles that set a layout, as those of journals and conferences do
_TEMPLATE = (
    *(rb"\@startsection", rb"\@maketitle", rb"\ProcessOptions", rb"\LoadClass", rb"\@listi"),
    rb"\@xsect",
)
_USES = re.compile(
    r"\\(?:usepackage|RequirePackage|LoadClass|input|documentstyle|documentclass)(?![A-Za-z@])\s{0,9}(?:\[([^\[\]]{0,999})\]\s{0,9})?"
    r"(?:\{([^{}]{1,999})\}|([^\s{}\\%]{1,200}))"
)
_LAYOUT = re.compile(
    r"\\(?:[vh]skip|[vh]space|[vh]fill?|[vh]box|hrule|vrule|rule|fontsize|selectfont|setlength|addtolength"
    r"|setcounter|addtocounter|begingroup|bgroup|thispagestyle|centerline|includegraphics|write|openout"
    r"|penalty|kern|raise|lower|special|advance|the|arabic|[Rr]oman|[Aa]lph|baselineskip|parindent|normalfont)(?![A-Za-z])"
)
# what LaTeX and common packages define: a style that changes it changes how it looks
_OF_LATEX = """
    abstractname address affiliation affil and appendixname arraystretch author baselinestretch bf
    bibname bibsection blfootnote cal caption chaptername citation cite citealp citealt citeauthor
    citenum citep citet citetext citeyear citeyearpar contentsname copyright cref Cref date description
    doi editor eject em email emph enumerate eqref figurename floatpagefraction fnum footnote
    footnotesize footnotetext hline href hspace huge Huge hyphenation indexname institute it itemize
    keywords label large Large LARGE listfigurename listtablename nocite normalsize note pageref
    paperheight paperwidth pages partname quotation quote ref refname rm runningtitle sc scriptsize
    section sf sl small table tablename textbf textfraction textit textrm textsc textsf textsl texttt
    thanks thebibliography tiny title today topfraction tt url verbatim vspace year volume number
    And AND Affil Author Title
"""
_COMMON = frozenset(_OF_LATEX.split())


def is_style(name: str) -> bool:
    """Return whether a file of an e-print is a style file, by its name."""
    return name.lower().endswith(STYLE_SUFFIXES)


def is_template(content: bytes) -> bool:
    """Return whether a style file sets the layout of papers; its macros are not of the paper.

    A class of the paper's own loads another one, and takes options.
    """
    own_class = b"\\ProvidesClass" in content or b"\\LoadClass" in content
    return any(
        command in content
        for command in _TEMPLATE
        if not (own_class and command in (b"\\ProcessOptions", b"\\LoadClass"))
    )


def used_styles(styles: Mapping[str, str], texts: Iterable[str]) -> list[str]:
    r"""Return the names of the style files that the texts use, and those that these use.

    A style is used by `\usepackage`, `\RequirePackage`, `\documentstyle[...]` or `\input`.
    """
    if not styles:
        return []
    by_stem = {posixpath.basename(name).lower(): name for name in styles}
    used: dict[str, None] = {}
    unread = list(texts)
    while unread:
        for match in _USES.finditer(unread.pop()):
            for part in ",".join(filter(None, match.groups())).split(","):
                stem = posixpath.basename(part.strip()).lower()
                name = by_stem.get(stem) or by_stem.get(f"{stem}.sty") or by_stem.get(f"{stem}.cls")
                if name and name not in used:
                    used[name] = None
                    unread.append(styles[name])
    return [name for name in styles if name in used]


def style_macros(texts: Collection[str]) -> dict[str, Macro | None]:
    """Return the macros that style files define and that stand for text or formulas.

    Left out are those that set a layout, and names that LaTeX or common packages define.
    """
    budget = Budget(4 * sum(map(len, texts)) + 10_000)
    macros: dict[str, Macro | None] = {}
    for text in texts:
        for definition in definitions(text, budget).values():
            macro = definition.macro
            if definition.alias and definition.alias in macros:
                macro = macros[definition.alias]
            if definition.name in _COMMON or (definition.provided and definition.name in macros):
                continue
            if macro and not _LAYOUT.search(macro.value):
                macros[definition.name] = macro
    return macros
