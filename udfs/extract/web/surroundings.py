"""What the elements around a block say: their class words, their kinds, and how much text is in them."""

from __future__ import annotations

from collections.abc import Sequence

from udfs.extract.web.blocks import Blocks
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

# what is around the blocks of an element, in the order of the list at `Surroundings.around`
_Around = tuple[int, ...]
_NOTHING: _Around = (0,) * 11
_PAIR, _KEYS = 8, slice(9, 11)


class Surroundings:
    """The surroundings of the blocks of a page.

    Parameters
    ----------
    blocks
        The page.
    sizes, shares
        The number of blocks in each element, and its share of the page's text.

    Attributes
    ----------
    around
        For each block and the innermost element around it:

        - the class words of the elements from the body down to this one, as bits, wrappers left out;
        - the words of this element alone, and of its parent if it has at most two blocks;
        - the structure of the elements from the body down to this one, as the words;
        - the number of its kind, or of the next one's above that has one;
        - the number of elements around it;
        - the innermost element with `_SMALL` blocks, that one's parent, and that with `_LARGE`;
        - the innermost element with two blocks;
        - two numbers, its own and its parent's, that are equal where name, words and structure are.
    units
        For each block the innermost element around it that has siblings like it, and the number of siblings
        of the same kind; zeros if there is none.
    signatures
        For each block the number of the kind of its element and its parent, in the order of appearance.
    articles
        The number of `article` elements.
    """

    def __init__(self, blocks: Blocks, sizes: Sequence[int], shares: Sequence[float]) -> None:
        self.articles = 0
        # the elements with two blocks or more, with their parents and keys
        self._pairs: list[tuple[int, tuple[int, int]]] = []
        around = self._walk(blocks, sizes, shares)
        self.around = [around[number] for number in blocks.element]
        numbers: dict[_Around, int] = {}
        self.signatures = [
            numbers.setdefault(of_block[_KEYS], len(numbers)) for of_block in self.around
        ]
        units = self._find_units()
        self.units = [units[of_block[_PAIR]] for of_block in self.around]

    def _walk(self, blocks: Blocks, sizes: Sequence[int], shares: Sequence[float]) -> list[_Around]:
        """Return what is around the blocks of each element; of elements without blocks nothing."""
        read: dict[tuple[str, str], tuple[int, int, int, int]] = {}
        keys: dict[tuple[str, int, int], int] = {}
        result = [_NOTHING]
        elements = zip(blocks.elements, sizes, shares, strict=True)
        next(elements)
        # one loop without calls: a page has several times as many elements as blocks
        for number, (element, size, share) in enumerate(elements, 1):
            if size <= 0:
                result.append(_NOTHING)
                continue
            name, parent = element.name, element.parent
            tag = (name, element.attributes)
            if tag not in read:
                own, bits = evidence(element.attributes) if element.attributes else (0, 0)
                bits |= BITS.get(name, 0)
                key = keys.setdefault((name, own, bits), len(keys) + 1)
                read[tag] = (own, bits, KIND.get(name, -1), key)
            own, bits, kind, key = read[tag]
            above = result[parent]
            (
                words,
                own_above,
                structure,
                kind_above,
                depth,
                small,
                outer,
                large,
                pair,
                key_above,
                _,
            ) = above
            if share < WRAPPER:
                words |= own
                structure |= bits
            else:
                structure |= bits & OF_WRAPPERS
            if kind < 0:
                kind = kind_above
                if name == "article":
                    self.articles += 1
            if size == 1:
                own |= own_above
            else:
                pair = number
                self._pairs.append((number, (parent, key)))
                if size == 2:
                    own |= own_above
                else:
                    small, outer = number, parent
                    if size >= _LARGE:
                        large = number
            result.append(
                (words, own, structure, kind, depth + 1, small, outer, large, pair, key, key_above)
            )
        return result

    def _find_units(self) -> dict[int, tuple[int, int]]:
        """Return the unit of each element with two blocks or more, and how often it is repeated."""
        repeats: dict[tuple[int, int], int] = {}
        for _, kin in self._pairs:
            repeats[kin] = repeats.get(kin, 0) + 1
        units = {0: (0, 0)}
        for number, kin in self._pairs:
            repeated = repeats[kin]
            units[number] = (
                (number, repeated) if repeated >= _REPEATED else units.get(kin[0], (0, 0))
            )
        return units
