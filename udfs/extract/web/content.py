"""Choose the blocks of a page that are its content."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.extract.web import features, model
from udfs.extract.web.arrays import Floats
from udfs.extract.web.blocks import Blocks
from udfs.extract.web.elements import KINDS
from udfs.extract.web.feature_names import NAMES

# Blocks whose probability is higher are content. The thresholds are those with the best F1 at the recall of
# resiliparse on annotated pages, trained on other sites. Prose, code and tables have lower ones: losing them
# costs more than a teaser does, and the annotated pages have few tables and hardly any code.
_THRESHOLD = 0.35
_THRESHOLD_OF_PROSE = 0.25
_THRESHOLD_OF_ROWS = 0.05
_FEW_LINKS = 0.5  # the largest share of links in a row and in a list
# content with less than this share of the page's prose is suspected to be a decoy
_SUSPECT_SHARE = 0.25
_LISTS = frozenset({"ul", "ol", "dl"})
_MAJORITY = 0.5
_PRE = KINDS.index("pre")
_WIDTH, _LINK_SHARE, _KIND, _INSIDE_TOP = (
    NAMES.index(name) for name in ("width", "link_share", "kind", "inside_top")
)


class Content(NamedTuple):
    """The content of a page.

    Attributes
    ----------
    chosen
        Whether each block is content.
    share
        The share of the page's text in them, by width; 0 for a page without text.
    second_try
        Whether the model found next to nothing. Then the page's prose was taken as well or, on a page
        without prose, what is most like content.
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
    width, links = np.expm1(matrix[_WIDTH]), matrix[_LINK_SHARE]
    prose = (width >= features.LONG) & (links < features.FEW_LINKS)
    rows = np.array(["\t" in text for text in blocks.text])
    rows &= (links < _FEW_LINKS) & (matrix[_INSIDE_TOP] > 0)
    chosen = (
        (probabilities > _THRESHOLD)
        | (prose & (probabilities > _THRESHOLD_OF_PROSE))
        | (rows & (probabilities > _THRESHOLD_OF_ROWS))
    )
    if chosen.any():
        chosen |= matrix[_KIND] == _PRE
        _complete_lists(blocks, chosen, links)
    second_try = False
    if width[chosen & prose].sum() < _SUSPECT_SHARE * width[prose].sum():
        second_try = bool((prose & ~chosen).any())
        chosen |= prose
    elif not chosen.any():
        second_try = True
        chosen = (links < features.FEW_LINKS) & (2 * probabilities >= probabilities.max())
    return Content(chosen, float(width[chosen].sum() / max(width.sum(), 1)), second_try)


def _complete_lists(blocks: Blocks, chosen: npt.NDArray[np.bool_], links: Floats) -> None:
    """Choose all items of a list of which half are chosen: a model sees the last ones as an end."""
    for element in blocks.elements:
        if element.name in _LISTS and element.end - element.first > 1:
            items = slice(element.first, element.end)
            number = np.count_nonzero(chosen[items])
            if number >= _MAJORITY * (element.end - element.first) and (
                links[items].mean() < _FEW_LINKS
            ):
                chosen[items] = True
