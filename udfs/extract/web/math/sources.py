"""The sources of formulas: which elements of a page are formulas, and where their TeX is.

The kinds: MathML; KaTeX; MathJax 2 and 3; MediaWiki; images (`images`); LaTeXML; pandoc, GitLab, Quill and
Zhihu; elements for TeX of distill.pub, IEEE Xplore, Socratic and others.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from udfs.extract.web.math import asciimath, chtml, images, mathjax2, mathml
from udfs.extract.web.math.nodes import attribute, classes, first_elements
from udfs.extract.web.math.tex import Formula, clean, is_delimited, is_tex
from udfs.extract.web.math.tree import local_name

_Reader = Callable[[LexborNode], Formula | None]

_MATH = r"math, m\:math, mml\:math"
# elements whose text is TeX
_TEX_TAGS = frozenset(("tex", "tex-math", "d-math", "mathjax"))
SELECTOR = ", ".join(
    (
        *(_MATH, "script", "img", "mjx-container", "alternatives", *sorted(_TEX_TAGS)),
        *(".katex", '[class*="mwe-math-"]', '[class^="math "]', ".ql-formula"),
        *("[data-math-style]", "[data-tex]", mathjax2.SELECTOR),
    )
)
_MEDIAWIKI = frozenset(("mwe-math-element", "mwe-math-mathml-inline", "mwe-math-mathml-display"))
_TEX_ENCODING = re.compile(r"(?<![a-z])(?:la|snuggle)?tex(?![a-z])", re.IGNORECASE)
# pages write MathML into an attribute with other characters for those of HTML (WIRIS)
_WIRIS = str.maketrans("«»¨§", '<>"&')
_LONGEST_ATTRIBUTE = 500_000
_DELIMITER = re.compile(r"\s*(?:\$|\\\(|\\\[|\\begin\b)")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def reader(node: LexborNode) -> _Reader | None:
    """Return the function that reads the formula of an element; None if the element is none."""
    tag = node.tag or ""
    if tag == "math" or local_name(tag) == "math":
        return _math
    if tag in _BY_TAG:
        return _BY_TAG[tag]
    if tag == "script":
        return _script if mathjax2.is_script(node) else None
    names = classes(node)
    if tag in _TEX_TAGS or ("math" in names and ("inline" in names or "display" in names)):
        return _text if _is_undrawn(node, tag) else None
    if "katex" in names:
        return _katex if any(_is_katex_part(child) for child in first_elements(node)) else None
    if not _MEDIAWIKI.isdisjoint(names):
        return _within
    if tag == "span" and ("data-tex" in node.attributes or "ql-formula" in names):
        return _attribute
    if "data-math-style" in node.attributes:
        return _text if tag in ("code", "pre", "span", "div") else None
    return _within if mathjax2.is_drawing(node) else None


def outermost(node: LexborNode) -> LexborNode:
    """Return the element that shows a formula and nothing else."""
    parent = node.parent
    if parent is not None and "katex-display" in classes(parent) and "katex" in classes(node):
        return parent
    return node


def _is_undrawn(node: LexborNode, tag: str) -> bool:
    """Return whether an element's text is TeX that no script has drawn; with delimiters, it stays text."""
    if next(first_elements(node), None) is not None:
        return False
    return tag in _TEX_TAGS or not _DELIMITER.match(node.text(deep=True))


def _is_katex_part(node: LexborNode) -> bool:
    return node.tag == "math" or not {"katex-mathml", "katex-html"}.isdisjoint(classes(node))


def _is_display(node: LexborNode) -> bool:
    """Return whether an element says that its formula stands in a line of its own."""
    values = (
        attribute(node, name).strip().lower() for name in ("display", "mode", "data-math-style")
    )
    return any(value in ("block", "true", "display") for value in values)


def _math(math: LexborNode) -> Formula | None:
    """Return the formula of a `math` element: its annotation, its alternative text, or its MathML."""
    display = _is_display(math)
    for annotation in math.css("annotation"):
        text = annotation.text(deep=True)
        if _TEX_ENCODING.search(attribute(annotation, "encoding")) and text.strip():
            return clean(text, display)
    source = attribute(math, "data-latex")
    alternative = attribute(math, "alttext")
    if not source.strip() and is_tex(alternative):
        source = alternative
    if not source.strip() and next(first_elements(math), None) is None:
        source = math.text(deep=True)
    if source.strip():
        return clean(source, display)
    tex = mathml.to_tex(math)
    return Formula(tex, display) if tex else None


def _markup(text: str) -> Formula | None:
    """Return the formula of MathML that a page has as text."""
    if len(text) > _LONGEST_ATTRIBUTE:
        return None
    math = LexborHTMLParser(text.translate(_WIRIS) if "«" in text else text).css_first(_MATH)
    return _math(math) if math is not None else None


def _script(script: LexborNode) -> Formula | None:
    kind = attribute(script, "type").strip().lower()
    text = script.text(deep=True)
    display = "mode=display" in kind.replace(" ", "")
    if kind.startswith("math/mml"):
        formula = _markup(text)
        return Formula(formula.tex, display or formula.display) if formula else None
    if kind.startswith("math/asciimath"):
        return Formula(asciimath.to_tex(text) or text.strip(), display)
    return clean(text, display) if kind.startswith(("math/tex", "math/latex")) else None


def _image(image: LexborNode) -> Formula | None:
    mathml_text = attribute(image, "data-mathml")
    return (_markup(mathml_text) if mathml_text else None) or images.formula(image.attributes)


def _text(node: LexborNode) -> Formula | None:
    """Return the formula of an element whose text is TeX, or AsciiMath between number signs."""
    text = node.text(deep=True).strip()
    if node.tag == "mathjax" and len(text) > 2 and text[0] == text[-1] == "#":
        tex = asciimath.to_tex(text[1:-1])
        return Formula(tex) if tex else None
    display = "display" in classes(node) or _is_display(node) or "block" in node.attributes
    return clean(text, display or (node.tag == "tex" and "display" in node.attributes))


def _attribute(node: LexborNode) -> Formula | None:
    name = "data-value" if "ql-formula" in classes(node) else "data-tex"
    return clean(attribute(node, name))


def _katex(node: LexborNode) -> Formula | None:
    parent = node.parent
    display = parent is not None and "katex-display" in classes(parent)
    formula = _within(node)
    if formula is None:
        # some pages keep the text of KaTeX's MathML without its tags: the annotation is its end
        part = node.css_first(".katex-mathml")
        lines = _BLANK_LINE.split(part.text(deep=True).strip()) if part is not None else []
        formula = clean(lines[-1]) if len(lines) > 1 else None
    return Formula(formula.tex, display or formula.display) if formula else None


def _within(node: LexborNode) -> Formula | None:
    """Return the formula of an element that has its source within it or in an attribute."""
    if node.first_child is None and "data-mathml" not in node.attributes:
        return None
    display = _is_display(node) or _is_display_class(node)
    for source in (_of_sources, _of_drawing, _of_images):
        formula = source(node)
        if formula is not None and formula.tex:
            return Formula(formula.tex, display or formula.display)
    return None


def _is_display_class(node: LexborNode) -> bool:
    shown = node.css_first(".mwe-math-mathml-display, .mwe-math-fallback-image-display")
    names = classes(node)
    return (
        shown is not None
        or not mathjax2.DISPLAYS.isdisjoint(names)
        or "mwe-math-element-block" in names
    )


def _of_sources(node: LexborNode) -> Formula | None:
    """Return the formula of a script, of text for the clipboard, of MathML or of an attribute."""
    for script in node.css("script"):
        if mathjax2.is_script(script):
            return _script(script)
    for source in node.css('mjx-math[data-latex], [data-mml-node="math"][data-latex]'):
        return clean(attribute(source, "data-latex"))
    copied = node.css_first(".mjx-copytext")
    if copied is not None and is_delimited(copied.text(deep=True)):
        return clean(copied.text(deep=True))
    for tag in ("tex-math", "tex"):
        tex = node.css_first(tag)
        if tex is not None:
            return _text(tex)
    math = node.css_first(_MATH)
    formula = _math(math) if math is not None else None
    marked = node.css_first("[data-mathml]") if formula is None else None
    return _markup(attribute(marked, "data-mathml")) if marked is not None else formula


def _of_drawing(node: LexborNode) -> Formula | None:
    """Return the formula of what MathJax 3 drew."""
    drawn = node.css_first("mjx-math")
    elements = chtml.read(drawn) if drawn is not None else None
    tex = mathml.convert(elements) if elements else None
    return Formula(tex) if tex else None


def _of_images(node: LexborNode) -> Formula | None:
    image = node.css_first("img")
    return _image(image) if image is not None else None


_BY_TAG: dict[str, _Reader] = {"img": _image, "mjx-container": _within, "alternatives": _within}
