"""Code that stands in a table: its lines without their numbers.

Either each row is a line, with its number in a cell before it (GitHub, highlightjs-line-numbers), or one
row has a cell with all numbers and a cell with all lines (Pygments, Rouge, Hugo, SyntaxHighlighter).
"""

from __future__ import annotations

import re
from itertools import pairwise

from udfs.extract.web.blocks import Blocks

# the classes of cells whose white space is shown though they are not `pre`
_CODE_CELL = re.compile(
    r'class="(?:[^"]*\s)?(?:blob-code|js-file-line|hljs-ln-code|crayon-code|rouge-code|line_content|code)[\s"]'
)
# numbers of lines, and the signs of differences
_NUMBERS = re.compile(r"[\d\s+-]*")
_FEW = 1  # lines that have no number, or numbers without a line


def is_code_cell(attributes: str) -> bool:
    """Return whether the attributes of a cell say that its white space counts."""
    return "class=" in attributes and _CODE_CELL.search(attributes) is not None


def code_of_row(blocks: Blocks, cells: list[int], code_cells: set[int]) -> str | None:
    """Return the code in a row that has ended, or None if it is a row of something else.

    Parameters
    ----------
    cells
        The number of blocks before each cell.
    code_cells
        Which of them are cells of code by their class.
    """
    texts = [
        "\n".join(blocks.text[start:end]) for start, end in pairwise([*cells, len(blocks.text)])
    ]
    last = len(cells) - 1
    others = [text for index, text in enumerate(texts) if index != last and index not in code_cells]
    if not all(map(_NUMBERS.fullmatch, others)):
        return None
    if last not in code_cells:
        lines = texts[last].count("\n") + 1
        numbers = max((text.count("\n") + 1 for text in others), default=0)
        is_pre = len(blocks.text) - cells[last] == 1 and blocks.in_pre(-1)
        if code_cells or not is_pre or numbers < 2 or abs(lines - numbers) > _FEW:
            return None
    return "\t".join(
        text for index, text in enumerate(texts) if index == last or index in code_cells
    )
