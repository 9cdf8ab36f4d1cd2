"""Measure the blocks of a page: a row of numbers for each feature, a column for each block."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from udfs.extract.web import characters
from udfs.extract.web.arrays import Floats, bits, clipped, nearest
from udfs.extract.web.blocks import Blocks
from udfs.extract.web.characters import Counted
from udfs.extract.web.class_words import GROUPS
from udfs.extract.web.elements import KINDS, STRUCTURE, evidence
from udfs.extract.web.feature_names import NAMES, NEIGHBOUR, REACHES, SHIFTS
from udfs.extract.web.surroundings import OF_WRAPPERS, WRAPPER, look_around

Doubles = npt.NDArray[np.float64]

# a block of this width and with a smaller share of links is prose
LONG = 100
FEW_LINKS = 0.3
FEW_LINKS_IN_PARAGRAPHS = 0.8
# a CJK character says about as much as three letters
_LETTERS_PER_WIDE = 3
_MAX_COUNT = 20
_FAR = 30  # blocks
_MOST_PROSE = 0.6
# how the first words of another page end
_CUT = ("…", "...", "…]", "...]", "…)", "…»")
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
    """The columns of several features; arrays have an item a block unless their comment says else."""

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
        is_paragraph = blocks.elements.are_named({"p"}).take(blocks.element)
        is_paragraph &= text.counts[characters.STOP] > 0
        few = np.where(is_paragraph, FEW_LINKS_IN_PARAGRAPHS, FEW_LINKS)
        self.is_long = (self.width >= LONG) & (self.link_share < few)
        self.prose = self.width * self.is_long
        self.cut = np.array([line.endswith(_CUT) for line in blocks.text])
        parts = (self.width, link, self.prose, self.is_long, np.ones(n))
        self.sums = np.zeros((len(parts), n + 1))  # of the blocks before each and of all
        np.add.accumulate(np.array(parts), axis=1, out=self.sums[:, 1:])
        self.total = max(self.sums[_WIDTH, -1], 1.0)
        self.total_prose = max(self.sums[_PROSE, -1], 1.0)

        self.first, self.end = blocks.elements.columns()[2:]
        of_element = self.sums.take(self.end, axis=1) - self.sums.take(self.first, axis=1)
        per_block = np.maximum(of_element[_BLOCKS], 1)
        self.container = np.array(  # an item an element
            (
                of_element[_PROSE] / self.total_prose,
                of_element[_LINK] / np.maximum(of_element[_WIDTH], 1),
                np.log1p(of_element[_WIDTH] / per_block),
                np.log1p(of_element[_BLOCKS]),
                of_element[_LONG_BLOCKS] / per_block,
            )
        )
        with_most_prose = np.flatnonzero(self.container[0] >= _MOST_PROSE)
        self.top = int(with_most_prose[-1]) if len(with_most_prose) else 0  # the innermost element
        shares = of_element[_WIDTH] / self.total
        self.around = look_around(blocks, shares)

    def features(self) -> Floats:
        out = np.empty((len(NAMES), self.n), np.float32)
        at = 0
        for rows in (
            *(self._of_text(), self._of_place(), self._of_containers(), self._of_signatures()),
            *(self._of_neighbours(), self._of_windows(), self._of_page(), self._of_words()),
        ):
            if isinstance(rows, np.ndarray):
                out[at : at + len(rows)] = rows
                at += len(rows)
                continue
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
            self.around.kind,
            self.cut,
        )

    def _of_place(self) -> tuple[npt.ArrayLike, ...]:
        index, n, small = self.index, self.n, self.around.small
        before, after = nearest(self.is_long, index)
        headlines = np.flatnonzero(self.around.kind == _H1)
        h1 = headlines[np.argmax(self.width[headlines])] if len(headlines) else None
        top = self.top
        first, end = self.first[top], self.end[top]
        return (
            self.around.depth,
            self.sums[_WIDTH, :-1] / self.total,
            self.sums[_PROSE, :-1] / self.total_prose,
            -99 if h1 is None else clipped(index - h1, -99, 200),
            (index >= first) & (index < end),
            clipped(index - first, -50, 200),
            clipped(end - index, -50, 200),
            np.where(before >= 0, np.minimum(index - before, _FAR), _FAR),
            np.where(after < n, np.minimum(after - index, _FAR), _FAR),
            (small[before] == small) & (before >= 0),
            (small[np.minimum(after, n - 1)] == small) & (after < n),
        )

    def _of_containers(self) -> Doubles:
        unit = self.around.unit
        rows = [
            self.container.take(elements, axis=1)
            for elements in (self.around.small, self.around.large, self.around.above)
        ]
        return np.vstack(
            (*rows, np.log1p(self.around.repeats), self.container[3, unit], self.container[1, unit])
        )

    def _of_signatures(self) -> Doubles:
        size = np.bincount(self.around.signature)
        width, link, long, cut = (
            np.bincount(self.around.signature, values)
            for values in (self.width, self.link_share * self.text.length, self.is_long, self.cut)
        )
        table = np.array(
            (
                *(np.log1p(size), width / self.total, np.log1p(width / size)),
                *(link / np.maximum(width, 1), long / size, cut / size),
            )
        )
        return table.take(self.around.signature, axis=1)

    def _of_neighbours(self) -> list[npt.ArrayLike]:
        n, reach = self.n, max(SHIFTS)
        padded = np.zeros((len(NEIGHBOUR), n + 2 * reach))
        numbered = (self.around.kind + 1, self.around.signature + 1)
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
            window = self.sums.take(high, axis=1) - self.sums.take(low, axis=1)
            rows.append(np.log1p(window[_PROSE] / window[_BLOCKS]))
            rows.append(window[_LINK] / np.maximum(window[_WIDTH], 1))
        return rows

    def _of_page(self) -> tuple[npt.ArrayLike, ...]:
        return np.log1p(self.total), self.sums[_PROSE, -1] / self.total

    def _of_words(self) -> npt.NDArray[np.uint8]:
        of_short = [
            attributes if width < 1.5 * LONG else ""
            for attributes, width in zip(self.blocks.inline, self.width.tolist(), strict=True)
        ]
        known = sorted(set(of_short) - {""})
        words = dict(zip(known, evidence(known)[0], strict=True))
        inline = [words.get(attributes, 0) for attributes in of_short]
        rows = np.concatenate(
            (
                bits(self.around.path_words | inline, len(GROUPS)),
                bits(self.around.own_words | inline, len(GROUPS)),
                bits(self.around.path_structure, len(STRUCTURE)),
            )
        )
        # what is around most of the page's prose tells nothing apart, as with one wrapper
        of_prose = rows[:, self.is_long].astype(np.float64) @ self.prose[self.is_long]
        rows[(of_prose >= WRAPPER * self.total_prose) & _REMOVABLE] = 0
        return rows
