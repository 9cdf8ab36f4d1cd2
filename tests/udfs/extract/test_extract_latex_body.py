"""Where a paper's text begins and ends, in LaTeX and in plain TeX, and what of its layout goes."""

from __future__ import annotations

import pytest
from tex_papers import paper, section

from udfs.extract.latex import Paper, TexFile, extract

BIBLIOGRAPHY = "\\begin{thebibliography}{9}\n\\bibitem{a} \\section{B}\n\\end{thebibliography}\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "\\section{A}a\n\\bibliography{x}\n\\section*{Methods}m",
            "\\section{A}a\n\\section*{Methods}m",
        ),
        (
            f"\\section{{A}}a\n{BIBLIOGRAPHY}lost\n\\paragraph{{P}}p",
            "\\section{A}a\n\\paragraph{P}p",
        ),
        (
            f"\\section{{A}}a {BIBLIOGRAPHY}\\begin{{methods}}m\\end{{methods}}",
            "\\section{A}a\n\\begin{methods}m\\end{methods}",
        ),
        (
            "\\chapter{A}a\n\\section*{References}\n[1]\n\\subsection{x}\n\\chapter{B}b\n\\bibliography{x}\\chapter{C}c",
            "\\chapter{A}a\n\\chapter{B}b\n\\chapter{C}c",
        ),
        ("\\section{A}a\n\\bibliography{x}\n\\appendix\n\\section{B}b", "\\section{A}a"),
        ("\\section{A}a\n\\bibliography{x}\\section{Appendix A: B}b\\section{C}c", "\\section{A}a"),
        (
            "\\section{A}a\n\\bibliography{x}\\section*{\\large Supplementary Material}b",
            "\\section{A}a",
        ),
        (
            "\\chapter{A}a\\bibliography{x}\\section{Appendix}b\\chapter{C}c",
            "\\chapter{A}a\n\\chapter{C}c",
        ),
        (
            "\\section{A}\\begin{appendices}\\section{B}b\\end{appendices}\\section{C}c",
            "\\section{A}\n\\section{C}c",
        ),
        (
            "\\section{A}a\\begin{biblist}\\bib{x}{y}{z}\\end{biblist}\\section{B}b",
            "\\section{A}a\n\\section{B}b",
        ),
        ("\\section{A}a\n\\section*{7. \\textsc{References}}\n[1] x", "\\section{A}a"),
        ("\\section{A}a\n\\section{Literaturverzeichnis}\n[1] x", "\\section{A}a"),
        (
            "\\section{A}a\n\\section{References in law}b",
            "\\section{A}a\n\\section{References in law}b",
        ),
        ("\\section{A}a\\begin{thebibliography}{9} not closed \\section{B}", "\\section{A}a"),
        ("\\section{A}a\\nocite{*}\\bibliographystyle{x}", "\\section{A}a"),
    ],
)
def test_references_and_appendices_go_and_other_sections_stay(body: str, expected: str) -> None:
    assert paper(body).text.split() == expected.split()


def test_the_text_ends_at_the_references_by_option() -> None:
    text = f"\\section{{A}}a\n{BIBLIOGRAPHY}\\section{{C}}c"
    assert paper(text, behind_references=False).text == "\\section{A}a\n"


@pytest.mark.parametrize(
    "front",
    [
        "\\begin{abstract}\\paragraph{Aim} We aim.\\end{abstract}",
        "\\maketitle\n\\begin{frontmatter}\\section{x}\\begin{abstract}y\\end{abstract}\\end{frontmatter}",
        "\\abstract{\\paragraph{Aim} {\\bf x}}{y} {z}",
        "\\begin{abstract}a\\end{abstract}\\begin{keywords}\\section*{k}\\end{keywords}",
        "\\begin{abstract} \\begin{abstract*}\\section{x}\\end{abstract*} not closed",
    ],
)
def test_headers_in_the_front_matter_do_not_begin_the_text(front: str) -> None:
    assert paper(f"{front}\n\\section{{I}}\nHello").text == "\\section{I}\nHello\n"


def plain(text: str) -> Paper:
    """Return a paper of one file."""
    return extract([TexFile("paper.tex", text.encode())])


def test_harvmac() -> None:
    extracted = plain(
        "\\input harvmac\n\\Title{HUTP-1}{A {\\it Title}}\n\\centerline{Me}\n"
        "\\newsec{One}\nText.\n\\subsec{Two}\nMore.\n\\appendix{A}{App}x\n\\listrefs\n\\bye\nnot"
    )
    assert extracted.text == "\\newsec{One}\nText.\n\\subsec{Two}\nMore.\n"
    assert extracted.title == "A Title"


def test_amstex() -> None:
    extracted = plain(
        "\\input amstex\n\\documentstyle{amsppt}\n\\topmatter\\title A Title\\endtitle\\endtopmatter\n"
        "\\document\n\\head 1. One \\endhead\nText.\n\\subhead Two\\endsubhead more\n"
        "\\Refs\n\\ref x \\endref\n\\endRefs\n\\enddocument\nnot"
    )
    assert extracted.text == "\\head 1. One \\endhead\nText.\n\\subhead Two\\endsubhead more\n"
    assert extracted.title == "A Title"


def test_plain_tex() -> None:
    begun = "\\magnification=1200\n\\def\\x#1.{y}\n\\centerline{\\bf Title}\n"
    text = "\\beginsection 1. One\n\nText of the paper.\n\n"
    references = "\\beginsection References\n\n[1] x\n\\vfill\\eject\\end\n"
    assert plain(begun + text + references).text.strip() == text.strip()
    prose = "It is the text of a paper without any header.\n\nMore."
    extracted = plain(f"{begun}{prose}\n\\end\nnot")
    assert (extracted.text.strip(), extracted.has_header) == (prose, False)
    assert plain(f"{prose}\n").text == ""  # it may be any text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\\vspace{1cm}\nTwo.", "One.\nTwo."),
        ("One.\n\\vspace*{-1\\baselineskip}\\noindent\nTwo.", "One.\nTwo."),
        ("\\noindent One", "One"),
        ("one\\hspace{1em}two \\hspace*{2mm} three", "one two three"),
        ("one\\vskip 5pt plus 1pt minus 2pt\ntwo", "one\ntwo"),
        (
            "\\setlength{\\parindent}{0pt}\n\\setcounter{x}{1}\n\\definecolor{a}{rgb}{1,0,0}\none",
            "one",
        ),
        ("\\parindent=0pt\n\\parskip 3pt\none", "one"),
        ("\\begin{figure}[t]\n\\centering\n\\caption{x}", "\\begin{figure}[t]\n\\caption{x}"),
        ("$\\alpha\\hspace{2pt}b$ $\\alpha\\nobreak b$", "$\\alpha b$ $\\alpha b$"),
        ("\\clearpage\n\n\\newtheorem{thm}{Theorem}[section]\none", "\none"),
        ("\\lstset{language={C}, x}one", "one"),
        # what prints stays, and so does what is not closed
        (
            "\\vspacer{x} \\hbox{y} \\noindentx \\newpagex",
            "\\vspacer{x} \\hbox{y} \\noindentx \\newpagex",
        ),
        ("\\vspace{1cm", "\\vspace{1cm"),
        ("\\verb|\\vspace{1cm}|", "\\verb|\\vspace{1cm}|"),
    ],
)
def test_commands_of_layout_go(text: str, expected: str) -> None:
    assert section(text) == expected
