"""Measure the blocks of a page: a row of numbers for each feature, a column for each block."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from udfs.extract.web import characters
from udfs.extract.web.blocks import Blocks
from udfs.extract.web.characters import Counted
from udfs.extract.web.class_words import GROUPS
from udfs.extract.web.elements import KINDS, STRUCTURE, evidence
from udfs.extract.web.feature_names import NAMES, NEIGHBOUR, REACHES, SHIFTS
from udfs.extract.web.surroundings import OF_WRAPPERS, WRAPPER, Surroundings

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# a block of this width and with a smaller share of links is prose
LONG = 100
FEW_LINKS = 0.3
FEW_LINKS_IN_PARAGRAPHS = 0.8
# a CJK character says about as much as three letters
_LETTERS_PER_WIDE = 3
_MAX_COUNT = 20
_FAR = 30  # blocks
# how the first words of another page end
_CUT = ("…", "...", "…]", "...]", "…)", "…»")
_WORD_BITS = np.arange(len(GROUPS))[:, None]
_STRUCTURE_BITS = np.arange(len(STRUCTURE))[:, None]
# the rows of words and structure that say nothing where they are around most of the page's prose
_REMOVABLE = np.array(
    [*[True] * 2 * len(GROUPS), *[not OF_WRAPPERS >> bit & 1 for bit in range(len(STRUCTURE))]]
)
_H1 = KINDS.index("h1")
# sums over ranges of blocks
_WIDTH, _LINK, _PROSE, _LONG_BLOCKS, _BLOCKS = range(5)


def measure(blocks: Blocks) -> Floats:
    """Return the features of a page's blocks, an array of (features, blocks) in the order of `NAMES`.

    The page has one block or more.
    """
    return _Page(blocks).features()


class _Page:
    """What several features are made from; arrays have an item a block unless their comment says else."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        n = self.n = len(blocks.text)
        self.index = np.arange(n)
        text = self.text = Counted(blocks.text)
        self.width = text.length + (_LETTERS_PER_WIDE - 1) * text.counts[characters.WIDE]
        self.log_width = np.log1p(self.width)
        self.words = text.counts[characters.SPACE] + 1 + text.counts[characters.WIDE] / 2
        self.stops = text.counts[characters.STOP] / self.words
        link = np.minimum(np.array(blocks.link_length, np.float64), text.length)
        self.link_share = link / text.length
        # paragraphs of encyclopedias have many links
        is_paragraph = np.array([blocks.elements[number].name == "p" for number in blocks.element])
        is_paragraph &= text.counts[characters.STOP] > 0
        few = np.where(is_paragraph, FEW_LINKS_IN_PARAGRAPHS, FEW_LINKS)
        self.is_long = (self.width >= LONG) & (self.link_share < few)
        self.prose = self.width * self.is_long
        self.cut = np.array([line.endswith(_CUT) for line in blocks.text])
        parts = np.stack((self.width, link, self.prose, self.is_long, np.ones(n)))
        self.sums = np.zeros((len(parts), n + 1))  # of the blocks before each and of all
        np.cumsum(parts, axis=1, out=self.sums[:, 1:])
        self.total = max(self.sums[_WIDTH, -1], 1.0)
        self.total_prose = max(self.sums[_PROSE, -1], 1.0)

        self.first = np.array([element.first for element in blocks.elements], np.int64)
        self.end = np.array([element.end for element in blocks.elements], np.int64)
        of_element = self.sums[:, self.end] - self.sums[:, self.first]
        per_block = np.maximum(of_element[_BLOCKS], 1)
        prose_share = of_element[_PROSE] / self.total_prose
        self.container = np.stack(  # an item an element
            (
                prose_share,
                of_element[_LINK] / np.maximum(of_element[_WIDTH], 1),
                np.log1p(of_element[_WIDTH] / per_block),
                np.log1p(of_element[_BLOCKS]),
                of_element[_LONG_BLOCKS] / per_block,
            )
        )
        share = (of_element[_WIDTH] / self.total).tolist()
        around = self.around = Surroundings(blocks, share, prose_share.tolist())
        self.kind, self.depth, self.small, self.large, self.above, self.unit, *self.bits = np.array(
            [
                [values[element] for element in blocks.element]
                for values in (
                    *(around.kind, around.depth, around.small, around.large, around.above),
                    *(around.unit, around.path_words, around.own_words, around.path_structure),
                )
            ],
            np.int64,
        )
        self.signature = np.array(around.signatures, np.int64)

    def features(self) -> Floats:
        out = np.empty((len(NAMES), self.n), np.float32)
        at = 0
        for rows in (
            *(self._of_text(), self._of_place(), self._of_containers(), self._of_signatures()),
            *(self._of_neighbours(), self._of_windows(), self._of_page(), self._of_words()),
        ):
            for row in rows:
                out[at] = row
                at += 1
        return out

    def _of_text(self) -> tuple[npt.ArrayLike, ...]:
        blocks, text, words = self.blocks, self.text, self.words
        counts = text.counts
        copies: dict[str, int] = {}
        for line in blocks.text:
            copies[line] = copies.get(line, 0) + 1
        return (
            self.log_width,
            self.link_share,
            np.minimum(blocks.links, _MAX_COUNT),
            self.stops,
            np.minimum(counts[characters.STOP], _MAX_COUNT),
            counts[characters.COMMA] / words,
            np.minimum(counts[characters.DIGIT], _MAX_COUNT),
            counts[characters.UPPER] / words,
            counts[characters.SIGN] / words,
            np.minimum(counts[characters.SIGN], _MAX_COUNT),
            counts[characters.QUOTE] / words,
            counts[characters.WIDE] / text.length,
            counts[characters.COPYRIGHT],
            text.first,
            text.last,
            [copies[line] for line in blocks.text],
            [line.count("\n") for line in blocks.text],
            [marker != "" for marker in blocks.marker],
            self.kind,
            self.cut,
        )

    def _of_place(self) -> tuple[npt.ArrayLike, ...]:
        index, n, small = self.index, self.n, self.small
        before, after = _nearest(self.is_long, index)
        headlines = np.flatnonzero(self.kind == _H1)
        h1 = headlines[np.argmax(self.width[headlines])] if len(headlines) else None
        top = self.around.top
        first, end = self.first[top], self.end[top]
        return (
            self.depth,
            self.sums[_WIDTH, :-1] / self.total,
            self.sums[_PROSE, :-1] / self.total_prose,
            -99 if h1 is None else np.clip(index - h1, -99, 200),
            (index >= first) & (index < end),
            np.clip(index - first, -50, 200),
            np.clip(end - index, -50, 200),
            np.where(before >= 0, np.minimum(index - before, _FAR), _FAR),
            np.where(after < n, np.minimum(after - index, _FAR), _FAR),
            (small[before] == small) & (before >= 0),
            (small[np.minimum(after, n - 1)] == small) & (after < n),
        )

    def _of_containers(self) -> Doubles:
        unit = self.unit
        repeats = np.log1p(np.array(self.around.repeats, np.float64)[unit])
        rows = [self.container[:, elements] for elements in (self.small, self.large, self.above)]
        return np.vstack((*rows, repeats, self.container[3, unit], self.container[1, unit]))

    def _of_signatures(self) -> Doubles:
        size = np.bincount(self.signature)
        width, link, long, cut = (
            np.bincount(self.signature, values)
            for values in (self.width, self.link_share * self.text.length, self.is_long, self.cut)
        )
        table = np.stack(
            (
                *(np.log1p(size), width / self.total, np.log1p(width / size)),
                *(link / np.maximum(width, 1), long / size, cut / size),
            )
        )
        return table[:, self.signature]

    def _of_neighbours(self) -> list[npt.ArrayLike]:
        n, reach = self.n, max(SHIFTS)
        padded = np.zeros((len(NEIGHBOUR), n + 2 * reach))
        numbered = (self.kind + 1, self.signature + 1, self.small + 1)
        padded[:, reach : n + reach] = (self.log_width, self.link_share, self.stops, *numbered)
        rows: list[npt.ArrayLike] = []
        for by in SHIFTS:
            shifted = padded[:, reach + by : n + reach + by]
            rows += [*shifted[:4], *(shifted[4:] == padded[4:, reach : n + reach])]
        return rows

    def _of_windows(self) -> list[npt.ArrayLike]:
        rows: list[npt.ArrayLike] = []
        for reach in REACHES:
            low, high = (
                np.maximum(self.index - reach, 0),
                np.minimum(self.index + reach + 1, self.n),
            )
            window = self.sums[:, high] - self.sums[:, low]
            rows.append(np.log1p(window[_PROSE] / window[_BLOCKS]))
            rows.append(window[_LINK] / np.maximum(window[_WIDTH], 1))
        return rows

    def _of_page(self) -> tuple[npt.ArrayLike, ...]:
        totals = self.sums[:, -1]
        return (
            np.log1p(self.total),
            np.log1p(self.n),
            totals[_PROSE] / self.total,
            totals[_LINK] / self.total,
            np.log1p(totals[_LONG_BLOCKS]),
            self.text.counts[characters.WIDE].sum() / self.text.length.sum(),
            min(self.around.articles, _MAX_COUNT),
            self.container[0, self.around.top],
        )

    def _of_words(self) -> Integers:
        inline = [
            evidence(attributes)[0] if attributes and width < 1.5 * LONG else 0
            for attributes, width in zip(self.blocks.inline, self.width.tolist(), strict=True)
        ]
        path_words, own_words, path_structure = self.bits
        path_words |= inline
        own_words |= inline
        rows: Integers = np.concatenate(
            (path_words >> _WORD_BITS, own_words >> _WORD_BITS, path_structure >> _STRUCTURE_BITS)
        )
        rows &= 1
        # what is around most of the page's prose tells nothing apart, as with one wrapper
        rows[(rows.astype(np.float64) @ self.prose >= WRAPPER * self.total_prose) & _REMOVABLE] = 0
        return rows


def _nearest(is_long: npt.NDArray[np.bool_], index: Integers) -> tuple[Integers, Integers]:
    """Return the nearest prose before each block, or -1, and after it, or the number of blocks."""
    n = len(index)
    before, after = np.full(n, -1), np.full(n, n)
    np.maximum.accumulate(np.where(is_long, index, -1)[:-1], out=before[1:])
    after[:-1] = np.minimum.accumulate(np.where(is_long, index, n)[:0:-1])[::-1]
    return before, after
