r"""Macros of xparse, mathtools and the paper's own style files; paths of `\input`; 00README."""

from __future__ import annotations

import pytest
from tex_papers import paper, section

from udfs.extract.latex_constants import constants, with_values
from udfs.extract.latex_readme import FileUses, file_uses


@pytest.mark.parametrize(
    ("preamble", "text", "expected"),
    [
        ("\\NewDocumentCommand{\\x}{m O{d}}{[#1|#2]}", "\\x{a} \\x{a}[b]", "[a|d] [a|b]"),
        (
            "\\NewDocumentCommand\\x{s o m}{\\IfBooleanT{#1}{*}\\IfNoValueTF{#2}{none}{#2}: #3}",
            "\\x{a}; \\x*[b]{c}",
            "none: a; *b: c",
        ),
        ("\\DeclareDocumentCommand{\\x}{+m}{\\IfValueTF{#1}{v}{}}", "\\x{a}", "v"),
        ("\\def\\x{a}\\ProvideDocumentCommand{\\x}{}{b}", "\\x", "a"),
        ("\\NewDocumentCommand{\\x}{v}{#1}", "\\x{a}", "\\x{a}"),
        ("\\DeclarePairedDelimiter{\\abs}{\\lvert}{\\rvert}", "$\\abs{x}$", "$\\lvert x\\rvert$"),
        (
            "\\DeclarePairedDelimiter\\norm{\\|}{\\|}",
            "$\\norm{x}\\norm*{y}\\norm[\\big]{z}$",
            "$\\|x\\|\\left\\| y\\right\\|\\big\\| z\\big\\|$",
        ),
        (
            "\\DeclarePairedDelimiterX{\\inner}[2]{\\langle}{\\rangle}{#1\\delimsize, #2}",
            "$\\inner{x}{y}$",
            "$\\langle x, y\\rangle$",
        ),
        (
            "\\DeclarePairedDelimiterXPP{\\E}[1]{\\mathbb{E}}{[}{]}{_0}{#1}",
            "$\\E{X}$",
            "$\\mathbb{E}[X]_0$",
        ),
        (
            "\\newcommand{\\name}{S2ORC\\xspace}",
            "\\name{} is \\name, \\emph{x}\\xspace y",
            "S2ORC is S2ORC, \\emph{x} y",
        ),
        ("\\newrobustcmd{\\name}[1]{<#1>}", "\\name{a}", "<a>"),
    ],
)
def test_definitions(preamble: str, text: str, expected: str) -> None:
    assert section(text, preamble) == expected


STYLE = "\\ProvidesPackage{own}\n\\newcommand{\\RR}{\\mathbb{R}} % reals\n\\def\\eg{e.g.}\n"


@pytest.mark.parametrize(
    "use",
    [
        "\\usepackage{own}",
        "\\usepackage[x]{amsmath, own}",
        "\\input{own.sty}",
        "\\RequirePackage{own}",
    ],
)
def test_macros_of_a_style_file_that_is_used(use: str) -> None:
    assert section("$\\RR$ \\eg text", use, {"own.sty": STYLE}) == "$\\mathbb{R}$ e.g. text"


def test_what_of_a_style_file_is_not_used() -> None:
    assert section("\\eg text", "", {"own.sty": STYLE}) == "\\eg text"
    layout = f"{STYLE}\\def\\section{{\\@startsection}}"
    assert section("\\eg text", "\\usepackage{own}", {"own.sty": layout}) == "\\eg text"
    spaced = f"{STYLE}\\newcommand{{\\wide}}[1]{{\\vskip 1cm #1}}\\newcommand{{\\cite}}[1]{{[#1]}}"
    files = {"own.sty": spaced}
    assert section("\\wide{a} \\cite{b}", "\\usepackage{own}", files) == "\\wide{a} \\cite{b}"
    # the paper's own definition has the last word
    own = "\\usepackage{own}\\renewcommand{\\eg}{for example}"
    assert section("\\eg text", own, {"own.sty": STYLE}) == "for example text"


def test_a_style_that_uses_a_style() -> None:
    files = {"one.sty": "\\RequirePackage{sub/two}", "sub/two.sty": STYLE}
    assert section("\\eg x", "\\usepackage{one}", files) == "e.g. x"


@pytest.mark.parametrize(
    ("preamble", "command"),
    [
        ("\\newcommand{\\folder}{parts}", "\\input{\\folder/one}"),
        ("\\def\\folder{parts}", "\\input \\folder/one"),
        ("\\def\\folder{parts}", "\\include{\\folder{}/one.tex}"),
        ("\\def\\kind{parts}\\def\\folder{\\kind}", "\\input{\\folder/one}"),
        ("\\newcommand{\\part@}[1]{}\\newcommand{\\sec}[1]{\\input{parts/#1}}", "\\sec{one}"),
        ("\\def\\folder{parts/}", "\\import{\\folder}{one}"),
        ("\\newcommand{\\all}{\\sec{one}}\\newcommand{\\sec}[1]{\\input{parts/#1}}", "\\all"),
    ],
)
def test_macros_in_the_path_of_an_input(preamble: str, command: str) -> None:
    files = {"parts/one.tex": "one \\input{parts/two}", "parts/two.tex": "two"}
    extracted = paper(f"\\section{{S}}\n{command}", preamble, files)
    assert extracted.text.split() == ["\\section{S}", "one", "two"]
    assert (len(extracted.files), extracted.missing, extracted.unused_files) == (3, 0, ())


def test_inputs_by_macros_end() -> None:
    files = {"a.tex": "a\\sec{a}\\sec{b}", "b.tex": "b\\sec{a}\\input{no}"}
    extracted = paper("\\section{S}\\sec{a}", "\\newcommand{\\sec}[1]{\\input{#1}}", files)
    assert extracted.text == "\\section{S}ab\\input{no}\n"
    assert extracted.missing == 1


def test_constants() -> None:
    values = constants(
        [r"\newcommand{\folder}{sections/\kind} \renewcommand\kind{long}\def\x#1{y}"]
    )
    assert values == {"folder": "sections/\\kind", "kind": "long"}
    assert with_values(r"\folder/intro \other", values) == "sections/long/intro \\other"
    assert with_values("\\a", {"a": "\\a\\a"}) == "\\a" * 16


README = [
    ("00README.XXX", "old.tex toplevelfile\nmain.tex ignore\n"),
    ("00README", "old.tex  toplevelfile"),
    ("00README.json", '{"sources": [{"filename": "./old.tex", "usage": "toplevel"}, 1]}'),
    (
        "00README.yaml",
        "sources:\n- filename: old.tex\n  usage: toplevel\n- usage: ignore\n  filename: 'main.tex'\n",
    ),
]


@pytest.mark.parametrize(("name", "content"), README)
def test_arxivs_readme_names_the_main_file(name: str, content: str) -> None:
    old = "\\documentclass{book}\\begin{document}\\section{Old}\\end{document}"
    extracted = paper("\\section{New} and longer", "", {"old.tex": old, name: content})
    assert (extracted.text, extracted.files) == ("\\section{Old}", ("old.tex",))


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", '{"sources": 3}', "a.tex keepcomments", "none"]
)
def test_a_readme_that_names_no_file(content: str) -> None:
    assert file_uses([content]) == FileUses()
    assert paper("\\section{New}", "", {"00README.XXX": content}).text == "\\section{New}\n"


def test_two_main_files_and_one_that_is_missing() -> None:
    more = "\\documentclass{book}\\begin{document}\\section{More}\\end{document}"
    readme = "main.tex toplevelfile\nmore.tex toplevelfile\nno.tex toplevelfile"
    extracted = paper("\\section{New}", "", {"more.tex": more, "00README.XXX": readme})
    assert extracted.text == "\\section{New}\n\n\\section{More}"
