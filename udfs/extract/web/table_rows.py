"""Make one block of each row of a table, with a tab between the cells, and one of a table of code.

Tables that lay a page out stay blocks: a row is one only if no table is in it and each of its cells has one
block, or if it belongs to a table that has a heading and its cells have little in them.
"""

from __future__ import annotations

from itertools import pairwise

from udfs.extract.web.blocks import Blocks
from udfs.extract.web.code_rows import code_of_row, is_code_cell

# longer cells of a table without headings are columns of a page
_LONGEST_CELL = 600
# a cell of a table with headings has this many blocks at most
_MOST_BLOCKS = 8


class Table:
    """A table that is read.

    Attributes
    ----------
    in_code
        Whether a cell of code is open.
    """

    __slots__ = (
        "_blocks",
        "_cells",
        "_code",
        "_code_cells",
        "_headed",
        "_merged",
        "_nests",
        "in_code",
    )

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._cells: list[int] = []  # the number of blocks before each cell of the row
        self._code_cells: set[int] = set()  # which of them are of code
        self._code: list[str] = []  # the lines of the rows before
        self._nests = False  # whether a table is in the row
        self._headed = False  # whether a heading came before, or is in the row
        self._merged = False  # whether a row before became one block
        self.in_code = False

    def nest(self) -> None:
        """Note that the row has a table in it."""
        self._nests = True

    def start_row(self) -> None:
        """Start a row."""
        self._cells.clear()
        self._code_cells.clear()
        self._nests = False

    def start_cell(self, name: str, attributes: str) -> None:
        """Start a cell of the row."""
        if name == "th":
            self._headed = True
        elif attributes and is_code_cell(attributes):
            self._code_cells.add(len(self._cells))
            self.in_code = True
        self._cells.append(len(self._blocks.text))

    def end_row(self, row: int) -> None:
        """Make one block of the row, whose element's number is `row`, if it is one of data or of code."""
        texts, cells = self._blocks.text, self._cells
        if not cells or self._nests:
            return
        count = len(texts) - cells[0]
        if self._code or self._code_cells or (count > 1 and self._blocks.in_pre(-1)):
            code = code_of_row(self._blocks, cells, self._code_cells)
            if code is not None or self._code:
                self._code.append("\t".join(texts[cells[0] :]) if code is None else code)
                self._remove_row(row)
                return
            for number in range(cells[0], len(texts)) if self._code_cells else ():
                texts[number] = texts[number].strip()
        if count == 1 and self._merged:
            # the only text of a row stays in its column
            column = sum(cell == cells[0] for cell in cells) - 1
            self._replace_row(row, "\t" * column + texts[-1].replace("\n", " "))
        elif count > 1 and len(cells) > 1 and self._is_data():
            self._replace_row(row, self._joined())
            self._merged = True

    def end(self, number: int) -> None:
        """Make one block of a table of code; `number` is its element's."""
        if self._code:
            blocks = self._blocks
            # as if a `pre` were all that is in the table
            elements = blocks.elements
            tag = elements.add_tag("pre", elements.attributes(number))
            code = elements.append(tag, number, len(blocks.text))
            blocks.append("\n".join(self._code).strip("\n"), code)
            elements.end[code] = elements.end[number] = len(blocks.text)

    def _is_data(self) -> bool:
        texts, cells = self._blocks.text, self._cells
        most = max(end - start for start, end in pairwise([*cells, len(texts)]))
        if most > (_MOST_BLOCKS if self._headed else 1):
            return False
        for number in range(cells[0], len(texts)):
            if len(texts[number]) > _LONGEST_CELL and not self._headed:
                return False
            if "\n" in texts[number] and self._blocks.in_pre(number):
                return False
        return True

    def _joined(self) -> str:
        texts = self._blocks.text
        cells = (texts[start:end] for start, end in pairwise([*self._cells, len(texts)]))
        return "\t".join(
            " ".join(cell).replace("\n", " ").replace("\t", " ") for cell in cells
        ).rstrip()

    def _replace_row(self, row: int, text: str) -> None:
        blocks, start = self._blocks, self._cells[0]
        link_length, links = sum(blocks.link_length[start:]), sum(blocks.links[start:])
        self._remove_row(row)
        blocks.append(text, row, link_length, links)
        blocks.elements.end[row] = start + 1

    def _remove_row(self, row: int) -> None:
        blocks, start = self._blocks, self._cells[0]
        for column in (
            blocks.text,
            blocks.element,
            blocks.link_length,
            blocks.links,
            blocks.inline,
            blocks.marker,
        ):
            del column[start:]
        # no row in this row became a block, so that each element is seen once
        for numbers in (blocks.elements.first, blocks.elements.end):
            numbers[row:] = [min(number, start) for number in numbers[row:]]
