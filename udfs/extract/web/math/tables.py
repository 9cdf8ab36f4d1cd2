"""Convert MathML's tables and fences to TeX."""

from __future__ import annotations

from collections.abc import Callable

from udfs.extract.web.math.row import MATRIX, join, row
from udfs.extract.web.math.tex_names import character
from udfs.extract.web.math.tree import Element, collapse


def _table(element: Element) -> None:
    rows = [child.tex for child in element.children if child.tex]
    content = r" \\ ".join(rows)
    alignment = element.attribute("columnalign").split()
    if alignment[:2] == ["right", "left"]:
        element.tex = rf"\begin{{aligned}} {content} \end{{aligned}}"
    else:
        element.tex = rf"{MATRIX} {content} \end{{matrix}}"


def _table_row(element: Element) -> None:
    """Convert a row; the first cell of `mlabeledtr` is the formula's number."""
    cells = element.children
    tag = ""
    if element.name == "mlabeledtr" and cells:
        label = cells[0].tex.removeprefix(r"\text{").removesuffix("}").strip()
        tag, cells = rf" \tag{{{label.strip('()')}}}" if label else "", cells[1:]
    element.tex = " & ".join(cell.tex for cell in cells).rstrip() + tag
    element.whole = False


def _cell(element: Element) -> None:
    row(element)
    element.core = element


def _fenced(element: Element) -> None:
    """Convert `mfenced`: brackets around its children, and separators between them."""
    opening, closing = (
        join(character(letter) for letter in collapse(element.attributes.get(name, default) or ""))
        for name, default in (("open", "("), ("close", ")"))
    )
    separators = "".join((element.attributes.get("separators", ",") or "").split())
    children = [child.tex for child in element.children]
    parts: list[str] = []
    for number, child in enumerate(children):
        parts.append(child)
        if separators and number + 1 < len(children):
            parts.append(character(separators[min(number, len(separators) - 1)]))
    if len(children) == 1 and element.children[0].core.name == "mtable":
        # a row converts a table by the brackets beside it
        table = element.children[0]
        element.children = [Element("mo", tex=opening), table, Element("mo", tex=closing)]
        row(element)
        element.core, element.whole = element, True
        return
    element.tex = join([opening, *parts, closing])
    element.whole = (opening, closing) in {("(", ")"), ("[", "]")}


CONVERTERS: dict[str, Callable[[Element], None]] = {
    "mtable": _table,
    **dict.fromkeys(("mtr", "mlabeledtr"), _table_row),
    "mtd": _cell,
    "mfenced": _fenced,
}
