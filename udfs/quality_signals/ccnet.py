"""CCNet's measures of a document, which V2 repeats among its signals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from udfs.quality_signals.arrays import Floats
from udfs.quality_signals.declaration import signal
from udfs.quality_signals.documents import Documents

_NUMBERS = [
    "length",
    "original_length",
    "nlines",
    "original_nlines",
    "language_score",
    "perplexity",
]
FIELDS = (*_NUMBERS, "bucket")
_BUCKETS = {"head": 0.0, "middle": 1.0, "tail": 2.0}


def number(name: str) -> Callable[[Documents], Floats]:
    """The field itself; null where the record has none."""

    def measure(documents: Documents) -> Floats:
        values = documents.ccnet.get(name)
        if values is None:
            return np.full(len(documents), np.nan)
        return np.array([np.nan if value is None else value for value in values], np.float64)

    return measure


@signal("ccnet_bucket")
def bucket(documents: Documents) -> Floats:
    """Head 0, middle 1, tail 2; null for any other."""
    values = documents.ccnet.get("bucket", [None] * len(documents))
    return np.array([_BUCKETS.get(value, np.nan) for value in values], np.float64)


for _name in _NUMBERS:
    signal(f"ccnet_{_name}")(number(_name))
