"""Choose what repeats on a page: all posts of a thread, not only long ones; all entries of a reference."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from udfs.extract.web.arrays import Floats
from udfs.extract.web.blocks import Blocks, Elements
from udfs.extract.web.elements import evidence
from udfs.extract.web.feature_names import NAMES

# a page is a thread or the like if so much of what is chosen is in elements that repeat
_SHARE_OF_PAGE = 0.5
# a place in them is content if so much of the text in it is chosen
_SHARE_OF_PLACE = 0.3
_FEWEST = 3  # blocks in a place
_LONG = 100  # a place of messages has one of this width, chosen
_FEW_LINKS = 0.5
# of a page with less of its prose chosen, what repeats is in doubt: entries of a reference are like comments
_SHARE_OF_PROSE = 0.5
_GROUPS_AGAINST = (
    *("comment", "forum", "related", "sidebar", "footer", "nav", "tags", "ad", "share"),
    *("subscribe", "cookie", "popup", "form"),
)
_ELEMENTS_AGAINST = ("aside", "footer", "header", "nav", "form", "dialog", "hidden", "aria-hidden")
_AGAINST = np.array(
    [
        NAMES.index(name)
        for name in (
            "cut",
            *(f"path_{group}" for group in _GROUPS_AGAINST),
            *(f"own_{group}" for group in _GROUPS_AGAINST),
            *(f"in_{element}" for element in _ELEMENTS_AGAINST),
        )
    ]
)
_WIDTH = NAMES.index("width")

# name and class words of an element and of its parent
_Place = tuple[tuple[str, int], tuple[str, int]]


def add_prose(
    chosen: npt.NDArray[np.bool_],
    prose: npt.NDArray[np.bool_],
    repeats: npt.NDArray[np.bool_],
    matrix: Floats,
) -> None:
    """Choose the prose of elements that repeat if little is chosen and no name speaks against it.

    Parameters
    ----------
    chosen
        (blocks): whether each is chosen; changed.
    prose, repeats
        (blocks): whether each is prose, and in an element that has siblings like it.
    matrix
        The features of the blocks.
    """
    more = prose & repeats & ~chosen
    if more.any():
        width = np.expm1(matrix[_WIDTH])
        if width[prose & chosen].sum() < _SHARE_OF_PROSE * width[prose].sum():
            chosen |= more & ~matrix[_AGAINST].any(axis=0)


def complete(
    blocks: Blocks,
    chosen: npt.NDArray[np.bool_],
    repeats: npt.NDArray[np.bool_],
    width: Floats,
    links: Floats,
) -> None:
    """Choose all blocks in the places of elements that repeat where enough of the text is chosen.

    Parameters
    ----------
    blocks
        The page.
    chosen
        (blocks): whether each is chosen; changed.
    repeats
        (blocks): whether each is in an element that has siblings like it.
    width, links
        (blocks): the width of each, and the share of it in links.
    """
    if width[chosen & repeats].sum() < _SHARE_OF_PAGE * width[chosen].sum():
        return
    places: dict[_Place, list[int]] = {}
    said: dict[int, tuple[str, int]] = {}
    elements = blocks.elements
    for number in np.flatnonzero(repeats & (links < _FEW_LINKS)).tolist():
        element = blocks.element[number]
        place = _kind(elements, element, said), _kind(elements, elements.parent[element], said)
        places.setdefault(place, []).append(number)
    for numbers in places.values():
        if len(numbers) < _FEWEST:
            continue
        taken = width[numbers] * chosen[numbers]
        if taken.max() >= _LONG and taken.sum() >= _SHARE_OF_PLACE * width[numbers].sum():
            chosen[numbers] = True


def _kind(elements: Elements, number: int, known: dict[int, tuple[str, int]]) -> tuple[str, int]:
    """Return an element's name and class words; `known` has those of tags that were asked for."""
    tag = elements.tag[number]
    if tag not in known:
        name, attributes = elements.tags[tag]
        known[tag] = name, evidence([attributes])[0][0]
    return known[tag]
