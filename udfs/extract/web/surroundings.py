"""What the elements around a block say: their class words, their kinds, and how much text is in them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from udfs.extract.web.blocks import Blocks
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
        self._keys: list[Hashable] = [None] * number
        self._walk(blocks, share, prose)
        self._find_units(blocks)
        numbers: dict[Hashable, int] = {}
        self.signatures = [
            numbers.setdefault(
                (self._keys[element], self._keys[max(blocks.elements[element].parent, 0)]),
                len(numbers),
            )
            for element in blocks.element
        ]

    def _walk(self, blocks: Blocks, share: Sequence[float], prose: Sequence[float]) -> None:
        path_words, path_structure, own_words = (
            self.path_words,
            self.path_structure,
            self.own_words,
        )
        kind, depth, small, above, large, keys = (
            self.kind,
            self.depth,
            self.small,
            self.above,
            self.large,
            self._keys,
        )
        for number, element in enumerate(blocks.elements):
            size = element.end - element.first
            if not size or not number:
                continue
            parent, name = element.parent, element.name
            words, structure = evidence(element.attributes) if element.attributes else (0, 0)
            structure |= BITS.get(name, 0)
            keys[number] = (name, words, structure)
            own_kind = KIND.get(name, -1)
            kind[number] = kind[parent] if own_kind < 0 else own_kind
            is_wrapper = share[number] >= WRAPPER
            path_words[number] = path_words[parent] | (0 if is_wrapper else words)
            path_structure[number] = path_structure[parent] | (
                structure & OF_WRAPPERS if is_wrapper else structure
            )
            own_words[number] = words | own_words[parent] if size <= 2 else words
            depth[number] = depth[parent] + 1
            if size >= _SMALL:
                small[number], above[number] = number, parent
                large[number] = number if size >= _LARGE else large[parent]
            else:
                small[number], above[number], large[number] = (
                    small[parent],
                    above[parent],
                    large[parent],
                )
            if prose[number] >= _MOST_PROSE:
                self.top = number
            self.articles += name == "article"

    def _find_units(self, blocks: Blocks) -> None:
        siblings: dict[Hashable, int] = {}
        for number, element in enumerate(blocks.elements):
            if element.end - element.first >= 2:
                key = (element.parent, self._keys[number])
                siblings[key] = siblings.get(key, 0) + 1
        for number, element in enumerate(blocks.elements):
            size = element.end - element.first
            if not size or not number:
                continue
            count = siblings[(element.parent, self._keys[number])] if size >= 2 else 0
            self.repeats[number] = count
            self.unit[number] = number if count >= _REPEATED else self.unit[element.parent]
