"""Find what MathJax 2 adds to a page: previews, and drawings of the formulas whose sources are scripts.

A drawing stands before its script and has the script's `id` with `-Frame` after it; a preview stands before
the drawing (https://docs.mathjax.org/en/v2.7-latest/advanced/model.html).
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from udfs.extract.web.math.nodes import after, attribute, classes, first_elements

_PREVIEW = "MathJax_Preview"
DISPLAYS = frozenset(
    ("MathJax_Display", "MathJax_SVG_Display", "MJXc-display", "MathJax_MathML_Display")
)
_DRAWINGS = DISPLAYS | {
    "MathJax_SVG",
    "MathJax_CHTML",
    "MathJax_PHTML",
    "MathJax_PHTML_Display",
    "MathJax_MathML",
    "mjx-chtml",
    "MathJax_Error",
}
_DRAWING = "MathJax"
SELECTOR = '[class*="MathJax"], [class*="mjx-chtml"], .MJXc-display'
_FRAME = "-Frame"
_SCRIPT_TYPE = "math/"


def is_script(node: LexborNode) -> bool:
    """Return whether a node is a script whose content is a formula; an empty one is none."""
    if node.tag != "script":
        return False
    kind = attribute(node, "type").strip().lower()
    return kind.startswith(_SCRIPT_TYPE) and bool(node.text(deep=True).strip())


def script_ids(page: LexborHTMLParser) -> frozenset[str]:
    """Return the `id`s of the scripts of a page whose content is a formula."""
    scripts = page.css('script[type^="math/" i]')
    return frozenset(attribute(node, "id") for node in scripts if is_script(node)) - {""}


def is_copy(node: LexborNode, scripts: frozenset[str]) -> bool:
    """Return whether a node is a preview or a drawing of a formula whose source stands elsewhere.

    Parameters
    ----------
    node
        An element.
    scripts
        The `id`s of the scripts of the page (`script_ids`).
    """
    if node.tag in ("img", "script"):
        return False
    if _is_preview(node):
        return _has_script(node, scripts) or _has_drawing(node)
    return is_drawing(node) and _has_script(node, scripts)


def _is_preview(node: LexborNode) -> bool:
    """Return whether a node is what MathJax shows until the formula is drawn."""
    return _PREVIEW in classes(node)


def is_drawing(node: LexborNode) -> bool:
    """Return whether a node is a drawing of a formula."""
    names = classes(node)
    if not _DRAWINGS.isdisjoint(names):
        return node.tag in ("span", "div")
    # pages have this class on wrappers of their own
    return _DRAWING in names and (
        node.tag in ("span", "nobr") or "data-mathml" in node.attributes or bool(_frame(node))
    )


def _has_script(node: LexborNode, ids: frozenset[str]) -> bool:
    """Return whether the formula of a drawing or preview is the content of a script."""
    frames = {_frame(node), *(_frame(child) for child in first_elements(node))}
    if not ids.isdisjoint(frames):
        return True
    following = _following(node)
    # a preview, a drawing within another one's wrapper, and the script
    for _ in range(3):
        if following is None:
            return False
        if is_script(following):
            return True
        if not following.is_element_node or not (_is_preview(following) or is_drawing(following)):
            return False
        following = after(following)
    return False


def _has_drawing(preview: LexborNode) -> bool:
    """Return whether a preview stands before a drawing that has the formula's MathML."""
    following = _following(preview)
    if following is None or not following.is_element_node or not is_drawing(following):
        return False
    return "data-mathml" in following.attributes or any(
        "data-mathml" in child.attributes for child in first_elements(following)
    )


def _following(node: LexborNode) -> LexborNode | None:
    """Return what follows a node, or its paragraph where a block within the paragraph has ended it."""
    following = after(node)
    if (
        following is None
        and node.next is None
        and node.parent is not None
        and node.parent.tag == "p"
    ):
        following = after(node.parent)
    return following


def _frame(node: LexborNode) -> str:
    """Return the `id` of the script of a drawing; empty if it names none."""
    name = attribute(node, "id")
    return name.removesuffix(_FRAME) if name.endswith(_FRAME) else ""
