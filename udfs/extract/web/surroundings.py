"""What the elements around a block say: their class words, their kinds, and how much text is in them."""

from __future__ import annotations

from collections.abc import Sequence

from udfs.extract.web.blocks import Blocks, Element
from udfs.extract.web.elements import BITS, KIND, STRUCTURE, evidence

# an element with more of the page's text is a wrapper of the page: its class words say nothing
WRAPPER = 0.7
# the containers of a block: the innermost elements with as many blocks
_SMALL, _LARGE = 3, 12
# siblings of the same kind with two blocks or more each, as teasers and posts are, from this many on
_REPEATED = 3
_MOST_PROSE = 0.6
# what these elements say holds for a wrapper too
OF_WRAPPERS = sum(
    1 << STRUCTURE.index(name)
    for name in ("article", "main", "articleBody", "section", "form", "table")
)

Holders = list[
    tuple[int, Element]
]  # the elements that have blocks but the body, with their numbers


class Surroundings:
    """The surroundings of each element that has blocks; what others have is not filled in.

    Parameters
    ----------
    blocks
        The page.
    share, prose
        The share of the page's text and of its prose in each element.

    Attributes
    ----------
    path_words, path_structure
        What the class words and the structure of the elements from the body down to this one say, as bits,
        wrappers left out.
    own_words
        The same of this element alone, and of its parent if it has at most two blocks.
    kind
        The number of its kind, or of the next one's above that has one.
    depth
        The number of elements around it.
    small, above, large
        The innermost element with `_SMALL` blocks, that one's parent, and that with `_LARGE`.
    unit, repeats
        The innermost element that has siblings like it, and the number of siblings of the same kind.
    top
        The innermost element with most of the page's prose.
    articles
        The number of `article` elements.
    signatures
        For each block the number of the kind of its element and its parent, in the order of appearance.
    """

    def __init__(self, blocks: Blocks, share: Sequence[float], prose: Sequence[float]) -> None:
        number = len(blocks.elements)
        self.path_words, self.path_structure, self.own_words, self.kind = (
            [0] * number for _ in range(4)
        )
        self.depth, self.small, self.above, self.large = ([0] * number for _ in range(4))
        self.unit, self.repeats = [0] * number, [0] * number
        self.top = self.articles = 0
        self._keys = [0] * number  # equal where name, words and structure are
        holders = [
            (number, element)
            for number, element in enumerate(blocks.elements)
            if number and element.end > element.first
        ]
        self._walk(holders, share, prose)
        self._find_units(holders)
        pairs: dict[tuple[int, int], int] = {}
        keys, elements = self._keys, blocks.elements
        self.signatures = [
            pairs.setdefault((keys[number], keys[max(elements[number].parent, 0)]), len(pairs))
            for number in blocks.element
        ]

    def _walk(self, holders: Holders, share: Sequence[float], prose: Sequence[float]) -> None:
        path_words, own_words, path_structure = self.path_words, self.own_words, self.path_structure
        small, above, large = self.small, self.above, self.large
        read: dict[tuple[str, str], tuple[int, int, int, int]] = {}
        keys: dict[tuple[str, int, int], int] = {}
        for number, element in holders:
            parent = element.parent
            tag = (element.name, element.attributes)
            if tag not in read:
                words, structure = evidence(element.attributes) if element.attributes else (0, 0)
                structure |= BITS.get(element.name, 0)
                key = keys.setdefault((element.name, words, structure), len(keys) + 1)
                read[tag] = (words, structure, KIND.get(element.name, -1), key)
            words, structure, kind, self._keys[number] = read[tag]
            self.kind[number] = self.kind[parent] if kind < 0 else kind
            if share[number] < WRAPPER:
                path_words[number] = path_words[parent] | words
                path_structure[number] = path_structure[parent] | structure
            else:
                path_words[number] = path_words[parent]
                path_structure[number] = path_structure[parent] | structure & OF_WRAPPERS
            self.depth[number] = self.depth[parent] + 1
            size = element.end - element.first
            own_words[number] = words | own_words[parent] if size <= 2 else words
            if size >= _SMALL:
                small[number], above[number] = number, parent
                large[number] = number if size >= _LARGE else large[parent]
            else:
                small[number], above[number] = small[parent], above[parent]
                large[number] = large[parent]
            if prose[number] >= _MOST_PROSE:
                self.top = number
            self.articles += element.name == "article"

    def _find_units(self, holders: Holders) -> None:
        siblings: dict[tuple[int, int], int] = {}
        keys, repeats, unit = self._keys, self.repeats, self.unit
        for number, element in holders:
            if element.end - element.first >= 2:
                pair = (element.parent, keys[number])
                siblings[pair] = siblings.get(pair, 0) + 1
        for number, element in holders:
            if element.end - element.first >= 2:
                repeats[number] = siblings[element.parent, keys[number]]
            unit[number] = number if repeats[number] >= _REPEATED else unit[element.parent]
