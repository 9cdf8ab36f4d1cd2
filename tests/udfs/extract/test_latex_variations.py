r"""Papers in more clothes than the cases of dumps have: switches, inputs, macros, code, plain TeX.

In these sources ⏎ stands for a line end.
"""

from __future__ import annotations

import pytest

from udfs.extract.latex import TexFile, extract

# preamble, text after the first section's header, what is kept of it
IN_A_SECTION = [
    (r"", r"a⏎\if 10 hidden\fi⏎c", r"a c"),
    (r"", r"a⏎\ifx\draft\undefined c\else hid\fi", r"a c"),
    (r"", r"a⏎\ifdefined\draft hid\else c\fi", r"a c"),
    (r"\newtoggle{long}⏎\toggletrue{long}", r"a \iftoggle{long}{b}{hid} c", r"a b c"),
    (r"\usepackage{versions}\excludeversion{old}", r"a⏎\begin{old}⏎hid⏎\end{old}⏎c", r"a c"),
    (r"", r"a \ifthenelse{1=0}{hid}{b} c", r"a b c"),
    (r"\let\ifdraft\iffalse", r"a⏎\ifdraft hid\fi c", r"a c"),
    (r"\newcommand{\hide}[1]{}", r"a \hide{hidden} c", r"a c"),
    (r"", r"t⏎\input{main.bbl}⏎\section*{Methods}⏎We did.", r"t \section*{Methods} We did."),
    (r"", r"t⏎\bibliography{r}⏎\subsection*{Methods}⏎We did.", r"t \subsection*{Methods} We did."),
    (
        r"",
        r"t⏎\bibliography{r}⏎\begin{methods}⏎We did.⏎\end{methods}",
        r"t \begin{methods} We did. \end{methods}",
    ),
    (
        r"\usepackage{xargs}\newcommandx{\foo}[2][1=a]{(#1,#2)}",
        r"\foo[b]{c} and \foo{c}",
        r"(b,c) and (a,c)",
    ),
    (
        r"\usepackage{xargs}\newcommandx{\foo}[2][2=a]{(#1,#2)}",
        r"\foo{x}[b] and \foo{x}",
        r"(x,b) and (x,a)",
    ),
    (
        r"\usepackage{xargs}\newcommandx{\foo}[3][1=a,2=b,usedefault]{(#1,#2,#3)}",
        r"\foo[p][q]{x} and \foo[p]{x}",
        r"(p,q,x) and (p,b,x)",
    ),
    (
        r"\NewDocumentCommand{\foo}{s o m}{\IfBooleanTF{#1}{S}{N}\IfNoValueTF{#2}{}{(#2)}#3}",
        r"\foo*{x} \foo[y]{x}",
        r"Sx N(y)x",
    ),
    (
        r"\NewDocumentCommand\foo{d() m}{\IfNoValueTF{#1}{none}{#1}#2}",
        r"\foo(y){x} \foo{x}",
        r"yx nonex",
    ),
    (r"\NewDocumentCommand\foo{D(){z} m}{#1#2}", r"\foo(y){x} \foo{x}", r"yx zx"),
    (r"\NewDocumentCommand\foo{r() m}{#1#2}", r"\foo(y){x}", r"yx"),
    (r"\NewDocumentCommand\foo{t+ m}{\IfBooleanT{#1}{P}#2}", r"\foo+{x} \foo{x}", r"Px x"),
    (r"\NewDocumentCommand\foo{m g}{#1\IfValueT{#2}{(#2)}}", r"\foo{x}{y} \foo{x}.", r"x(y) x."),
    (r"\NewDocumentCommand{\foo}{u{;}}{<#1>}", r"\foo x; y", r"<x> y"),
    (
        r"\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}",
        r"$\abs{x}$ $\abs*{x}$ $\abs[\big]{x}$",
        r"$\lvert x\rvert$ $\left\lvert x\right\rvert$ $\big\lvert x\big\rvert$",
    ),
    (r"\def\foo(#1){<#1>}", r"\foo(x)", r"<x>"),
    (r"", r"t⏎\bibselect{refs}⏎", r"t"),
    (
        r"",
        (
            r"t⏎\begin{bibchapter}⏎\begin{biblist}⏎\bib{x}{book}{author={A}}⏎\end{biblist}⏎"
            r"\end{bibchapter}"
        ),
        r"t",
    ),
    (r"", r"t⏎\bib{x}{book}{author={A}}⏎\bib{y}{book}{author={B}}", r"t"),
    (r"", r"t⏎\section*{Literatur}⏎[1] A", r"t"),
    (
        r"",
        (
            r"t⏎⏎\begin{center}\textbf{References}\end{center}⏎"
            r"\begin{enumerate}\item A\end{enumerate}"
        ),
        r"t",
    ),
    (r"", r"t⏎⏎\noindent{\bf References}⏎⏎[1] A. B.", r"t"),
    (r"", r"t⏎\begin{reference}⏎\reference A 1990⏎\end{reference}", r"t"),
    (r"", r"t⏎\section*{\refname}⏎[1] A", r"t"),
    (
        r"\newminted[foo]{python}{}",
        r"\begin{foo}⏎a % b⏎\end{foo}⏎y",
        r"\begin{foo} a % b \end{foo} y",
    ),
    (r"\newmintinline[py]{python}{}", r"x \py{a % b} y", r"x \py{a % b} y"),
    (
        r"\newtcblisting[auto counter]{foo}[2][]{title=#2}",
        r"\begin{foo}{t}⏎a % b⏎\end{foo}⏎y",
        r"\begin{foo}{t} a % b \end{foo} y",
    ),
    (
        r"\newenvironment{foo}{\verbatim}{\endverbatim}",
        r"\begin{foo}⏎a % b⏎\end{foo}⏎y",
        r"\begin{foo} a % b \end{foo} y",
    ),
    (
        r"\newenvironment{foo}{\begin{alltt}\small}{\end{alltt}}",
        r"\begin{foo}⏎a % b⏎\end{foo}⏎y",
        r"\begin{foo} a % b \end{foo} y",
    ),
    (r"\let\code\lstinline", r"x \code{a % b} y", r"x \code{a % b} y"),
    (r"\newcommand{\code}{\lstinline}", r"x \code{a % b} y", r"x \code{a % b} y"),
    (r"\newcommand{\code}{\mintinline{python}}", r"x \code{a % b} y", r"x \code{a % b} y"),
    (r"\usepackage{shortvrb}\MakeShortVerb{\|}", r"x |a % b| y", r"x |a % b| y"),
    (r"\lstMakeShortInline[]!", r"x !a % b! y", r"x !a % b! y"),
    (
        r"",
        r"\begin{pyconsole}⏎a % b⏎\end{pyconsole}⏎y",
        r"\begin{pyconsole} a % b \end{pyconsole} y",
    ),
    (r"", r"\begin{asy}⏎a % b⏎\end{asy}⏎y", r"\begin{asy} a % b \end{asy} y"),
    (
        r"\lstnewenvironment{foo}[1][]{\lstset{language=C,#1}}{}",
        r"\begin{foo}[x]⏎a % b⏎\end{foo}⏎y",
        r"\begin{foo}[x] a % b \end{foo} y",
    ),
    (
        r"\RecustomVerbatimEnvironment{code}{Verbatim}{}",
        r"\begin{code}⏎a % b⏎\end{code}⏎y",
        r"\begin{code} a % b \end{code} y",
    ),
    (
        r"\NewTCBListing{foo}{m}{title=#1}",
        r"\begin{foo}{}⏎a % b⏎\end{foo}⏎y",
        r"\begin{foo}{} a % b \end{foo} y",
    ),
    (
        r"\newverbatim{foo}{}{}{}{}",
        r"\begin{foo}⏎a % b⏎\end{foo}⏎y",
        r"\begin{foo} a % b \end{foo} y",
    ),
]
# text of a document, what is kept
DOCUMENTS = [
    (r"\maketitle⏎\abstract{\paragraph{Aim} We.}⏎\section{A}⏎t", r"\section{A} t"),
    (r"\maketitle⏎\abstract{c}{a \paragraph{x}}{m}{r}{k}⏎\section{A}⏎t", r"\section{A} t"),
    (
        (
            r"\begin{abstract}\paragraph{Aim} We.\end{abstract}⏎"
            r"\begin{resume}\paragraph{But} Nous.\end{resume}⏎\section{A}⏎t"
        ),
        r"\section{A} t",
    ),
    (r"\begin{sciabstract}\paragraph{Aim} We.\end{sciabstract}⏎\section{A}⏎t", r"\section{A} t"),
    (r"\section*{Abstract}⏎We do.⏎\section{A}⏎t", r"\section*{Abstract} We do. \section{A} t"),
    (
        (
            r"\begin{abstract}We.\end{abstract}⏎"
            r"\begin{significancestatement}\paragraph{x} y\end{significancestatement}⏎"
            r"\section{A}⏎t"
        ),
        r"\section{A} t",
    ),
]
PLAIN_TEX = [
    (
        (
            r"\input harvmac⏎\Title{X}{T}⏎\newsec{Intro}⏎One.⏎\subsec{Sub}⏎Two.⏎"
            r"\appendix{A}{App}⏎Three.⏎\listrefs⏎\bye"
        ),
        r"\newsec{Intro} One. \subsec{Sub} Two.",
    ),
    (
        (
            r"\input amstex⏎\documentstyle{amsppt}⏎\topmatter⏎\title T\endtitle⏎"
            r"\author A\endauthor⏎\abstract abs\endabstract⏎\endtopmatter⏎\document⏎"
            r"\head 1. Intro\endhead⏎Text.⏎\subhead 1.1 Sub\endsubhead⏎More.⏎"
            r"\proclaim{Theorem 1} X.\endproclaim⏎\Refs⏎\ref\no 1\by A\endref⏎\endRefs⏎"
            r"\enddocument"
        ),
        (
            r"\head 1. Intro\endhead Text. \subhead 1.1 Sub\endsubhead More. "
            r"\proclaim{Theorem 1} X.\endproclaim"
        ),
    ),
    (
        (
            r"\input amstex⏎\documentstyle{amsppt}⏎\topmatter⏎\title T\endtitle⏎\endtopmatter⏎"
            r"\document⏎Text begins here and it goes on for a while.⏎⏎Second paragraph of it.⏎"
            r"\enddocument"
        ),
        r"Text begins here and it goes on for a while. Second paragraph of it.",
    ),
    (
        (
            r"\magnification=1200⏎\centerline{\bf Title}⏎\beginsection 1. Intro⏎⏎Text one.⏎⏎"
            r"\beginsection 2. Results⏎⏎Text two.⏎\bye"
        ),
        r"\beginsection 1. Intro Text one. \beginsection 2. Results Text two.",
    ),
    (
        (
            r"\magnification=\magstep1⏎\centerline{\bf A Title}⏎\bigskip⏎"
            r"\centerline{A. Author}⏎\bigskip⏎{\bf 1. Introduction}⏎⏎"
            r"Text one is a longer sentence of prose for reading.⏎⏎{\bf References}⏎⏎[1] B.⏎"
            r"\bye"
        ),
        r"{\bf 1. Introduction} Text one is a longer sentence of prose for reading.",
    ),
    (
        (
            r"\input phyzzx⏎\titlepage⏎\title{T}⏎\author{A}⏎\abstract⏎abs.⏎\endpage⏎"
            r"\chapter{Introduction}⏎Text one.⏎\section{Sub}⏎Text two.⏎\refout⏎\end"
        ),
        r"\chapter{Introduction} Text one. \section{Sub} Text two.",
    ),
    (
        r"\documentstyle{amsppt}⏎\document⏎\head{1. Intro}\endhead⏎T.⏎\Refs⏎x⏎\enddocument",
        r"\head{1. Intro}\endhead T.",
    ),
]
# a preamble, a document and other files
SEVERAL_FILES = [
    (
        r"\usepackage{my}",
        r"\section{A}⏎a\iflong hid\fi c",
        {"my.sty": r"\newif\iflong⏎\longfalse⏎"},
        r"\section{A} ac",
    ),
    (r"\newcommand{\f}{sec/a}", r"\input{\f}", {"sec/a.tex": r"\section{A}⏎x"}, r"\section{A} x"),
    (r"\newcommand{\f}{sec/a}", r"\input \f", {"sec/a.tex": r"\section{A}⏎x"}, r"\section{A} x"),
    (
        r"\newcommand{\sect}[1]{\input{sec/#1}}",
        r"\sect{a}⏎\sect{b}",
        {"sec/a.tex": r"\section{A}⏎x", "sec/b.tex": r"\section{B}⏎y"},
        r"\section{A} x \section{B} y",
    ),
    (
        r"\input{defs}",
        r"\input{\d/a}",
        {"defs.tex": r"\def\d{sec}", "sec/a.tex": r"\section{A}⏎x"},
        r"\section{A} x",
    ),
    (r"", r"\InputIfFileExists{sec/a}{}{}", {"sec/a.tex": r"\section{A}⏎x"}, r"\section{A} x"),
    (r"\makeatletter", r"\@input{sec/a.tex}", {"sec/a.tex": r"\section{A}⏎x"}, r"\section{A} x"),
    (
        r"\usepackage{my}",
        r"\input{\d/a}",
        {"my.sty": r"\newcommand{\d}{sec}", "sec/a.tex": r"\section{A}⏎x"},
        r"\section{A} x",
    ),
    (r"", r"\input{\jobname-a}", {"main-a.tex": r"\section{A}⏎x"}, r"\section{A} x"),
    (
        r"\usepackage{m}",
        r"\section{A}⏎\ie we and \method, ok",
        {"m.sty": r"\newcommand{\ie}{i.e.\xspace}\newcommand{\method}{FooNet\xspace}"},
        r"\section{A} i.e. we and FooNet, ok",
    ),
    (
        r"\input{macros.sty}",
        r"\section{A}⏎$\RR$",
        {"macros.sty": r"\newcommand{\RR}{\mathbb{R}}"},
        r"\section{A} $\mathbb{R}$",
    ),
    (
        r"\documentclass{mythesis}",
        r"\section{A}⏎$\RR$",
        {"mythesis.cls": r"\LoadClass{article}⏎\newcommand{\RR}{\mathbb{R}}"},
        r"\section{A} $\mathbb{R}$",
    ),
    (
        r"\usepackage{my}",
        r"\section{A}⏎\begin{foo}⏎a % b⏎\end{foo}⏎y",
        {"my.sty": r"\lstnewenvironment{foo}{}{}"},
        r"\section{A} \begin{foo} a % b \end{foo} y",
    ),
]


def text_of(files: dict[str, str]) -> str:
    tex = [TexFile(name, text.replace("⏎", "\n").encode()) for name, text in files.items()]
    return " ".join(extract(tex).text.split())


def document(preamble: str, text: str) -> str:
    begin = "" if "documentclass" in preamble else r"\documentclass{article}⏎"
    return rf"{begin}{preamble}⏎\begin{{document}}⏎{text}⏎\end{{document}}"


@pytest.mark.parametrize(("preamble", "text", "expected"), IN_A_SECTION)
def test_a_section(preamble: str, text: str, expected: str) -> None:
    found = text_of({"main.tex": document(preamble, rf"\section{{A}}⏎{text}")})
    assert found == rf"\section{{A}} {expected}".strip()


@pytest.mark.parametrize(("text", "expected"), DOCUMENTS)
def test_a_document(text: str, expected: str) -> None:
    assert text_of({"main.tex": document("", text)}) == expected


@pytest.mark.parametrize(("source", "expected"), PLAIN_TEX)
def test_plain_tex(source: str, expected: str) -> None:
    assert text_of({"paper.tex": source}) == expected


@pytest.mark.parametrize(("preamble", "text", "others", "expected"), SEVERAL_FILES)
def test_several_files(preamble: str, text: str, others: dict[str, str], expected: str) -> None:
    assert text_of({"main.tex": document(preamble, text), **others}) == expected
