r"""Replace the formulas of a web page by their TeX, each once.

A page shows a formula several times: as MathML, as an image or as characters that are laid out, with TeX
in an annotation, a script or an alternative text beside them. What a formula's source is on a page is
decided in `math.sources`. TeX that stands in the text with its delimiters stays as it is.
"""

from __future__ import annotations

import numpy as np
from selectolax.lexbor import LexborHTMLParser, LexborNode

from udfs.extract.web.math import latexml, mathjax2, sources
from udfs.extract.web.math.nodes import after, before, classes, only_child
from udfs.extract.web.math.tex import MAX_CHARACTERS, Formula, clean

# the element that a formula becomes; with the attribute `display` if it stands in a line of its own
TAG = "tex"
# In the source of each page with MathML, scripts or classes of MathJax, KaTeX, MediaWiki or LaTeXML, and of
# few others. Formulas without it are images.
_MATH = b"math"
_WORD = np.dtype("<u4")
_MATH_WORD = np.frombuffer(_MATH, _WORD)[0]
# One of these is in the attributes of each image that is a formula: classes (`latex`, `texrender`), services
# (`latex.php`, `mimetex.cgi`, Zhihu's `equation?tex=`, Google's charts), or the delimiters of TeX.
_SIGNS = (
    *("latex", "texr", "tex.", "tex2img", "upmath", "equation", "cht=tx", 'formula"'),
    *('alt="$', 'alt="\\'),
)


def has_math(source: bytes) -> bool:
    """Return whether the source of a page in UTF-8 has `math` in it, as most pages with formulas have."""
    # to compare numbers takes half the time of a search for bytes
    for start in range(min(_WORD.itemsize, len(source) - _WORD.itemsize + 1)):
        words = np.frombuffer(source, _WORD, (len(source) - start) // _WORD.itemsize, start)
        if (words == _MATH_WORD).any():
            return True
    return False


def is_image(attributes: str) -> bool:
    """Return whether the attributes of an image, as a parser writes them, may be those of a formula."""
    return any(sign in attributes for sign in _SIGNS)


def replace(page: LexborHTMLParser) -> None:
    """Replace each formula of a page by one element `tex`, whose text is TeX without delimiters.

    The element of a formula in a line of its own has the attribute `display`. A formula of more than
    `math.tex.MAX_CHARACTERS` becomes plain text; one without known TeX stays as it is.
    """
    replacement = _Replacement(page)
    for node in page.css(sources.SELECTOR):
        replacement.visit(node)
    replacement.unwrap()
    latexml.flatten(page, TAG)


class _Replacement:
    """The replacement of the formulas of one page.

    Nodes that were replaced are detached and not freed, so that the list of all candidates stays valid.
    """

    def __init__(self, page: LexborHTMLParser) -> None:
        self._page = page
        self._done: set[int] = set()
        self._scripts = mathjax2.script_ids(page)
        self._noscripts: list[LexborNode] = []

    def visit(self, node: LexborNode) -> None:
        """Replace or remove a candidate, unless it is part of one that was replaced."""
        if node.mem_id in self._done or node.parent is None:
            return
        if mathjax2.is_copy(node, self._scripts):
            self._remove(node)
            return
        read = sources.reader(node)
        if read is None:
            return
        self._take(node)
        formula = read(node)
        if formula is not None and formula.tex:
            self._put(sources.outermost(node), formula)

    def _take(self, node: LexborNode) -> None:
        """Note that all candidates within a node are dealt with."""
        if node.first_child is not None:
            self._done.update(inner.mem_id for inner in node.traverse())

    def _remove(self, node: LexborNode) -> None:
        self._take(node)
        node.decompose(recursive=False)

    def _put(self, node: LexborNode, formula: Formula) -> None:
        """Put a formula in the place of a node, and remove copies of it beside the node."""
        if len(formula.tex) > MAX_CHARACTERS:
            node.replace_with(formula.tex)
            return
        element = self._page.create_node(TAG)
        if formula.display:
            element.attrs["display"] = ""
        element.insert_child(formula.tex)
        node.insert_before(element, move=True)
        node.decompose(recursive=False)
        parent = element.parent
        if parent is not None and parent.tag == "noscript":
            self._noscripts.append(parent)
        for neighbour in (before(element), after(element)):
            if neighbour is not None and _is_copy(neighbour, formula, of_image=node.tag == "img"):
                self._remove(neighbour)

    def unwrap(self) -> None:
        """Put formulas that stand in a `noscript` alone in its place."""
        for noscript in self._noscripts:
            only = only_child(noscript)
            if noscript.parent is not None and only is not None and only.tag == TAG:
                noscript.insert_before(only, move=True)
                noscript.decompose(recursive=False)


def _is_copy(node: LexborNode, formula: Formula, of_image: bool) -> bool:
    """Return whether a node shows a formula again: a `noscript`, or MediaWiki's image beside its MathML."""
    if node.tag == "img":
        names = classes(node)
        shown = not of_image and any(name.startswith("mwe-math-fallback") for name in names)
        return shown and _shows(node, formula)
    if node.tag != "noscript":
        return False
    text = node.text(deep=True).strip()
    if text:
        return clean(text).tex == formula.tex
    only = only_child(node)
    return only is not None and only.is_element_node and _shows(only, formula)


def _shows(node: LexborNode, formula: Formula) -> bool:
    """Return whether an element shows a formula."""
    read = sources.reader(node)
    other = read(node) if read is not None else None
    return other is not None and other.tex == formula.tex
