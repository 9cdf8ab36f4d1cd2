"""Choose the blocks of a page that are its content."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.extract.web import features, model, slots
from udfs.extract.web.arrays import Floats, Integers
from udfs.extract.web.blocks import Blocks, Elements
from udfs.extract.web.characters import STOP
from udfs.extract.web.elements import KINDS
from udfs.extract.web.feature_names import NAMES

# Blocks whose probability is higher are content. The thresholds are those with the best F1 at the recall of
# resiliparse on annotated pages, trained on other sites. Prose, code and tables have lower ones: losing them
# costs more than a teaser does, and the annotated pages have few tables and hardly any code.
_THRESHOLD = 0.5
_THRESHOLD_OF_PROSE = 0.35
_THRESHOLD_OF_ROWS = 0.05
_THRESHOLD_OF_SIBLINGS = 0.15
_THRESHOLD_OF_LISTS = 0.1
_THRESHOLD_OF_SENTENCES = 0.03
_THRESHOLD_OF_HEADINGS = 0.1
_FEW_LINKS = 0.5  # the largest share of links in a row and in a list
# content with less than this share of the page's prose is suspected to be a decoy
_SUSPECT_SHARE = 0.25
_WHOLES = frozenset({"ul", "ol", "dl", "menu", "blockquote"})
_MAJORITY, _NEARLY_ALL = 0.5, 0.8
_P, _H2, _H6, _PRE = (KINDS.index(name) for name in ("p", "h2", "h6", "pre"))
_WIDTH, _LINK_SHARE, _ENDS, _KIND, _INSIDE_TOP, _STOPS, _REPEATS = (
    NAMES.index(name)
    for name in ("width", "link_share", "ends", "kind", "inside_top", "n_stops", "unit_repeats")
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
    chosen = (probabilities > _THRESHOLD) | (prose & (probabilities > _THRESHOLD_OF_PROSE))
    if "tr" in blocks.elements.names:
        rows = np.array(["\t" in text for text in blocks.text])
        rows &= (links < _FEW_LINKS) & (matrix[_INSIDE_TOP] > 0)
        chosen |= rows & (probabilities > _THRESHOLD_OF_ROWS)
    if chosen.any():
        _complete(blocks, chosen, matrix, probabilities)
    second_try = False
    if width[chosen & prose].sum() < _SUSPECT_SHARE * width[prose].sum():
        second_try = bool((prose & ~chosen).any())
        chosen |= prose
    elif not chosen.any():
        second_try = True
        chosen = (links < features.FEW_LINKS) & (2 * probabilities >= probabilities.max())
    whole = width.sum() + blocks.site_text
    return Content(chosen, float(width[chosen].sum() / max(whole, 1)), second_try)


def _complete(
    blocks: Blocks, chosen: npt.NDArray[np.bool_], matrix: Floats, probabilities: Floats
) -> None:
    """Choose what belongs to the content by its place: code, sentences, headings, lists, posts."""
    width, links, kind = np.expm1(matrix[_WIDTH]), matrix[_LINK_SHARE], matrix[_KIND]
    chosen |= kind == _PRE
    sentences = (kind == _P) & (matrix[_STOPS] > 0) & (links < features.FEW_LINKS_IN_PARAGRAPHS)
    around = _around(blocks.elements)
    around_block = around.take(blocks.element)
    has_prose = np.zeros(len(around), np.bool_)
    has_prose[around_block[chosen & sentences & (width >= features.LONG)]] = True
    beside_prose = has_prose.take(around_block)
    chosen |= sentences & beside_prose & (probabilities > _THRESHOLD_OF_SIBLINGS)
    headings = beside_prose & (kind >= _H2) & (kind <= _H6)
    headings &= probabilities > _THRESHOLD_OF_HEADINGS
    headings[-1] = False  # a heading is of the block after it
    headings[:-1] &= chosen[1:] & (around_block[1:] == around_block[:-1])
    chosen |= headings
    _complete_lists(blocks, chosen, matrix, probabilities, has_prose.take(around))
    repeats = matrix[_REPEATS] > 0
    prose = (width >= features.LONG) & (links < features.FEW_LINKS)
    slots.add_prose(chosen, prose, repeats, matrix)
    slots.complete(blocks, chosen, repeats, width, links)


def _around(elements: Elements) -> Integers:
    """Return the element around each element; a quotation is a part of the text around it."""
    parent = elements.columns().parent
    if "blockquote" not in elements.names:
        return parent
    return np.where(elements.are_named({"blockquote"}).take(parent), parent.take(parent), parent)


def _complete_lists(
    blocks: Blocks,
    chosen: npt.NDArray[np.bool_],
    matrix: Floats,
    probabilities: Floats,
    beside_prose: npt.NDArray[np.bool_],
) -> None:
    """Choose all of a list or a quotation of which half is chosen: a model sees the last blocks as an end.

    And of one beside prose that is chosen, if it is not unlikely, and of one that consists of sentences:
    menus have none. `beside_prose` has an item an element.
    """
    elements = blocks.elements
    if elements.names.keys().isdisjoint(_WHOLES):
        return
    lists = np.flatnonzero(elements.are_named(_WHOLES))
    first, end = (column.take(lists) for column in elements.columns()[2:])
    sentences = (matrix[_ENDS] == STOP) & (matrix[_LINK_SHARE] < features.FEW_LINKS)
    of_blocks = np.array((chosen, matrix[_LINK_SHARE], probabilities, sentences))
    sums = np.zeros((len(of_blocks), len(chosen) + 1))  # of the blocks before each and of all
    np.add.accumulate(of_blocks, axis=1, out=sums[:, 1:])
    taken, linked, likely, full = sums[:, end] - sums[:, first]
    size = end - first
    completes = (taken >= _MAJORITY * size) | (
        beside_prose[lists] & (likely > _THRESHOLD_OF_LISTS * size)
    )
    completes |= (full >= _NEARLY_ALL * size) & (likely > _THRESHOLD_OF_SENTENCES * size)
    completes &= (linked < _FEW_LINKS * size) & (taken < size)
    for number in np.flatnonzero(completes).tolist():
        chosen[first[number] : end[number]] = True
