"""The elements of a formula in MathML, read without recursion and up to a limit."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

# a formula of more elements, or with more elements in each other, is not converted
MAX_ELEMENTS = 50_000
MAX_DEPTH = 200
# elements whose content is text
TOKENS = frozenset(("mi", "mn", "mo", "mtext", "ms", "ci", "cn", "csymbol"))
# elements that show nothing of the formula
_SKIPPED = frozenset(
    ("annotation", "annotation-xml", "maligngroup", "malignmark", "script", "style", "template")
)


@dataclass(slots=True, eq=False, repr=False)
class Element:
    """An element of MathML, and its TeX once it is converted.

    Attributes
    ----------
    name
        The tag's name in small letters, without prefix; empty for text outside token elements.
    attributes
        The attributes; None stands for an empty value.
    text
        The text of a token element, each run of white space one space.
    tex
        The TeX.
    whole
        Whether TeX takes `tex` as one item, so that a script can follow it.
    limits
        Whether a script of the item is written under and over it, as the bounds of a sum are.
    core
        The element that this one shows: the only child of a row, otherwise the element.
    """

    name: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""
    tex: str = ""
    whole: bool = True
    limits: bool = False
    core: Element = field(init=False)

    def __post_init__(self) -> None:
        self.core = self

    def attribute(self, name: str) -> str:
        """Return an attribute in small letters without white space around it; empty if missing."""
        return (self.attributes.get(name) or "").strip().lower()


def read(math: LexborNode) -> list[Element] | None:
    """Return the elements of a formula, each before its children; None if it is too large or too deep.

    Spaces of U+00A0 and wider ones are part of a token's text.
    """
    root = Element("math", math.attributes)
    elements = [root]
    stack = [(math.first_child, root)]
    while stack:
        node, parent = stack.pop()
        if node is None:
            continue
        if len(stack) > MAX_DEPTH:
            return None
        stack.append((node.next, parent))
        element = _element(node)
        if element is None:
            continue
        if len(elements) >= MAX_ELEMENTS:
            return None
        elements.append(element)
        parent.children.append(element)
        if element.name and element.name not in TOKENS:
            stack.append((node.first_child, element))
    return elements


def _element(node: LexborNode) -> Element | None:
    """Return an element without its children; None if it shows nothing."""
    tag = node.tag or ""
    if tag == "-text":
        text = collapse(node.text_content or "")
        return Element("", text=text) if text else None
    name = local_name(tag)
    if tag.startswith("-") or name in _SKIPPED:
        return None
    if name in TOKENS:
        return Element(name, node.attributes, text=collapse(_text(node)))
    return Element(name, node.attributes)


def _text(node: LexborNode) -> str:
    """Return the text of a token element; the alternative of an image in it otherwise."""
    text = node.text(deep=True)
    if text.strip():
        return text
    for child in node.iter():
        if local_name(child.tag or "") in ("mglyph", "img"):
            return child.attributes.get("alt") or ""
        break
    return text


def local_name(tag: str) -> str:
    """Return a tag's name without its prefix."""
    return tag.rpartition(":")[2].lower()


def collapse(text: str) -> str:
    """Return text with each run of XML's white space as one space and none at its ends."""
    if text.isalnum():
        return text
    return " ".join(part for part in text.replace("\t", " ").replace("\n", " ").split(" ") if part)
