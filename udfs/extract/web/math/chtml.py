"""Read what MathJax 3 and 4 write as HTML where they keep no MathML beside it.

Its elements are those of MathML with the prefix `mjx-`, in the order in which they are drawn, with others
around them for the layout; a character is the code in the class of an `mjx-c`
(https://docs.mathjax.org/en/latest/output/html.html).
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from udfs.extract.web.math.tree import MAX_DEPTH, MAX_ELEMENTS, TOKENS, Element, collapse

# an element of MathML is drawn as several in each other
_MAX_DEPTH = 4 * MAX_DEPTH
_PREFIX = "mjx-"
_CODE = re.compile(r"(?:\A|\s)mjx-c([0-9A-F]{2,6})(?=\s|\Z)")
_WIDTH = re.compile(r"(?:\A|;)\s*width:\s*([\d.]+em)")
# elements that show nothing of the formula
_NOTHING = "surd nstrut dstrut tstrut line mark assistive-mml speech braille labels strut linestrut"
_SKIPPED = frozenset(_NOTHING.split())
# elements of the layout, whose children count as those of the element around them
_LAYOUT = frozenset(("frac", "dbox", "dtable", "row", "table", "itable", "sqrt"))
_SCRIPTED = {"munder": "msub", "mover": "msup", "munderover": "msubsup"}
_PLACED = frozenset(("munder", "mover", "munderover"))


def read(math: LexborNode) -> list[Element] | None:
    """Return the elements of an `mjx-math` as those of MathML, each before its children.

    None if there are too many, or none that shows a character.
    """
    drawn = _drawn(math)
    if drawn is None or not any(element.text for element in drawn):
        return None
    for element in reversed(drawn):
        _arrange(element)
    elements: list[Element] = []
    stack = [drawn[0]]
    while stack:
        element = stack.pop()
        elements.append(element)
        stack += reversed(element.children)
    return elements


def _drawn(math: LexborNode) -> list[Element] | None:
    """Return the elements as they are drawn, each before its children; None if they are too many."""
    root = Element("math")
    elements = [root]
    stack = [(math.first_child, root)]
    while stack:
        node, parent = stack.pop()
        if node is None:
            continue
        if len(stack) > _MAX_DEPTH:
            return None
        stack.append((node.next, parent))
        tag = node.tag or ""
        name = tag.removeprefix(_PREFIX)
        if name == tag or name in _SKIPPED:
            continue
        if len(elements) >= MAX_ELEMENTS:
            return None
        element = Element(name, node.attributes, text=_characters(node) if name in TOKENS else "")
        elements.append(element)
        parent.children.append(element)
        if name not in TOKENS:
            stack.append((node.first_child, element))
    return elements


def _characters(token: LexborNode) -> str:
    characters = []
    for node in token.traverse():
        if node.tag == "mjx-utext":
            characters.append(node.text(deep=True))
            continue
        code = _CODE.search(node.attributes.get("class") or "")
        value = int(code[1], 16) if code else 0
        if 0x1F < value < 0x110000 and not 0xD7FF < value < 0xE000:
            characters.append(chr(value))
    return collapse("".join(characters))


def _arrange(element: Element) -> None:
    """Put the children of an element into MathML's order."""
    atop = any(child.name == "frac" and child.attribute("atop") for child in element.children)
    children: list[Element] = []
    for child in element.children:
        children += child.children if child.name in _LAYOUT else [child]
    element.children = children
    name = element.name
    if name == "mfrac":
        element.attributes = {"linethickness": "0"} if atop else {}
    elif name == "mroot":
        children.sort(key=lambda child: child.name == "root")
    elif name == "mspace":
        width = _WIDTH.search(element.attribute("style"))
        element.attributes = {"width": width[1]} if width else {}
    elif any(child.name == "script" for child in children):
        _arrange_scripts(element)
    elif name in _PLACED:
        _arrange_placed(element)


def _arrange_scripts(element: Element) -> None:
    """Arrange a base and its scripts, of which the upper one is drawn first."""
    base = [child for child in element.children if child.name != "script"]
    scripts = next(child for child in element.children if child.name == "script").children
    element.name = _SCRIPTED.get(element.name, element.name)
    inner = Element("mrow", children=base)
    if element.name != "msubsup":
        element.children = [inner, Element("mrow", children=scripts)]
        return
    groups: list[list[Element]] = [[]]
    for script in scripts:
        if script.name == "spacer":
            groups.append([])
        else:
            groups[-1].append(script)
    if len(groups) == 1 and len(scripts) == 2:
        groups = [scripts[:1], scripts[1:]]
    lower = [script for group in groups[1:] for script in group]
    element.children = [inner, Element("mrow", children=lower), Element("mrow", children=groups[0])]


def _arrange_placed(element: Element) -> None:
    """Arrange a base and what stands over and under it."""
    parts: dict[str, Element] = {}
    for child in element.children:
        inner = child.children if child.name == "box" else [child]
        for part in inner:
            if part.name in _PLACED:  # drawn as a base with something under it, within the whole
                for role, other in zip(("base", "under"), part.children, strict=False):
                    parts.setdefault(role, other)
            else:
                parts.setdefault(part.name, part)
    order = {"munder": ("under",), "mover": ("over",), "munderover": ("under", "over")}[
        element.name
    ]
    if "base" in parts:
        element.children = [parts.get(role) or Element("none") for role in ("base", *order)]
