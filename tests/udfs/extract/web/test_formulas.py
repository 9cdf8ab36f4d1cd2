"""Formulas of web pages: each stands once, as TeX, whatever the page shows it with."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from udfs.extract.web import formulas
from udfs.extract.web import page as web_page

CASES = Path(__file__).parents[5] / "shared" / "cases" / "web" / "math-wikipedia-mathjax"
TEX = '<annotation encoding="application/x-tex">'
X2 = "<msup><mi>x</mi><mn>2</mn></msup>"


def replaced(html: str) -> str:
    """Return the body's content with its formulas replaced."""
    page = LexborHTMLParser(f"<body>a {html} b")
    formulas.replace(page)
    assert page.body is not None
    return (page.body.html or "").removeprefix("<body>").removesuffix("</body>")


def text(html: str) -> str:
    """Return the text of a page with `$` or `$$` around its formulas."""
    page = LexborHTMLParser(html)
    formulas.replace(page)
    for node in page.css(formulas.TAG):
        mark = "$$" if "display" in node.attributes else "$"
        node.replace_with(f"{mark}{node.text()}{mark}")
    assert page.body is not None
    return " ".join(page.body.text().split())


def one(html: str) -> tuple[str, bool]:
    """Return the TeX of the only formula of a page, and whether it is a display; check the rest."""
    result = text(f"<body>a {html} b")
    for mark in ("$$", "$"):
        if result.startswith(f"a {mark}"):
            assert result.endswith(f"{mark} b"), result
            return result[2 + len(mark) : -2 - len(mark)], mark == "$$"
    raise AssertionError(result)


FRAME = (
    '<span class="MathJax_Preview" style="color: inherit;">x squared</span>'
    '<span class="MathJax" id="MathJax-Element-1-Frame" tabindex="0" data-mathml="&lt;math&gt;&lt;mi&gt;'
    '&amp;#x03BA;&lt;/mi&gt;&lt;/math&gt;" role="presentation"><nobr aria-hidden="true"><span class="math" '
    'id="MathJax-Span-1"><span class="mi">κ</span></span></nobr><span class="MJX_Assistive_MathML">'
    "<math><mi>κ</mi></math></span></span>"
)

MATHJAX_2 = {
    '<script type="math/tex">x^2 < 1</script>': ("x^2 < 1", False),
    '<SCRIPT TYPE="math/TeX; mode=display">\n\\int f\n</SCRIPT>': (r"\int f", True),
    '<script type="math/tex;mode=display">% <![CDATA[\na & b \\\\ c %]]></script>': (
        r"a & b \\ c",
        True,
    ),
    FRAME + '<script type="math/tex" id="MathJax-Element-1">x^2</script>': ("x^2", False),
    FRAME: (r"\kappa", False),
    '<span class="MathJax_Preview">f</span><div class="MathJax_Display" style="text-align: center;">'
    '<span class="MathJax" id="MathJax-Element-2-Frame"><nobr>f</nobr></span></div>'
    '<script type="math/tex; mode=display" id="MathJax-Element-2">\\int f</script>': (
        r"\int f",
        True,
    ),
    '<span class="MathJax_Preview"></span><span class="mjx-chtml MJXc-display"><span class="mjx-chtml" '
    'id="MathJax-Element-1-Frame"><span class="mjx-math"><span class="mjx-char">x</span></span></span>'
    '</span><script type="math/tex; mode=display" id="MathJax-Element-1">x</script>': ("x", True),
    '<span class="MathJax_Preview"><img alt="x2" src="x.png"></span><script type="math/tex">x^2</script>': (
        "x^2",
        False,
    ),
    '<span class="math"><span class="MathJax_Preview"></span><span class="MathJax_SVG" data-mathml="x">'
    '<svg></svg></span><script type="math/mml"><math display="block"><msup><mi>x</mi><mn>2</mn></msup>'
    "</math></script></span>": ("x^{2}", True),
    '<script type="math/asciimath">sum_(i=1)^n i/2</script>': (r"\sum_{i=1}^{n}\frac{i}{2}", False),
    '<script type="math/tex">x^2</script><noscript>\\(x^2\\)</noscript>': ("x^2", False),
    '<tex-math notation="LaTeX"><span class="MathJax_Preview"></span><span class="MathJax_SVG" '
    'id="MathJax-Element-9-Frame"><svg></svg></span><script type="math/tex" id="MathJax-Element-9">x'
    "</script></tex-math>": ("x", False),
}

CONTAINER = '<mjx-container class="MathJax" jax="CHTML"'
ASSISTIVE = '<mjx-assistive-mml display="inline"><math><mn>7</mn></math></mjx-assistive-mml>'
SEVEN = '<mjx-math class="MJX-TEX"><mjx-mn class="mjx-n"><mjx-c class="mjx-c37"></mjx-c></mjx-mn></mjx-math>'

MATHJAX_3 = {
    f'{CONTAINER} display="true">{SEVEN}{ASSISTIVE}</mjx-container>': ("7", True),
    f"{CONTAINER}><svg></svg>{ASSISTIVE}</mjx-container>": ("7", False),
    f'{CONTAINER}>{SEVEN}{ASSISTIVE}<span class="no-mathjax mjx-copytext">$7\\,$</span></mjx-container>': (
        r"7\,",
        False,
    ),
    f"{CONTAINER}>{SEVEN}</mjx-container>": ("7", False),
    f'{CONTAINER}><mjx-math data-latex="x^2 \\alpha"><mjx-mi data-latex="x"><mjx-c class="mjx-c1D465">𝑥'
    "</mjx-c></mjx-mi></mjx-math></mjx-container>": (r"x^2 \alpha", False),
    f'{CONTAINER} display="true"><svg><g data-mml-node="math" data-latex=" \\cos x "><g data-latex="x"></g>'
    "</g></svg></mjx-container>": (r"\cos x", True),
}

MATHML = (
    f'<span class="katex-mathml"><math><semantics><mrow><mi>E</mi></mrow>{TEX}E=mc^2</annotation>'
)
KATEX_SPAN = (
    f'<span class="katex">{MATHML}</semantics></math></span><span class="katex-html" aria-hidden="true">'
    '<span class="base"><span class="mord">E=mc2</span></span></span></span>'
)
WITHOUT_TAGS = '<span class="katex-mathml">\n  \n   x\n  \n  \n   x^2\n  \n </span>'

KATEX = {
    KATEX_SPAN: ("E=mc^2", False),
    f'<span class="katex-display">{KATEX_SPAN}</span>': ("E=mc^2", True),
    f'<span class="katex--inline"><span class="katex">{WITHOUT_TAGS}<span class="katex-html">x2</span></span>'
    "</span>": ("x^2", False),
    '<span class="math inline"><span class="katex"><math><semantics><mi>q</mi>'
    f"{TEX}q</annotation></semantics></math></span></span>": ("q", False),
}

WIKI = r"{\displaystyle x^{2}}"
HIDDEN = f'<math alttext="{WIKI}"><semantics>{X2}{TEX}{WIKI}</annotation></semantics></math>'
MEDIAWIKI = {
    '<span class="mwe-math-element"><span class="mwe-math-mathml-inline" style="display: none;">'
    f'{HIDDEN}</span><img class="mwe-math-fallback-image-inline" alt="{WIKI}"></span>': (
        "x^{2}",
        False,
    ),
    '<div class="mwe-math-element"><div class="mwe-math-mathml-display" style="display: none;">'
    f'{HIDDEN}</div><img class="mwe-math-fallback-image-display" alt="{WIKI}"></div>': (
        "x^{2}",
        True,
    ),
    f'<span class="mwe-math-element mwe-math-element-block">{HIDDEN}</span>': ("x^{2}", True),
    f'<img class="mwe-math-fallback-image-inline" alt="{WIKI}" src="x.svg">': ("x^{2}", False),
    f'<span class="mwe-math-mathml-inline">{HIDDEN}</span>'
    f'<img class="mwe-math-fallback-image-inline" alt="{WIKI}" src="x.svg">': ("x^{2}", False),
    '<img class="tex" alt="x^2" src="//upload.wikimedia.org/math/a/b.png">': ("x^2", False),
}

ELEMENTS = {
    f"<math>{X2}</math>": ("x^{2}", False),
    f'<math display="block"><semantics>{X2}{TEX}x^2</annotation></semantics></math>': ("x^2", True),
    f'<math mode="display"><semantics>{X2}<annotation encoding="LaTeX">x^2</annotation></semantics></math>': (
        "x^2",
        True,
    ),
    f'<math><semantics>{X2}<annotation encoding="StarMath 5.0">{{x}}^2</annotation></semantics></math>': (
        "x^{2}",
        False,
    ),
    f'<math class="ltx_Math" alttext="x^{{2}}%\n+\\alpha%\nb" display="inline">{X2}</math>': (
        r"x^{2}+\alpha b",
        False,
    ),
    f'<math alttext="x squared">{X2}</math>': ("x^{2}", False),
    f'<math alttext="">{X2}</math>': ("x^{2}", False),
    r"<math>\frac{1}{2}</math>": (r"\frac{1}{2}", False),
    "<m:math><m:mfrac><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac></m:math>": (r"\frac{a}{b}", False),
    "<alternatives><tex-math>x_1</tex-math><mml:math><mml:mi>x</mml:mi></mml:math></alternatives>": (
        "x_1",
        False,
    ),
    r"<tex>\(x\)</tex>": ("x", False),
    "<tex-math>$x$</tex-math>": ("x", False),
    "<d-math block>y</d-math>": ("y", True),
    "<mathjax>#sin(x)/2#</mathjax>": (r"\sin\frac{x}{2}", False),
    '<span class="math display">x^2</span>': ("x^2", True),
    '<code data-math-style="display">x^2</code>': ("x^2", True),
    '<span class="ztext-math" data-eeimg="1" data-tex="\\alpha+1"></span>': (r"\alpha+1", False),
    '<span class="ql-formula" data-value="x^2">\ufeff<span><span class="katex"><math>'
    f"{X2}</math></span></span></span>": ("x^2", False),
    '<img class="Wirisformula" alt="x squared" data-mathml="«math xmlns=¨m¨»«mi»x«/mi»«/math»">': (
        "x",
        False,
    ),
}


@pytest.mark.parametrize("kind", [MATHJAX_2, MATHJAX_3, KATEX, MEDIAWIKI, ELEMENTS])
def test_each_formula_stands_once(kind: dict[str, tuple[str, bool]]) -> None:
    assert {html: one(html) for html in kind} == kind
    # two in a row are two
    for html, (tex, _) in kind.items():
        assert text(f"<body>{html} and {html}").count(tex) == 2, html


@pytest.mark.parametrize("kind", [MATHJAX_2, MATHJAX_3, KATEX, MEDIAWIKI])
def test_the_sources_of_pages_with_formulas_have_a_sign(kind: dict[str, object]) -> None:
    for html in kind:
        has_image = web_page.read(html)[1].has_formulas
        assert has_image or formulas.has_math(html.encode()), html


def test_the_sign_of_a_source() -> None:
    assert all(formulas.has_math(b"x" * before + b"math") for before in range(5))
    assert not formulas.has_math(b"<p>A page with text, <textarea></textarea> and 1 &lt; 2.</p>")
    assert not any(map(formulas.has_math, (b"", b"mat", b"m ath", b"ath", b"xxxmat")))


@pytest.mark.parametrize(
    "html",
    [
        r"costs $5 and \(x^2\), $$y$$ and \[z\]",
        r'<span class="math inline">\(x\)</span> and <span class="math display">\[y\]</span>',
        '<span class="math inline"><em>x</em><sup>2</sup></span>',
        '<span class="math-container">$x$</span>',
        '<span class="texhtml">e<sup>x</sup></span>',
        '<span class="katex"><span class="katex-html" aria-hidden="true">E=mc2</span></span>',
        '<span class="MathJax_Preview">x+y</span><script type="math/tex"> </script>',
        '<span class="MathJax"><nobr>x</nobr></span>',
        '<script type="text/x-mathjax-config">MathJax.Hub</script>',
        "<tex>x<sub>2</sub></tex>",
        "<math></math>",
        "<noscript>Please enable scripts</noscript>",
    ],
)
def test_what_is_no_formula_or_has_no_source_stays(html: str) -> None:
    assert replaced(html) == f"a {html} b"


def test_a_class_on_a_wrapper_makes_no_formula_of_a_page() -> None:
    page = f'<div class="katex MathJax"><p>First.</p><p>Second {KATEX_SPAN} end.</p></div>'
    assert text(page) == "First.Second $E=mc^2$ end."


def test_a_formula_in_a_noscript_stands_once() -> None:
    lazy = (
        '<img class="latex" data-src="https://s0.wp.com/latex.php?latex=x%5E2" src="data:," alt="">'
    )
    copy = '<noscript><img class="latex" alt="x^2" src="x.png"></noscript>'
    assert replaced(lazy + copy) == replaced(copy + lazy) == replaced(copy) == "a <tex>x^2</tex> b"
    other = '<noscript><img class="latex" alt="y" src="y.png"></noscript>'
    assert replaced(lazy + other) == "a <tex>x^2</tex><tex>y</tex> b"


def test_a_block_that_ends_its_paragraph_leaves_no_preview() -> None:
    page = (
        '<p>We have <span class="MathJax_Preview">f</span><div class="MathJax_Display"><span class="MathJax" '
        'id="MathJax-Element-2-Frame"><nobr>f</nobr></span></div><script type="math/tex; mode=display" '
        'id="MathJax-Element-2">\\int f</script> here</p>'
    )
    assert text(page) == r"We have $$\int f$$ here"


def row(*cells: str) -> str:
    return "".join(f'<td class="ltx_eqn_cell">{cell}</td>' for cell in cells)


def test_tables_of_equations_are_lines() -> None:
    left = r'<math alttext="\displaystyle E" display="inline"><mi>E</mi></math>'
    right = r'<math alttext="\displaystyle=mc^{2}" display="inline"><mi>E</mi></math>'
    number = '<span class="ltx_tag">(1)</span>'
    first, second = row("", left, right, "", number), row('where <math alttext="c"></math> is')
    table = (
        f'<p>p</p><table class="ltx_equationgroup ltx_eqn_table"><tbody><tr class="ltx_eqn_row">{first}</tr>'
        f'<tr class="ltx_eqn_row">{second}</tr></tbody></table><p>q</p>'
    )
    assert text(table) == "p$$E =mc^{2}$$ (1) where $c$ isq"
    assert replaced(table).count("<p>") == 4
    assert "<table" not in replaced(table)
    spans = (
        '<span class="ltx_eqn_table"><span><span class="ltx_eqn_row"><span class="ltx_eqn_cell">'
    )
    inline = f"<p>a {spans}{left}</span></span></span></span> b</p>"
    assert text(inline) == "a $$E$$ b"
    other = '<table class="ltx_eqn_table"><tr><td>kept</td></tr></table>'
    assert text(other) == "kept"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wikipedia", "$x^{2}$"),
        ("mathjax2", r"$x^2+1$ and $$\int f$$"),
        ("mathml", r"$x^2+\frac{1}{2}$"),
    ],
)
def test_shared_pages(name: str, expected: str) -> None:
    path = CASES / f"{name}.html"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    html = path.read_text(encoding="utf-8")
    assert formulas.has_math(html.encode())
    assert f"We have {expected} here." in text(html)
