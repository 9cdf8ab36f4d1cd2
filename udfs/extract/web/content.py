"""Choose the blocks of a page that are its content."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.extract.web import features, model
from udfs.extract.web.arrays import Floats, Integers
from udfs.extract.web.blocks import Blocks, Elements
from udfs.extract.web.elements import KINDS
from udfs.extract.web.feature_names import NAMES

# Blocks whose probability is higher are content. The thresholds are those with the best F1 at the recall of
# resiliparse on annotated pages, trained on other sites. Prose, code and tables have lower ones: losing them
# costs more than a teaser does, and the annotated pages have few tables and hardly any code.
_THRESHOLD = 0.45
_THRESHOLD_OF_PROSE = 0.3
_THRESHOLD_OF_ROWS = 0.05
_THRESHOLD_OF_SIBLINGS = 0.15
_THRESHOLD_OF_LISTS = 0.1
_FEW_LINKS = 0.5  # the largest share of links in a row and in a list
# content with less than this share of the page's prose is suspected to be a decoy
_SUSPECT_SHARE = 0.25
_LISTS = frozenset({"ul", "ol", "dl"})
_MAJORITY = 0.5
_P, _PRE = KINDS.index("p"), KINDS.index("pre")
_WIDTH, _LINK_SHARE, _KIND, _INSIDE_TOP, _STOPS = (
    NAMES.index(name) for name in ("width", "link_share", "kind", "inside_top", "n_stops")
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
        sentences = (matrix[_KIND] == _P) & (matrix[_STOPS] > 0)
        sentences &= links < features.FEW_LINKS_IN_PARAGRAPHS
        around = _around(blocks.elements)
        around_block = around[blocks.element]
        has_prose = np.zeros(len(around), np.bool_)
        has_prose[around_block[chosen & sentences & (width >= features.LONG)]] = True
        likely = probabilities > _THRESHOLD_OF_SIBLINGS
        chosen |= sentences & has_prose[around_block] & likely
        _complete_lists(blocks, chosen, links, probabilities, has_prose[around])
    second_try = False
    if width[chosen & prose].sum() < _SUSPECT_SHARE * width[prose].sum():
        second_try = bool((prose & ~chosen).any())
        chosen |= prose
    elif not chosen.any():
        second_try = True
        chosen = (links < features.FEW_LINKS) & (2 * probabilities >= probabilities.max())
    whole = width.sum() + blocks.site_text
    return Content(chosen, float(width[chosen].sum() / max(whole, 1)), second_try)


def _around(elements: Elements) -> Integers:
    """Return the element around each element; a quotation is a part of the text around it."""
    tag, parent = np.array(elements.tag), np.array(elements.parent)
    is_quotation = np.array([name == "blockquote" for name, _ in elements.tags])
    return np.where(is_quotation[tag[parent]], parent[parent], parent)


def _complete_lists(
    blocks: Blocks,
    chosen: npt.NDArray[np.bool_],
    links: Floats,
    probabilities: Floats,
    beside_prose: npt.NDArray[np.bool_],
) -> None:
    """Choose all items of a list of which half are chosen: a model sees the last ones as an end.

    And of a list beside prose that is chosen, if they are not unlikely; `beside_prose` has an item an
    element.
    """
    elements = blocks.elements
    is_list = np.array([name in _LISTS for name, _ in elements.tags])
    if not is_list.any():
        return
    lists = np.flatnonzero(is_list.take(elements.tag))
    first, end = np.array(elements.first)[lists], np.array(elements.end)[lists]
    sums = np.zeros((3, len(chosen) + 1))  # of the blocks before each and of all
    np.cumsum((chosen, links, probabilities), axis=1, out=sums[:, 1:])
    taken, linked, likely = sums[:, end] - sums[:, first]
    size = end - first
    beside = beside_prose[lists] & (likely > _THRESHOLD_OF_LISTS * size)
    completes = (taken >= _MAJORITY * size) | beside
    completes &= (linked < _FEW_LINKS * size) & (taken < size)
    for number in np.flatnonzero(completes).tolist():
        chosen[first[number] : end[number]] = True
