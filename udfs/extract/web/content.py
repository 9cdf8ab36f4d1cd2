"""Choose the blocks of a page that are its content."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.extract.web import features, model
from udfs.extract.web.blocks import Blocks

# blocks whose probability is higher are content
THRESHOLD = 0.32
# content with less than this share of the page's prose is suspected to be a decoy
_SUSPECT_SHARE = 0.25
_PROSE_ROW, _LINK_ROW = features.NAMES.index("page_prose"), features.NAMES.index("link_share")
_WIDTH_ROW = features.NAMES.index("width")


class Content(NamedTuple):
    """The content of a page.

    Attributes
    ----------
    chosen
        Whether each block is content.
    share
        The share of the page's text in them, by width; 0 for a page without text.
    second_try
        Whether the model found next to nothing and the page's prose was taken instead.
    """

    chosen: npt.NDArray[np.bool_]
    share: float
    second_try: bool


def choose(blocks: Blocks) -> Content:
    """Return which blocks are content."""
    if not blocks.text:
        return Content(np.zeros(0, np.bool_), 0.0, False)
    matrix = features.measure(blocks)
    probabilities = model.probabilities(matrix)
    width = np.expm1(matrix[_WIDTH_ROW])
    chosen = probabilities > THRESHOLD
    prose = (width >= features.LONG) & (matrix[_LINK_ROW] < features.FEW_LINKS)
    second_try = False
    if width[chosen & prose].sum() < _SUSPECT_SHARE * width[prose].sum():
        second = chosen | prose
        second_try = bool((second != chosen).any())
        chosen = second
    return Content(chosen, float(width[chosen].sum() / max(width.sum(), 1)), second_try)
