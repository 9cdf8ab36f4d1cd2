"""Scores of the fastText classifiers of good text against plain crawl: V2's, and a user's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from udfs.models.fasttext_marks import without_marks
from udfs.quality_signals.arrays import PRECISION, Floats
from udfs.quality_signals.declaration import Signal, signal
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.resources import CLASSIFIERS, Resources

CRAWL_LABEL = "__label__cc"


def classifier_text(text: str) -> str:
    """Return the text as the classifiers read it and were trained on it: all lines in one."""
    return " ".join(text.splitlines()).strip()


def classifier_score(label: str, probability: float) -> float:
    """Return the probability of good text, given the most probable label."""
    return round(1 - probability if label == CRAWL_LABEL else probability, PRECISION)


def classifier(name: str) -> Callable[[Documents], Floats]:
    """The score of one classifier; null for an empty text or a language it has no model for."""

    def measure(documents: Documents) -> Floats:
        scores = np.full(len(documents), np.nan)
        for language, rows in documents.by_language():
            model = documents.resources.classifiers.get((language or "", name))
            if model is not None:
                for row in rows:
                    scores[row] = _predict(model, documents.texts[row])
        return scores

    return measure


def _predict(model: Any, text: str) -> float:
    if not text:
        return np.nan
    # the module's own `predict` of one string fails under numpy 2; what it calls does not
    line = without_marks(classifier_text(text)).encode("utf-8", "replace").decode() + "\n"
    predictions = model.f.predict(line, 1, 0.0, "strict")
    if (
        not predictions
    ):  # a text without a single known n-gram, on a model trained without line ends
        return np.nan
    probability, label = predictions[0]
    return classifier_score(label, float(probability))


for _name in CLASSIFIERS:
    signal(f"rps_doc_ml_{_name}_score")(classifier(_name))


def own_signals(resources: Resources | None) -> dict[str, Signal]:
    """Return the signals of the user's own classifiers: `ml_NAME_score` for classifiers/LANGUAGE/NAME."""
    names = resources.own_classifiers if resources else ()
    return {f"ml_{name}_score": Signal(classifier(name)) for name in names}
