"""MathML as TeX: elements, operators, tables, content markup, and what MathJax 3 draws."""

from __future__ import annotations

import unicodedata

import pytest
from selectolax.lexbor import LexborHTMLParser

from udfs.extract.web.math import chtml, mathml, tex_names, tree


def tex(content: str) -> str | None:
    math = LexborHTMLParser(f"<math>{content}</math>").css_first("math")
    assert math is not None
    return mathml.to_tex(math)


def table(*rows: str, attributes: str = "") -> str:
    """Return a table of rows with a cell a letter."""
    cells = ("".join(f"<mtd><mi>{letter}</mi></mtd>" for letter in row) for row in rows)
    return f"<mtable {attributes}>{''.join(f'<mtr>{row}</mtr>' for row in cells)}</mtable>"


X, A, B = "<mi>x</mi>", "<mi>a</mi>", "<mi>b</mi>"
SUM = f"<mrow>{A}<mo>+</mo>{B}</mrow>"
BRACKETS = f"<mrow><mo>(</mo>{A}<mo>+</mo>{B}<mo>)</mo></mrow>"
ONE_TO_N = "<mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi>"

ELEMENTS = {
    f"<mfrac>{A}<mn>2</mn></mfrac>": r"\frac{a}{2}",
    f"<mfrac bevelled='true'>{A}{B}</mfrac>": "{a}/{b}",
    f"<mrow><mo>(</mo><mfrac linethickness='0'>{A}{B}</mfrac><mo>)</mo></mrow>": r"\binom{a}{b}",
    f"<mfrac linethickness='0pt'>{A}{B}</mfrac>": r"{a \atop b}",
    f"<msqrt>{A}<mo>+</mo>{B}</msqrt>": r"\sqrt{a+b}",
    f"<mroot>{SUM}<mn>3</mn></mroot>": r"\sqrt[3]{a+b}",
    f"<msup>{SUM}<mn>2</mn></msup>": "{a+b}^{2}",
    f"<msup>{BRACKETS}<mn>2</mn></msup>": "(a+b)^{2}",
    f"<msup><msub>{X}<mn>1</mn></msub><mn>2</mn></msup>": "{x_{1}}^{2}",
    f"<msubsup>{X}<mn>1</mn><mn>2</mn></msubsup>": "x_{1}^{2}",
    "<msup><mi>f</mi><mo>&prime;</mo></msup>": "f'",
    "<msup><mn>90</mn><mo>&deg;</mo></msup>": r"90^{\circ}",
    f"<munderover><mo>&sum;</mo>{ONE_TO_N}</munderover>{X}": r"\sum_{i=1}^{n}x",
    f"<munder><mi>lim</mi><mrow>{X}<mo>&rarr;</mo><mi>&infin;</mi></mrow></munder>": r"\lim_{x\to\infty}",
    f"<munder><mi>arg max</mi>{X}</munder>": r"\operatorname*{argmax}_{x}",
    f"<mover>{X}<mo>^</mo></mover>": r"\hat{x}",
    f"<mover>{SUM}<mo>&OverBar;</mo></mover>": r"\overline{a+b}",
    f"<mover><mi>v</mi><mo>&rarr;</mo></mover>{A}": r"\vec{v}a",
    f"<munder><munder>{SUM}<mo>&#x23DF;</mo></munder><mtext>n times</mtext></munder>": (
        r"\underbrace{a+b}_{\text{n times}}"
    ),
    "<mover><mo>&rarr;</mo><mi>f</mi></mover>": r"\xrightarrow{f}",
    "<mover><mo>=</mo><mtext>def</mtext></mover>": r"\overset{\text{def}}{=}",
    f"<munder>{A}{B}</munder>": r"\underset{b}{a}",
    f"<mmultiscripts><mi>X</mi>{A}{B}<mprescripts/><none/><mn>4</mn></mmultiscripts>": "{}^{4}X_{a}^{b}",
    f"<mfenced open='[' separators=';,'>{A}{B}{X}</mfenced>": "[a;b,x)",
    f"<mfenced open='' close=''>{A}</mfenced>": "a",
    f"<mstyle displaystyle='true'><mpadded>{A}</mpadded></mstyle>": "a",
    f"{A}<mphantom>{B}</mphantom>": r"a\phantom{b}",
    f"<menclose notation='box'>{A}</menclose><menclose notation='updiagonalstrike'>{A}</menclose>": (
        r"\boxed{a}\cancel{a}"
    ),
    f"{A}<mspace width='1em'/>{B}<mspace width='thickmathspace'/>{X}<mspace width='0.01em'/>": (
        r"a\quad b\;x"
    ),
    "<mtext>if&nbsp;</mtext><mtext>5% a_b</mtext><ms>s</ms>": r'\text{if }\text{5\% a\_b}\text{"s"}',
    f"<maction>{A}{B}</maction><semantics>{A}<annotation-xml><ci>z</ci></annotation-xml></semantics>": "aa",
    f"<unknown>{A}</unknown>{B} 1": "ab1",
    "<mrow></mrow>": "",
}

TOKENS = {
    "<mi>&alpha;</mi><mo>&InvisibleTimes;</mo><mi>x</mi>": r"\alpha x",
    "<mn>2</mn><mo>&times;</mo><mn>3</mn><mo>&le;</mo><mn>7</mn>": r"2\times 3\leq 7",
    "<mi>sin</mi><mo>&ApplyFunction;</mo><mi>x</mi>": r"\sin x",
    "<mo>lim\u2006sup</mo>": r"\limsup",
    "<mi>foo</mi><mi>Δx</mi><mi>面积</mi>": r"\mathrm{foo}\Delta x\text{面积}",
    "<mi mathvariant='normal'>d</mi><mi mathvariant='bold'>v</mi>": r"\mathrm{d}\mathbf{v}",
    "<mi mathvariant='double-struck'>R</mi><mi>ℝ</mi><mi>𝔤</mi><mi>𝑥</mi>": (
        r"\mathbb{R}\mathbb{R}\mathfrak{g}x"
    ),
    "<mo>{</mo><mn>50</mn><mo>%</mo><mo>}</mo>": r"\{50\%\}",
    "<mo>:=</mo><mo>...</mo><mo>&#x2212;</mo>": r":=\ldots-",
}

TABLES = {
    table("ab", "cd"): r"\begin{matrix} a & b \\ c & d \end{matrix}",
    f"<mo>(</mo>{table('ab', 'cd')}<mo>)</mo>": r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    f"<mrow><mo>[</mo><mrow>{table('a')}</mrow><mo>]</mo></mrow>": r"\begin{bmatrix} a \end{bmatrix}",
    f"<mfenced open='|' close='|'>{table('a')}</mfenced>": r"\begin{vmatrix} a \end{vmatrix}",
    f"{X}<mo>=</mo><mo>{{</mo>{table('ab')}<mo></mo>": r"x=\begin{cases} a & b \end{cases}",
    table("ab", attributes="columnalign='right left'"): r"\begin{aligned} a & b \end{aligned}",
    f"<mtable><mlabeledtr><mtd><mtext>(1)</mtext></mtd><mtd>{A}</mtd></mlabeledtr></mtable>": (
        r"\begin{matrix} a \tag{1} \end{matrix}"
    ),
}

POWER = "<apply><power/><ci>x</ci><cn>2</cn></apply>"
CONTENT = {
    f"<apply><plus/><ci>a</ci>{POWER}</apply>": "a+x^{2}",
    "<apply><divide/><cn>1</cn><apply><root/><degree><cn>3</cn></degree><ci>x</ci></apply></apply>": (
        r"\frac{1}{\sqrt[3]{x}}"
    ),
    "<apply><times/><ci>a</ci><apply><plus/><ci>b</ci><pi/></apply></apply>": r"a (b+\pi)",
    f"<apply><eq/><apply><sin/><ci>x</ci></apply><apply><minus/>{POWER}</apply></apply>": r"\sin(x)=-x^{2}",
    "<apply><sum/><bvar><ci>i</ci></bvar><lowlimit><cn>1</cn></lowlimit><uplimit><ci>n</ci></uplimit>"
    "<ci>i</ci></apply>": r"\sum_{i=1}^{n} i",
    "<apply><ci>f</ci><ci>x</ci><ci>y</ci></apply>": "f(x,y)",
}


@pytest.mark.parametrize("kind", [ELEMENTS, TOKENS, TABLES, CONTENT])
def test_conversion(kind: dict[str, str]) -> None:
    assert {content: tex(content) for content in kind} == kind


def test_names_are_of_single_characters() -> None:
    for character, name in tex_names.SYMBOLS.items():
        assert len(character) == 1
        assert name.isascii(), (unicodedata.name(character), name)
    assert tex_names.character("中") == "中"


def test_large_and_deep_formulas_are_not_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = "<mn>" + "1" * 20_000 + "</mn>"
    assert tex(longest) == "1" * 20_000
    assert tex(longest + X) is None
    monkeypatch.setattr(tree, "MAX_ELEMENTS", 1000)
    assert tex("<mrow></mrow>" * 900 + X) == "x"
    assert tex("<mrow></mrow>" * 1000 + X) is None
    assert tex("<mrow>" * 150 + X + "</mrow>" * 150) == "x"
    assert tex("<mrow>" * 100_000 + X + "</mrow>" * 100_000) is None


def drawn(content: str) -> str | None:
    """Return the TeX of what MathJax draws; `c41` stands for the character U+0041."""
    for code in ("1D465", "1D441", "2211", "222B", "3D", "31", "32", "28", "29", "7B"):
        content = content.replace(f"<c{code}>", f'<mjx-c class="mjx-c{code} TEX-I"></mjx-c>')
    page = LexborHTMLParser(f"<mjx-math>{content}</mjx-math>")
    math = page.css_first("mjx-math")
    assert math is not None
    elements = chtml.read(math)
    return None if elements is None else mathml.convert(elements)


def letter(code: str, name: str = "mi") -> str:
    return f"<mjx-{name}><c{code}></mjx-{name}>"


SCRIPT = (
    f"<mjx-script>{letter('31', 'mn')}<mjx-spacer></mjx-spacer>{letter('32', 'mn')}</mjx-script>"
)
BELOW = f"<mjx-row><mjx-under>{letter('1D441')}</mjx-under></mjx-row>"
BASE = f"<mjx-row><mjx-base>{letter('2211', 'mo')}</mjx-base></mjx-row>"
DEN = f"<mjx-dbox><mjx-dtable><mjx-line></mjx-line><mjx-row><mjx-den>{letter('32', 'mn')}</mjx-den></mjx-row>"
ROOT = f"<mjx-sqrt><mjx-surd>{letter('3D', 'mo')}</mjx-surd><mjx-box>{letter('1D465')}</mjx-box></mjx-sqrt>"
DRAWN = {
    f"<mjx-msup>{letter('1D465')}<mjx-script>{letter('32', 'mn')}</mjx-script></mjx-msup>": "x^{2}",
    f"<mjx-msubsup>{letter('222B', 'mo')}{SCRIPT}</mjx-msubsup>": r"\int_{2}^{1}",
    f"<mjx-munderover limits='false'>{letter('2211', 'mo')}{SCRIPT}</mjx-munderover>": r"\sum_{2}^{1}",
    f"<mjx-munderover><mjx-over>{letter('31', 'mn')}</mjx-over><mjx-box><mjx-munder>{BASE}{BELOW}"
    "</mjx-munder></mjx-box></mjx-munderover>": r"\sum_{N}^{1}",
    f"<mjx-mfrac><mjx-frac><mjx-num><mjx-nstrut></mjx-nstrut>{letter('1D465')}</mjx-num>{DEN}</mjx-dtable>"
    "</mjx-dbox></mjx-frac></mjx-mfrac>": r"\frac{x}{2}",
    f"<mjx-mo><c28></mjx-mo><mjx-mfrac><mjx-frac atop='true'><mjx-num>{letter('31', 'mn')}</mjx-num><mjx-den>"
    f"{letter('32', 'mn')}</mjx-den></mjx-frac></mjx-mfrac><mjx-mo><c29></mjx-mo>": r"\binom{1}{2}",
    f"<mjx-msqrt>{ROOT}</mjx-msqrt>": r"\sqrt{x}",
    f"<mjx-mroot><mjx-root>{letter('32', 'mn')}</mjx-root>{ROOT}</mjx-mroot>": r"\sqrt[2]{x}",
    f"<mjx-mo><mjx-stretchy-v class='mjx-c7B'><mjx-beg><mjx-c></mjx-c></mjx-beg></mjx-stretchy-v></mjx-mo>"
    f"<mjx-mtable><mjx-table><mjx-itable><mjx-mtr><mjx-mtd>{letter('1D465')}<mjx-tstrut></mjx-tstrut></mjx-mtd>"
    "</mjx-mtr></mjx-itable></mjx-table></mjx-mtable>": r"\begin{cases} x \end{cases}",
    f"{letter('31', 'mn')}<mjx-mspace style='width: 1em;'></mjx-mspace><mjx-texatom>{letter('1D441')}"
    "</mjx-texatom>": r"1\quad N",
}


def test_what_mathjax_draws() -> None:
    assert {content: drawn(content) for content in DRAWN} == DRAWN
    assert drawn("<mjx-mi><mjx-c></mjx-c></mjx-mi>") is None
    assert drawn("<mjx-mi><mjx-c class='mjx-cD800'></mjx-c></mjx-mi>") is None
