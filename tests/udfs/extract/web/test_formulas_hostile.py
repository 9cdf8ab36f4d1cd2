"""Formulas of hostile pages: time is linear, nothing is raised, and long formulas stay text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from udfs.extract.web import formulas

PARTS = {
    "rows": "<math><mrow>",
    "scripts": "<math><msup><mi>x</mi>",
    "math in math": "<math>",
    "math in text": "<math><mtext><b>",
    "KaTeX": "<span class=katex><span class=katex-mathml>",
    "MediaWiki": "<span class=mwe-math-element>",
    "drawings": "<span class=MathJax>",
    "drawings beside each other": "<span class=MathJax_SVG></span>",
    "previews beside each other": "<span class=MathJax_Preview></span>",
    "scripts beside each other": "<script type=math/tex>x</script>",
    "noscripts": "<img class=latex alt=x><noscript>x</noscript>",
    "comments": "<img class=latex alt=x><!-- x --><!-- x -->",
    "TeX in TeX": "<tex>",
    "containers": "<mjx-container><mjx-math>",
    "tables in cells": "<span class=ltx_eqn_table><span class=ltx_eqn_row><span class=ltx_eqn_cell>",
    "tables": "<table class=ltx_eqn_table><tr class=ltx_eqn_row><td class=ltx_eqn_cell>x</table>",
}
INSIDE = {
    "<math>{}</math>": (
        "<mrow>",
        "<mi>x</mi>",
        "<mfenced>",
        "<mtable><mtr><mtd>",
        "<munder>",
        "<apply>",
    ),
    "<mjx-container><mjx-math>{}": ("<mjx-msup><mjx-mi>", "<mjx-munder>", "<mjx-mrow>"),
    "<img class=latex alt='{}'>": (
        "$",
        "{\\displaystyle ",
        "\\",
        "%",
        "\\begin{document}",
        "a",
        "&lt;",
    ),
    "<img src='latex.php?{}'>": ("latex.php?", "&latex", "%5C"),
    "<img src='latex.codecogs.com/gif.latex?{}'>": ("\\tiny ", "codecogs.com/", "\\dpi{"),
    "<script type=math/asciimath>{}</script>": ("(", "sqrt", "text(", '"', "a/", "[["),
    "<script type=math/mml>{}</script>": ("<math>", "<mi>"),
    "<span class=katex><span class=katex-mathml>{}": ("\n \n", "x"),
    "<p class='{}'>": ("katex ", "MathJax "),
}
PAGES = {name: part + "{}" for name, part in PARTS.items()} | {
    f"{frame} {part}": frame.replace("{}", part + "{}")
    for frame, parts in INSIDE.items()
    for part in parts
}


def seconds(html: str) -> float:
    """Return the processor time of the replacement."""
    page = LexborHTMLParser(html)
    before = time.process_time()
    formulas.replace(page)
    return time.process_time() - before


@pytest.mark.parametrize("name", PAGES)
def test_time_is_linear(name: str) -> None:
    start, _, end = PAGES[name].partition("{}")
    part = PARTS.get(name) or name.partition("{}")[2].partition(" ")[2]

    def page(size: int) -> str:
        return start + part * (size // len(part)) + end

    size, floor = 20_000, 0.01
    small = min(seconds(page(size)) for _ in range(2))
    assert min(seconds(page(4 * size)) for _ in range(3)) < 2.5 * 4 * max(small, floor)


def test_long_formulas_become_text() -> None:
    tex = "x+" * 10_001
    page = LexborHTMLParser(f"<body>a <script type=math/tex>{tex}</script> b")
    formulas.replace(page)
    assert page.body is not None
    assert page.body.html == f"<body>a {tex} b</body>"


def test_deep_mathml_stays() -> None:
    page = LexborHTMLParser("<body>a <math>" + "<mrow>" * 100_000 + "<mi>x</mi></math> b")
    formulas.replace(page)
    assert page.body is not None
    assert page.css("tex") == []
    assert page.body.text() == "a x b"


_TAG_NAMES = """
    math mrow mi mo mn mtext mspace msup msub msubsup munder mover munderover mfrac msqrt mroot mfenced mtable
    mtr mlabeledtr mtd mstyle mphantom menclose mmultiscripts mprescripts none semantics annotation
    annotation-xml maction apply plus power ci cn sum bvar mjx-container mjx-math mjx-msup mjx-script mjx-mi
    mjx-c mjx-munderover mjx-box mjx-over mjx-munder mjx-row mjx-mfrac mjx-frac mjx-num mjx-den mjx-mroot tex
    tex-math mathjax alternatives noscript span div p table tr td img script
"""
_CLASS_NAMES = """
    katex katex-display katex-mathml katex-html MathJax MathJax_Preview MathJax_Display MathJax_SVG mjx-chtml
    mwe-math-element mwe-math-mathml-inline mwe-math-fallback-image-inline latex tex ltx_eqn_table ltx_eqn_row
    ltx_eqn_cell ql-formula mjx-c41 mjx-copytext
"""
_TAGS, _CLASSES = _TAG_NAMES.split(), _CLASS_NAMES.split()
_NAMES = [
    "type",
    "alt",
    "alttext",
    "src",
    "id",
    "display",
    "data-mathml",
    "data-tex",
    "data-latex",
    "open",
]
_NAMES += [
    "close",
    "separators",
    "width",
    "encoding",
    "mathvariant",
    "linethickness",
    "notation",
    "style",
]
_VALUES = [
    "math/tex",
    "math/mml",
    "math/asciimath",
    "TeX",
    "true",
    "block",
    "0",
    "1em",
    "box",
    "",
    "x^2",
    "$x$",
]
_VALUES += [
    "latex.php?latex=%5",
    "&lt;math&gt;&lt;mi&gt;x",
    "{\\displaystyle x}",
    "MathJax-Element-1-Frame",
]
_TEXT = st.text(st.sampled_from("x∑→^(){}[]|,;$\\%&#\u2061\u00a0′ 𝐱"), max_size=6)


@st.composite
def tags(draw: st.DrawFn) -> str:
    """Return a start tag with junk in its attributes, an end tag, or text."""
    kind = draw(st.integers(0, 3))
    name = draw(st.sampled_from(_TAGS))
    if kind == 0:
        return draw(_TEXT).replace("&", "&amp;")
    if kind == 1:
        return f"</{name}>"
    names = draw(st.lists(st.sampled_from(_NAMES), max_size=3))
    values = [draw(st.sampled_from(_VALUES) | _TEXT).replace('"', "") for _ in names]
    classes = " ".join(draw(st.lists(st.sampled_from(_CLASSES), max_size=2)))
    attributes = "".join(f' {key}="{value}"' for key, value in zip(names, values, strict=True))
    return f'<{name} class="{classes}"{attributes}>'


@settings(max_examples=100, deadline=None)
@given(st.lists(tags(), max_size=30))
def test_junk_raises_nothing(parts: list[str]) -> None:
    page = LexborHTMLParser("<body>" + "".join(parts))
    formulas.replace(page)
    assert page.body is not None
    assert page.body.text(deep=True) is not None
