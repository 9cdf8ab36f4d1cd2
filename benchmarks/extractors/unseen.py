"""What `main` makes of pages whose site its model was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from extractors.pages import Page
from extractors.processes import Run
from udfs.extract.encoding import decode
from udfs.extract.web import model, page

NAME = "main, sites not trained on"

Probabilities = npt.NDArray[np.float32]


def run_unseen(pages: Sequence[Page], file: Path) -> Run:
    """Return the texts of pages by the probabilities of a file.

    Parameters
    ----------
    pages
        The annotated pages.
    file
        What `benchmarks/extraction/train.py --probabilities` writes: by the name of a page, the
        probability of each of its blocks to be content, by a model that was trained on other sites.

    Raises
    ------
    ValueError
        The file's pages have other blocks: another version wrote it.
    """
    run = Run()
    with np.load(file) as stored:
        known = {name: stored[name] for name in stored.files}
    for unseen in pages:
        probabilities = known.get(unseen.name)
        run.texts.append("" if probabilities is None else _text(unseen, probabilities))
    return run


def _text(annotated: Page, probabilities: Probabilities) -> str:
    def stored(matrix: Probabilities) -> Probabilities:
        if matrix.shape[1] != len(probabilities):
            raise ValueError(f"{annotated.name} has other blocks: train again")
        return probabilities

    with patch.object(model, "probabilities", stored):
        return page.extract(decode(annotated.html)[0]).text
