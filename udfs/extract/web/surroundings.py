"""What the elements around a block say: their class words, their kinds, and how much text is in them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.extract.web.arrays import Integers
from udfs.extract.web.blocks import Blocks, Elements
from udfs.extract.web.class_words import GROUPS
from udfs.extract.web.elements import BITS, KIND, STRUCTURE, evidence

# an element with more of the page's text is a wrapper of the page: its class words say nothing
WRAPPER = 0.7
# the containers of a block: the innermost elements with as many blocks
_SMALL, _LARGE = 3, 12
# siblings of the same kind with two blocks or more each, as teasers and posts are, from this many on
_REPEATED = 3
# what these elements say holds for a wrapper too
OF_WRAPPERS = sum(
    1 << STRUCTURE.index(name)
    for name in ("article", "main", "articleBody", "section", "form", "table")
)


_GROUPS = len(GROUPS)


class Surroundings(NamedTuple):
    """The surroundings of the blocks of a page: arrays with an item for each block.

    Attributes
    ----------
    path_words
        The class words of the elements around it, as bits, wrappers left out.
    own_words
        The words of the innermost of them and, as long as it has at most two blocks, of the next.
    path_structure
        The structure of the elements around it, as the words.
    kind
        The number of the kind of the innermost element that has one.
    depth
        The number of elements around it.
    small, large
        The innermost element with `_SMALL` blocks, and with `_LARGE`; 0, as below, if there is none.
    above
        The parent of `small`.
    unit, repeats
        The innermost element around it that has siblings like it, and the number of them.
    signature
        A number that is equal where the innermost element and its parent are of the same names, words and
        structure.
    """

    path_words: Integers
    own_words: Integers
    path_structure: Integers
    kind: Integers
    depth: Integers
    small: Integers
    large: Integers
    above: Integers
    unit: Integers
    repeats: Integers
    signature: Integers


class _Tags(NamedTuple):
    """The evidence of the tags of a page.

    Attributes
    ----------
    words, structure
        As bits.
    kind
        The number of its kind; -1 if it has none.
    key
        A number that is equal where name, words and structure are.
    """

    words: Integers
    structure: Integers
    kind: Integers
    key: Integers


def look_around(blocks: Blocks, shares: npt.NDArray[np.float64]) -> Surroundings:
    """Return what is around the blocks of a page.

    Parameters
    ----------
    blocks
        The page.
    shares
        Each element's share of the page's text.
    """
    tag, parent, first, end = blocks.elements.columns()
    number, size = np.arange(len(tag)), end - first
    # tags of elements without blocks, a third of all, are not read
    is_used = np.zeros(len(blocks.elements.tags), np.bool_)
    is_used[tag[size > 0]] = True
    tags = _read(blocks.elements, np.flatnonzero(is_used))
    tag = (np.cumsum(is_used) - 1).take(tag)
    words, key, kind = (column.take(tag) for column in (tags.words, tags.key, tags.kind))
    structure = tags.structure.take(tag)
    kind[0] = 0
    is_wrapper = shares >= WRAPPER
    path_words = np.where(is_wrapper, 0, words)
    structure = np.where(is_wrapper, structure & OF_WRAPPERS, structure)
    repeats = _repeats(parent, key, size)
    depth = np.minimum(number, 1)
    small, large, unit, of_kind = (
        np.where(is_one, number, parent)
        for is_one in (size >= _SMALL, size >= _LARGE, repeats > 0, kind >= 0)
    )
    # each knows of the elements around it as many as the loop has doubled; the root is its own parent
    outer, few = parent, np.where(size < _SMALL, parent, 0)
    while outer.any():
        path_words |= path_words.take(outer)
        structure |= structure.take(outer)
        depth += depth.take(outer)
        words |= words.take(few)
        outer, few = outer.take(outer), few.take(few)
        small, large = small.take(small), large.take(large)
        unit, of_kind = unit.take(unit), of_kind.take(of_kind)
    own = np.array(blocks.element)
    unit, small = unit.take(own), small.take(own)
    return Surroundings(
        path_words.take(own),
        words.take(own),
        structure.take(own),
        kind.take(of_kind.take(own)),
        depth.take(own),
        small,
        large.take(own),
        parent.take(small),
        unit,
        repeats.take(unit),
        _numbered(key.take(own) * len(tags.key) + key.take(parent.take(own))),
    )


def _read(elements: Elements, numbers: Integers) -> _Tags:
    """Return what the tags of some numbers say."""
    names, tags = elements.names, elements.tags
    name = np.array(elements.name_of_tag).take(numbers)
    words, structure = map(np.array, evidence([tags[number][1] for number in numbers.tolist()]))
    structure |= np.array([BITS.get(name, 0) for name in names]).take(name)
    return _Tags(
        words,
        structure,
        np.array([KIND.get(name, -1) for name in names]).take(name),
        _numbered(words | structure << _GROUPS | name << _GROUPS + len(STRUCTURE)),
    )


def _repeats(parent: Integers, key: Integers, size: Integers) -> Integers:
    """Return how many siblings of its kind each element has, itself included; 0 if few or small ones."""
    repeats = np.zeros(len(parent), np.int64)
    pairs = np.flatnonzero(size[1:] > 1) + 1
    if len(pairs):
        kin = _numbered(parent.take(pairs) * (key.max() + 1) + key.take(pairs))
        counts = np.bincount(kin).take(kin)
        repeats[pairs] = np.where(counts >= _REPEATED, counts, 0)
    return repeats


def _numbered(values: Integers) -> Integers:
    """Return a number for each value, less than their count, that is equal where they are."""
    # several times as fast as `numpy.unique` for a page
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values.tolist()])
