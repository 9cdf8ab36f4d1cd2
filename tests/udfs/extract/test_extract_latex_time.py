"""Extraction of papers takes linear time, for hostile input, long chains and growing macros too."""

from __future__ import annotations

import itertools
import time

import pytest

from udfs.extract.latex import TexFile, extract


def chain(count: int) -> list[TexFile]:
    """Return files of which each includes the next."""
    return [
        TexFile(f"{number}.tex", f"\\section{{{number}}}\\input{{{number + 1}}}".encode())
        for number in range(count)
    ]


HOSTILE = [
    "{", "\\newcommand", "\\newcommand{\\a}{", "\\def\\a#1{", "%", "%\n", "\\begin{verbatim}",
    "\\iffalse", "\\verb!", "\\", "\\section[", "\\input{a}", "\\global", " ", "\n ", "\\a{",
    "\\begin{abstract}", "\\title{", "\\long\\def\\a{\\a\\a}", "$", "\\newcommand{\\a}[1]{#1}\\a{\\a{",
    "\\begin{comment}\\end{comment", "\\url{%", "\\let\\a\\b", "\\'", "\\end{document}", "\\documentclass[",
    "\\NewDocumentCommand{\\a}{o", "\\DeclarePairedDelimiter\\a{", "\\vspace{", "\\setlength{a}",
    "\\if0", "\\begin{abstract}\\section{", "\\head", "\\section{References}",
    "\\begin{thebibliography}", "\\newenvironment{a}[1]{", "|", "\\mintinline{a}{",
    "\\newif\\ifa\\atrue\\ifa", "\\title a", "\\Title{a}{", "\\abstract{",
    "\\bibliography{x}\\section{S}", "\\hskip 1", "\\IfNoValueTF{", "\\input\\a", "\\usepackage{a,",
    "\\input{a{}",
]  # fmt: skip


def cpu_seconds(files: list[TexFile]) -> float:
    """Return the CPU time of extracting a paper."""
    before = time.process_time()
    extract(files)
    return time.process_time() - before


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_for_hostile_input(piece: str) -> None:
    start = b"\\newcommand{\\a}[1]{x#1}\\documentclass{a}\\begin{document}"

    def seconds(size: int) -> float:
        return cpu_seconds([TexFile("a.tex", start + piece.encode() * (size // len(piece)))])

    size, floor = 40_000, 0.02
    small = min(seconds(size) for _ in range(2))
    assert min(seconds(4 * size) for _ in range(4)) < 2.5 * 2.5 * max(small, floor)


def test_a_chain_of_inputs_is_read_to_its_end() -> None:
    extracted = extract(chain(3000))
    assert len(extracted.files) == 3000
    assert extracted.text.startswith("\\section{0}\\section{1}")
    assert cpu_seconds(chain(3000)) < 2.5 * max(0.1, cpu_seconds(chain(1500)))


def test_macros_that_double_are_not_expanded() -> None:
    names = [f"\\m{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(41)]
    definitions = "".join(f"\\def{one}{{{two}{two}}}\n" for one, two in itertools.pairwise(names))
    text = f"{definitions}\\def{names[-1]}{{boom}}\\section{{S}} Prose, and {names[0]}."
    before = time.process_time()
    extracted = extract([TexFile("main.tex", text.encode())])
    assert time.process_time() - before < 10
    assert not extracted.expanded
    assert extracted.text == f"\\section{{S}} Prose, and {names[0]}."
    recursive = TexFile("main.tex", b"\\def\\a{x\\a}\\section{S} \\a.")
    assert extract([recursive]).text.endswith("x\\a.")
