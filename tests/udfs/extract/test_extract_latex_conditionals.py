"""Branches that TeX does not print leave a paper, with the commands around the others."""

from __future__ import annotations

import time

import pytest
from tex_papers import paper, section

from udfs.extract.latex_conditionals import without_false_branches


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\\if0\nb\n\\fi\nc", "a\nc"),
        ("a \\iffalse b \\ifx c \\fi \\iff d\\fi e", "a e"),
        ("a \\iftrue b\\else c\\fi d", "a bd"),
        ("a\\if01 b\\else c\\fi", "ac"),
        ("a\\if11 b\\else c\\fi", "ab"),
        ("a\\if1 b\\fi c", "ac"),
        ("\\ifnum1<2 a\\else b\\fi", "a"),
        ("\\ifnum 3>4 a\\else b\\fi", "b"),
        ("\\ifodd2 a\\fi b", "b"),
        ("\\alpha\\iftrue b\\fi", "\\alpha b"),
        ("\\ifmmode a\\iffalse b\\fi\\else c\\fi", "\\ifmmode a\\else c\\fi"),
        ("$a \\iff b$ \\ifthenelse{x}{y}{z} \\iffalse q\\fi", "$a \\iff b$ \\ifthenelse{x}{y}{z} "),
        # what would leave a brace alone stays, and so does what has no end
        ("{\\iffalse}\\fi", "{\\iffalse}\\fi"),
        ("\\iffalse a", "\\iffalse a"),
        ("a\\fi b", "a\\fi b"),
    ],
)
def test_constant_conditions(text: str, expected: str) -> None:
    assert section(text).rstrip() == expected.rstrip()


@pytest.mark.parametrize(
    ("preamble", "text", "expected"),
    [
        ("\\newif\\ifdraft", "a\\ifdraft b\\else c\\fi", "ac"),
        ("\\newif\\ifdraft\\drafttrue", "a\\ifdraft b\\else c\\fi", "ab"),
        ("\\newif\\ifdraft\n\\drafttrue\n\\draftfalse", "\\ifdraft b\\fi c", "c"),
        ("\\newif\\ifdraft", "\\drafttrue \\ifdraft a\\fi\\draftfalse\\ifdraft b\\fi", "a"),
        ("\\newif\\ifdraft{\\drafttrue}", "\\ifdraft a\\fi", "\\ifdraft a\\fi"),
        ("\\newif\\ifx@\\ifpdf\\x@true\\fi", "\\ifx@ a\\fi", "\\ifx@ a\\fi"),
        ("", "\\ifdraft a\\fi", "\\ifdraft a\\fi"),
        ("\\def\\final{0}", "\\if\\final1 a\\else b\\fi", "b"),
        ("\\newcommand{\\final}{1}", "\\ifnum\\final=1 a\\else b\\fi", "a"),
        (
            "\\newtoggle{long}\\toggletrue{long}",
            "\\iftoggle{long}{a}{b}\\nottoggle{long}{c}{d}",
            "ad",
        ),
        ("\\newbool{long}", "\\ifbool{long}{a}{b\\iffalse c\\fi}", "b"),
        ("\\newboolean{long}\\setboolean{long}{true}", "\\ifthenelse{\\boolean{long}}{a}{b}", "a"),
        ("\\newboolean{long}", "\\ifthenelse{\\not\\boolean{long}}{a}{b} \\iflong c\\fi", "a "),
        ("\\newif\\ifdraft\\newcommand{\\note}[1]{\\ifdraft #1\\fi}", "a\\note{b}c", "ac"),
        ("\\newcommand{\\hide}[1]{\\iffalse #1\\fi}", "a\\hide{b}c", "ac"),
    ],
)
def test_switches(preamble: str, text: str, expected: str) -> None:
    assert section(text, preamble).rstrip() == expected.rstrip()


def test_a_switch_that_another_file_sets() -> None:
    files = {"setup.tex": "\\newif\\iflong\\longtrue", "one.tex": "\\iflong a\\else b\\fi"}
    assert section("\\input{one}", "\\input{setup}", files) == "a"
    files["setup.tex"] += "\\longfalse"
    assert section("\\input{one}", "\\input{setup}", files) == "\\iflong a\\else b\\fi"
    files = {"own.sty": "\\newif\\iflong", "one.tex": "\\iflong a\\else b\\fi"}
    assert section("\\input{one}", "\\usepackage{own}\\longtrue", files) == "a"


def test_only_the_branch_that_holds_is_included() -> None:
    """A file in both branches would otherwise be lost with the first of them."""
    files = {"one.tex": "one", "two.tex": "two"}
    text = "\\ifdraft\\input{one}\\input{two}\\else\\input{two}\\fi"
    extracted = paper(f"\\section{{S}}{text}", "\\newif\\ifdraft", files)
    assert extracted.text == "\\section{S}two\n"
    assert extracted.files == ("main.tex", "two.tex")


@pytest.mark.parametrize(
    "piece", ["\\iffalse", "\\iffalse{", "\\iffalse}\\fi{", "\\iftoggle{x}{", "\\xtrue\\ifx "]
)
def test_time_is_linear(piece: str) -> None:
    def seconds(count: int) -> float:
        text = "\\newif\\ifx\\newtoggle{x}" + piece * count + "\\fi" * count
        before = time.process_time()
        without_false_branches({"main": text})
        return time.process_time() - before

    # quadratic time would be 16 times as long
    assert min(seconds(20_000) for _ in range(3)) < 10 * max(0.02, seconds(5_000))
