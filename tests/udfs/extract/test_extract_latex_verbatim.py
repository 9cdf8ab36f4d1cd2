"""A `%` in code is no comment: in commands and environments, also those that a paper makes."""

from __future__ import annotations

import pytest
from tex_papers import section


@pytest.mark.parametrize(
    ("preamble", "code"),
    [
        ("", "\\mintinline{python}{x % 2}"),
        ("", "\\mintinline[breaklines]{python}|x % {|"),
        ("", '\\mintinline{python}{f"{x % 2}"}'),
        ("", "\\lstinline[language=C]{x % 2}"),
        ("", "\\lstinline!x % 2!"),
        ("", "\\Verb|x % 2|"),
        ("", "\\verb*|x % 2|"),
        ("", "\\begin{alltt}\nx % 2\n\\end{alltt}"),
        ("", "\\begin{minted}{c}\nx % 2\n\\end{minted}"),
        ("\\lstnewenvironment{code}[1][]{\\lstset{#1}}{}", "\\begin{code}\nx % 2\n\\end{code}"),
        ("\\DefineVerbatimEnvironment{code}{Verbatim}{}", "\\begin{code}\nx % 2\n\\end{code}"),
        ("\\newtcblisting[auto]{code}{}", "\\begin{code}\nx % 2\n\\end{code}"),
        ("\\newminted{python}{}", "\\begin{pythoncode}\nx % 2\n\\end{pythoncode}"),
        ("\\newminted[py]{python}{}", "\\begin{py}\nx % 2\n\\end{py}"),
        ("\\newmintinline{python}{}", "\\pythoninline{x % 2}"),
        ("\\newmintinline[py]{python}{}", "\\py|x % 2|"),
        ("\\newmint{c}{}", "\\c|x % 2|"),
        ("\\DefineShortVerb{\\|}", "|x % 2|"),
        ("\\MakeShortVerb\\|", "|x % 2|"),
        ("\\newenvironment{code}{\\verbatim}{\\endverbatim}", "\\begin{code}\nx % 2\n\\end{code}"),
        (
            "\\newenvironment{code}{\\small\\begin{alltt}}{\\end{alltt}}",
            "\\begin{code}\nx % 2\n\\end{code}",
        ),
    ],
)
def test_percent_in_code(preamble: str, code: str) -> None:
    assert section(f"one {code} two % three\nfour", preamble) == f"one {code} two\nfour"


@pytest.mark.parametrize(
    "preamble", ["\\excludecomment{hidden}", "\\newenvironment{hidden}{\\comment}{\\endcomment}"]
)
def test_environments_that_are_not_printed(preamble: str) -> None:
    assert section("one\n\\begin{hidden}\nno % no\n\\end{hidden}\ntwo", preamble) == "one\ntwo"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("|a % b|", "|a"),  # no short verb
        ("\\verb|a % b", "\\verb|a"),
        ("\\mintinline{python} x % 2", "\\mintinline{python} x"),
        ("\\verbatiminput{a} % b", "\\verbatiminput{a}"),
        ("\\newenvironment{x}{\\begin{center}}{} % b", "\\newenvironment{x}{\\begin{center}}{}"),
    ],
)
def test_other_percents_begin_comments(text: str, expected: str) -> None:
    assert section(text) == expected


def test_a_declaration_in_a_comment_declares_nothing() -> None:
    assert section("\\begin{code}a % b\n\\end{code}", "% \\lstnewenvironment{code}{}{}") == (
        "\\begin{code}a\n\\end{code}"
    )
