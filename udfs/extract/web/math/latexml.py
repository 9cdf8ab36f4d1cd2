"""LaTeXML's tables of equations, whose formulas are in place, as lines of their own.

arXiv's pages have them: each row is an equation whose sides are in cells, with the equation's number
(https://math.nist.gov/~BMiller/LaTeXML/manual/cssclasses/).
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from udfs.extract.web.math.nodes import classes, only_child

_TABLE = "ltx_eqn_table"
_ROW = "ltx_eqn_row"
_STYLE = r"\displaystyle"


def flatten(page: LexborHTMLParser, tag: str) -> None:
    """Replace each table of equations by a paragraph a row, which has one formula where it can.

    Parameters
    ----------
    page
        A page whose formulas are elements of the name `tag`.
    tag
        The name of the elements.
    """
    seen: set[int] = set()
    for table in page.css(f".{_TABLE}"):
        if table.mem_id in seen:
            continue
        # what stands within a cell of another table is moved with it
        seen.update(inner.mem_id for inner in table.traverse())
        rows = _rows(table)
        block = "p" if table.tag == "table" else "span"
        for row in rows:
            line = _line(page, row, tag, block)
            if line.first_child is not None:
                table.insert_before(line, move=True)
        if rows:
            table.decompose(recursive=False)


def _rows(table: LexborNode) -> list[LexborNode]:
    """Return the rows of a table of equations; none if it has other content too."""
    rows: list[LexborNode] = []
    for part in table.iter(include_text=True, skip_empty=True):
        whole = part.is_text_node or _ROW in classes(part)
        for row in [part] if whole else part.iter(include_text=True, skip_empty=True):
            if row.is_element_node and _ROW in classes(row):
                rows.append(row)
            elif row.text(deep=True).strip():
                return []
    return rows


def _line(page: LexborHTMLParser, row: LexborNode, tag: str, block: str) -> LexborNode:
    """Return what a row shows as one element."""
    line = page.create_node(block)
    sides: list[str] = []
    for cell in list(row.iter(include_text=True)):
        formula = only_child(cell)
        if formula is not None and formula.tag == tag:
            sides.append(formula.text(deep=True).removeprefix(_STYLE).lstrip())
        elif cell.text(deep=True).strip():
            _add(page, line, sides, tag)
            sides = []
            line.insert_child(" ")
            _move(cell, line)
    _add(page, line, sides, tag)
    return line


def _move(cell: LexborNode, line: LexborNode) -> None:
    """Move the content of a cell, or text, to the end of a line."""
    if cell.is_text_node:
        line.insert_child(cell, move=True)
        return
    child = cell.first_child
    while child is not None:
        following = child.next
        line.insert_child(child, move=True)
        child = following


def _add(page: LexborHTMLParser, line: LexborNode, sides: list[str], tag: str) -> None:
    """Add the sides of an equation to a line as one formula."""
    if sides:
        formula = page.create_node(tag)
        formula.attrs["display"] = ""
        formula.insert_child(" ".join(sides))
        line.insert_child(formula, move=True)
