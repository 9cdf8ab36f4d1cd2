"""Tell a page's content from its boilerplate: two small forests of oblivious decision trees.

All nodes of a level of an oblivious tree ask the same question, so that a tree is a table: the answers,
taken as the bits of a number, say which leaf holds its value. numpy evaluates all trees for all blocks of a
page in a few calls. The first forest sees a block's features; the second sees them and what the first says of
the blocks around it. `benchmarks/extraction/train.py` makes the weights.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.extract.web.arrays import Floats

WEIGHTS = "weights.npz"
_NEAR = (1, 2, 3)
_REACHES = (5, 15)


class Forest(NamedTuple):
    """Oblivious trees of one depth.

    Attributes
    ----------
    features
        (depth, trees): the row of the feature that each level compares.
    borders
        (depth, trees): a level's answer is whether the feature is greater.
    leaves
        (trees, 2 ** depth): the values to add up; the first level gives the lowest bit.
    bias
        The value of no trees.
    """

    features: npt.NDArray[np.intp]
    borders: Floats
    leaves: Floats
    bias: float

    def probabilities(self, features: Floats) -> Floats:
        """Return the probability of each block to be content, given an array of (features, blocks)."""
        depth, trees = self.features.shape
        # all answers in one step; borders are the same for all blocks
        answers = features.take(self.features.ravel(), axis=0) > self.borders.ravel()[:, None]
        by_level = answers.view(np.uint8).reshape(depth, trees, -1)
        leaf = by_level[-1]
        for level in by_level[-2::-1]:
            leaf = leaf + leaf
            leaf += level
        start = np.arange(0, self.leaves.size, self.leaves.shape[1])[:, None]  # of each tree
        total = self.leaves.ravel().take(leaf + start).sum(axis=0) + self.bias
        probabilities: Floats = (1 / (1 + np.exp(-total))).astype(np.float32)
        return probabilities


def probabilities(features: Floats) -> Floats:
    """Return the probability of each block of a page to be content."""
    first, second = _forests()
    return second.probabilities(with_neighbours(features, first.probabilities(features)))


def with_neighbours(features: Floats, probabilities: Floats) -> Floats:
    """Return the features and, below them, what the first forest says of each block and those around it."""
    n = len(probabilities)
    index = np.arange(n)
    reach = max(_NEAR)
    padded = np.zeros(n + 2 * reach, np.float32)
    padded[reach : n + reach] = probabilities
    rows = [probabilities]
    for by in _NEAR:
        rows += [padded[reach - by : n + reach - by], padded[reach + by : n + reach + by]]
    cumulated = np.zeros(n + 1)
    np.add.accumulate(probabilities, out=cumulated[1:])
    for distance in _REACHES:
        low, high = np.maximum(index - distance, 0), np.minimum(index + distance + 1, n)
        rows += [
            (cumulated[high] - cumulated[low]) / (high - low),
            (cumulated[index] - cumulated[low]) / np.maximum(index - low, 1),
            (cumulated[high] - cumulated[index + 1]) / np.maximum(high - index - 1, 1),
        ]
    before = np.maximum.accumulate(padded[reach - 1 : n + reach - 1])
    after = np.maximum.accumulate(padded[reach + 1 : n + reach + 1][::-1])[::-1]
    rows += [before, after, cumulated[:-1] / max(cumulated[-1], 1e-9)]
    of_features = len(features)
    stacked = np.empty((of_features + len(rows) + 2, n), np.float32)
    stacked[:of_features] = features
    for number, row in enumerate(rows, of_features):
        stacked[number] = row
    stacked[-2], stacked[-1] = probabilities.max(), probabilities.mean()
    return stacked


@lru_cache(maxsize=1)
def _forests() -> tuple[Forest, Forest]:
    with resources.files(__package__).joinpath(WEIGHTS).open("rb") as file:
        arrays = np.load(file)
        first, second = (
            Forest(
                arrays[f"features{stage}"].astype(np.intp),
                arrays[f"borders{stage}"].astype(np.float32),
                arrays[f"leaves{stage}"].astype(np.float32),
                float(arrays[f"bias{stage}"]),
            )
            for stage in (1, 2)
        )
    return first, second
