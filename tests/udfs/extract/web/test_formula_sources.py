"""Sources of TeX: delimiters and wrappers, alternative texts and addresses of images, AsciiMath."""

from __future__ import annotations

from html import escape

import pytest

from udfs.extract.web import page
from udfs.extract.web.math import asciimath, images
from udfs.extract.web.math.tex import Formula, clean, is_delimited, is_tex

CLEANED = {
    r" {\displaystyle x^{2}} ": Formula("x^{2}"),
    r"{\textstyle \sum }": Formula(r"\sum"),
    r"{\displaystyle a}+{b}": Formula(r"{\displaystyle a}+{b}"),
    r"{\displaystyle \{a\}}": Formula(r"\{a\}"),
    "$$x$$": Formula("x", True),
    r"\[ x \]": Formula("x", True),
    r"\(x\)": Formula("x"),
    "$x$": Formula("x"),
    "$a$ and $b$": Formula("$a$ and $b$"),
    r"\begin{equation*}x\end{equation*}": Formula("x", True),
    r"\begin{align}x&y\end{align}": Formula(r"\begin{align}x&y\end{align}"),
    "\\documentclass{minimal} \\begin{document}$$x$$\\end{document}": Formula("x", True),
    "% <![CDATA[\na %]]>": Formula("a"),
    "a% comment\n  b": Formula("ab"),
    "\\alpha% comment\nb": Formula(r"\alpha b"),
    r"50\% x": Formula(r"50\% x"),
    "a\n &amp; b &lt; c": Formula("a & b < c"),
    "a &#55296; b &#0;": Formula("a b"),
    "x \\\\": Formula("x"),
    "x\\ ": Formula("x"),
    "": Formula(""),
    "$": Formula("$"),
    "%": Formula("%"),
}


def test_tex_loses_delimiters_and_wrappers() -> None:
    assert {source: clean(source) for source in CLEANED} == CLEANED


def test_alternative_texts() -> None:
    for text in ("x", "x^2", r"\text{a long text here}", "ABCD", "f(x)", "max(a, b)", "2+2"):
        assert is_tex(text), text
    for text in (
        "",
        " ",
        "equation",
        "Bricks",
        "x squared",
        "Photo of a house",
        "公式",
        "formula 1",
    ):
        assert not is_tex(text), text
    for text in ("$x^2$", r"\(x\)", r"\begin{displaymath}x\end{displaymath}", "$n$"):
        assert is_delimited(text), text
    for text in ("x^2", "$5", "$5 is less than 6$", "$$$", "100% sure", "$a$ and $b$"):
        assert not is_delimited(text), text


WORDPRESS = "https://s0.wp.com/latex.php?"
CODECOGS = "https://latex.codecogs.com/gif.latex?"
IMAGES: list[tuple[dict[str, str | None], str | None]] = [
    ({"class": "latex", "alt": r"{R}\in{R}", "src": f"{WORDPRESS}latex=y&bg=ffffff"}, r"{R}\in{R}"),
    ({"class": "latex", "alt": "", "src": f"{WORDPRESS}latex=x%5E2+%2B+y&bg=ffffff&s=0"}, "x^2 + y"),
    ({"src": f"{WORDPRESS}bg=%23ffffff&latex=%5Calpha+x&fg=000"}, r"\alpha x"),
    ({"class": "latex lazy", "data-src": f"{WORDPRESS}latex=x", "src": "data:image/gif;base64,R0"}, "x"),
    ({"class": "latex", "alt": "equation", "src": "e.png"}, None),
    ({"class": "latex", "alt": "Gloves", "src": "e.png"}, None),
    ({"src": rf"{CODECOGS}\dpi{{110}}&space;\bg_white&space;\frac{{I&space;-&space;K+P}}{{S}}"},
     r"\frac{I - K+P}{S}"),
    ({"src": "https://latex.codecogs.com/svg.image?%5Clarge&space;%5Calpha%20+1"}, r"\alpha +1"),
    ({"src": f"{CODECOGS}a%2Bb+c", "alt": "equation"}, "a+b c"),
    ({"src": "https://chart.googleapis.com/chart?cht=tx&chl=x%5E2"}, "x^2"),
    ({"src": "https://chart.googleapis.com/chart?cht=p&chl=a|b"}, None),
    ({"src": r"/cgi-bin/mathtex.cgi?\Large x^2"}, "x^2"),
    ({"src": "/cgi-bin/mimetex.cgi?x_1", "alt": "formula"}, "x_1"),
    ({"src": "https://www.zhihu.com/equation?tex=E%3Dmc%5E2%5C%5C", "alt": "E"}, "E=mc^2"),
    ({"src": "https://render.githubusercontent.com/render/math?math=x%5E2"}, "x^2"),
    ({"src": "https://i.upmath.me/svg/x%5E2"}, "x^2"),
    ({"class": "equation_image", "alt": r"LaTeX: \sqrt{x}"}, r"\sqrt{x}"),
    ({"data-equation-content": "x^2", "alt": "x squared"}, "x^2"),
    ({"class": "math", "alt": r"\alpha"}, r"\alpha"),
    ({"class": "math", "alt": "A chart"}, None),
    ({"alt": "$x^2$", "src": "img1.png"}, "x^2"),
    ({"alt": "A photo", "src": "photo.jpg", "class": None}, None),
    ({"class": "latex", "alt": None, "src": None}, None),
    ({}, None),
]  # fmt: skip


def test_formulas_of_images() -> None:
    found = [images.formula(attributes) for attributes, _ in IMAGES]
    assert [formula and formula.tex for formula in found] == [expected for _, expected in IMAGES]


def test_images_that_are_formulas_are_found_in_pages() -> None:
    for attributes, tex in IMAGES:
        if tex:
            pairs = [f'{name}="{escape(value or "")}"' for name, value in attributes.items()]
            text = page.extract(f"<p>Here <img {' '.join(pairs)}> ends.</p>", whole=True).text
            assert text == f"Here {tex} ends.", attributes


@pytest.mark.parametrize(
    "name", ["latexcenter", "ql-img-displayed-equation", "mwe-math-fallback-image-display"]
)
def test_images_in_lines_of_their_own(name: str) -> None:
    assert images.formula({"class": name, "alt": "x"}) == Formula("x", True)
    assert images.formula({"class": "latex", "alt": r"\[x\]"}) == Formula("x", True)


ASCIIMATH = {
    "x^2+1": "x^{2}+1",
    "sum_(i=1)^n i^3=((n(n+1))/2)^2": r"\sum_{i=1}^{n}i^{3}=(\frac{n(n+1)}{2})^{2}",
    "[[a,b],[c,d]]": r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}",
    "{(x,if x>0),(y,\"else\"):}": r"\begin{cases} x & \text{ if }x>0 \\ y & \text{else} \end{cases}",
    "sqrt(x+1)/root(3)(y)": r"\frac{\sqrt{x+1}}{\sqrt[3]{y}}",
    "lim_(x->oo) 1/x": r"\lim_{x\to\infty}\frac{1}{x}",
    "alphaxxbeta in RR": r"\alpha\times\beta\in\mathbb{R}",
    "abs(x) 50% text(a_b)": r"|x|50\%\text{a\_b}",
    "(a,b] {x} << y >>": r"(a,b]\{x\}\langle y\rangle",
    "": "",
    "x/": r"\frac{x}{}",
    "))": "))",
}  # fmt: skip


def test_asciimath() -> None:
    assert {source: asciimath.to_tex(source) for source in ASCIIMATH} == ASCIIMATH


@pytest.mark.parametrize("source", ["(" * 100, "sqrt " * 100, "x" * 5001])
def test_deep_and_long_asciimath_is_not_converted(source: str) -> None:
    assert asciimath.to_tex(source) is None
