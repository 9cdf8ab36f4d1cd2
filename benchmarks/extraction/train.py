"""Train the model that tells content from boilerplate (`udfs/extract/web/weights.npz`).

usage: python benchmarks/extraction/train.py FOLDER [--write]

FOLDER holds the annotated pages. The script cross-validates by site, prints the share of blocks that are
classified rightly at some thresholds, and with --write trains on all pages and writes the weights. It needs
the extra `extractor` (CatBoost). The second forest is trained on what the first
says of pages that it has not seen.
Copies of the pages with fewer features known make the model rely on no single kind of evidence: pages of
unknown class words, of unknown elements, and of scripts without punctuation.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import tempfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from labels import Page, pages

from udfs.extract.web import features, model
from udfs.extract.web.feature_names import NAMES

_FOLDS = 5
_COPY_WEIGHT = 0.25
# another seed changes the F1 of articles by 0.003, of mixed pages by 0.001
_SEED = 2


class Size(NamedTuple):
    """The number and depth of a forest's trees, and how much of an error each corrects."""

    trees: int
    depth: int
    rate: float


# the second forest sees all that the first sees, which can be small
FIRST, SECOND = Size(50, 5, 0.25), Size(90, 6, 0.18)
_SITE = re.compile(r"(?:www\.)?([a-z0-9-]+\.[a-z]{2,4}(?:\.[a-z]{2})?)")
_WEIGHTS = Path(features.__file__).with_name(model.WEIGHTS)
_NAMES = np.array(NAMES)
_PUNCTUATION = ("stops", "n_stops", "commas", "quotes", "starts", "ends", "upper")
Matrix = npt.NDArray[np.float32]


def _rows(*starts: str) -> npt.NDArray[np.bool_]:
    return np.array([name.startswith(starts) for name in _NAMES])


_HIDDEN = (
    _rows("path_", "own_"),
    _rows("in_"),
    np.isin(_NAMES, _PUNCTUATION) | _rows("stops+", "stops-"),
)


def site(name: str) -> str:
    """Return the site of a page by its file's name; the name if it tells none."""
    match = _SITE.match(name.lower())
    return match[1] if match else name


def fit(annotated: list[Page], matrices: list[Matrix], size: Size) -> Any:
    """Return CatBoost's model of some pages and their matrices of (features, blocks)."""
    from catboost import CatBoostClassifier

    random = np.random.default_rng(_SEED)
    columns, targets, weights = [], [], []
    for page, matrix in zip(annotated, matrices, strict=True):
        copy = matrix.copy()
        hidden = _HIDDEN[random.integers(len(_HIDDEN))]
        copy[: len(hidden)][hidden & (random.random(len(hidden)) < 0.8)] = 0
        columns += [matrix, copy]
        targets += [page.is_content, page.is_content]
        weights += [page.weights, page.weights * _COPY_WEIGHT]
    classifier = CatBoostClassifier(
        iterations=size.trees,
        depth=size.depth,
        learning_rate=size.rate,
        l2_leaf_reg=6,
        rsm=0.3,
        border_count=64,
        random_seed=_SEED,
        verbose=0,
        allow_writing_files=False,
    )
    return classifier.fit(
        np.hstack(columns).T, np.concatenate(targets), sample_weight=np.concatenate(weights)
    )


def unseen(annotated: list[Page], matrices: list[Matrix], size: Size) -> list[Matrix]:
    """Return for each page the probabilities by a model that was trained on other sites."""
    folds = np.array([zlib.crc32(site(page.name).encode()) % _FOLDS for page in annotated])
    probabilities: list[Matrix] = [np.zeros(0, np.float32)] * len(annotated)
    for fold in range(_FOLDS):
        others = np.flatnonzero(folds != fold)
        classifier = fit([annotated[i] for i in others], [matrices[i] for i in others], size)
        for number in np.flatnonzero(folds == fold):
            predicted = classifier.predict_proba(matrices[number].T)[:, 1]
            probabilities[number] = predicted.astype(np.float32)
    return probabilities


def arrays(classifier: Any, stage: int) -> dict[str, npt.NDArray[Any]]:
    """Return a model as the arrays of `model.Forest`."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        classifier.save_model(file.name, format="json")
        stored = json.loads(Path(file.name).read_text())
    numbers = [
        feature["flat_feature_index"] for feature in stored["features_info"]["float_features"]
    ]
    trees = stored["oblivious_trees"]
    depth = max(len(tree["splits"] or []) for tree in trees)
    rows = np.zeros((depth, len(trees)), np.uint16)
    borders = np.full((depth, len(trees)), np.inf, np.float32)
    leaves = np.zeros((len(trees), 1 << depth), np.float32)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or []):
            rows[level, number] = numbers[split["float_feature_index"]]
            borders[level, number] = split["border"]
        leaves[number, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = stored["scale_and_bias"]
    return {
        f"features{stage}": rows,
        f"borders{stage}": borders,
        f"leaves{stage}": (leaves * scale).astype(np.float16),
        f"bias{stage}": np.array(bias[0]),
    }


def _archive(stored: dict[str, npt.NDArray[Any]]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **stored)
    return file.getvalue()


def main() -> None:
    """Train, and print what cross-validation says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--probabilities", type=Path, help="write those of unseen pages, as .npz")
    arguments = parser.parse_args()
    annotated = list(pages(arguments.folder))
    first = [page.features for page in annotated]
    second = [
        model.with_neighbours(matrix, probabilities)
        for matrix, probabilities in zip(first, unseen(annotated, first, FIRST), strict=True)
    ]
    probabilities = unseen(annotated, second, SECOND)
    if arguments.probabilities:
        names = [page.name for page in annotated]
        arguments.probabilities.write_bytes(_archive(dict(zip(names, probabilities, strict=True))))
    target = np.concatenate([page.is_content for page in annotated])
    weight = np.concatenate([page.weights for page in annotated])
    for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        chosen = np.concatenate(probabilities) > threshold
        both = weight[chosen & (target == 1)].sum()
        precision, recall = both / weight[chosen].sum(), both / weight[target == 1].sum()
        print(
            f"threshold {threshold}: precision {precision:.3f}, recall {recall:.3f} of weighted blocks"
        )
    if arguments.write:
        stages = arrays(fit(annotated, first, FIRST), 1) | arrays(fit(annotated, second, SECOND), 2)
        _WEIGHTS.write_bytes(_archive(stages))
        print(f"{_WEIGHTS}: {_WEIGHTS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
