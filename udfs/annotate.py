"""Measure a document in one pass over its text.

Each rule is a function of its own (`udfs.ccnet`, `udfs.quality_signals`, `udfs.near_duplicates`); this
module calls them in order, so that a text crosses into Python once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import pyarrow as pa

from udfs import quality_signals
from udfs.ccnet.buckets import ALL, Cutoffs, bucket
from udfs.models import model_files
from udfs.near_duplicates import minhash_fast, minhash_v2
from udfs.near_duplicates.simhash import simhash


@dataclass(frozen=True)
class Models:
    """What a worker has loaded: kept for as long as the worker lives."""

    language: Any  # fastText
    perplexity: Mapping[str, model_files.PerplexityModels]  # loaded when the language is met
    cutoffs: Cutoffs
    resources: quality_signals.Resources | None

    @classmethod
    def load(cls, folder: str | None) -> Models:
        """The models in a folder, once a worker; `None` has the embedded language model alone."""
        return _load(folder)

    def check(self) -> None:
        """Load all that is loaded when it is met, so that a broken model is told at once."""
        for paths in self.perplexity.values():
            model_files.load_perplexity(paths)


@lru_cache(maxsize=2)
def _load(folder: str | None) -> Models:
    return Models(
        language=model_files.load_language_model(model_files.language_model_path(folder)),
        perplexity=model_files.find_perplexity_models(folder),
        cutoffs=model_files.load_cutoffs(folder),
        resources=None if folder is None else quality_signals.Resources.load(folder),
    )


def perplexities(
    texts: Sequence[str], languages: Sequence[str | None], loaded: Models
) -> list[float | None]:
    """The perplexity of each text under the models of its language; null where there are none."""
    scores: list[float | None] = [None] * len(texts)
    for language in loaded.perplexity.keys() & set(languages):
        places = [i for i, each in enumerate(languages) if each == language]
        model = model_files.load_perplexity(loaded.perplexity[language])
        for i, score in zip(places, model.score([texts[i] for i in places]), strict=True):
            scores[i] = score
    return scores


def measure(
    texts: Sequence[str],
    domains: Sequence[str | None],
    loaded: Models,
    *,
    languages: Sequence[str | None],
    language_scores: Sequence[float | None],
    ccnet: Mapping[str, Sequence[Any]],
    bucketed: Sequence[bool],
    simhashed: Sequence[bool],
    ngram: int = minhash_fast.NGRAM,
    v2_minhash: bool = True,
    user_signals: Mapping[str, quality_signals.Signal] | None = None,
) -> dict[str, pa.Array]:
    """Perplexity, bucket, quality signals, MinHash and SimHash of texts whose language is known.

    Parameters
    ----------
    ccnet
        `length`, `original_length`, `nlines` and `original_nlines` of each.
    bucketed
        Whether the document's slice is divided by perplexity; else its bucket is `all`.
    simhashed
        Whether the document gets a SimHash.
    ngram
        Words of an n-gram of the fast MinHash.
    v2_minhash
        Whether to compute V2's MinHash as well.
    user_signals
        Signals of installed packages, by name.
    """
    scores = perplexities(texts, languages, loaded)
    buckets = [
        bucket(language, score, loaded.cutoffs) if divided else ALL
        for language, score, divided in zip(languages, scores, bucketed, strict=True)
    ]
    record = {**ccnet, "language_score": language_scores, "perplexity": scores, "bucket": buckets}
    sign: dict[str, quality_signals.Sign] = {
        "signature": partial(minhash_fast.signatures_of_normalized, n=ngram)
    }
    if v2_minhash:
        sign["minhash"] = minhash_v2.signatures_of_normalized
    measured = quality_signals.columns_and_signatures(
        texts,
        languages,
        domains,
        loaded.resources,
        record,
        sign=list(sign.values()),
        user_signals=user_signals,
    )
    columns = {
        "perplexity": pa.array(scores, pa.float64()),
        "bucket": pa.array(buckets, pa.string()),
        "quality_signals": measured.signals,
        **dict(zip(sign, measured.signatures, strict=True)),
        "simhash": pa.array(
            [
                _signed(simhash(text)) if wanted else None
                for text, wanted in zip(texts, simhashed, strict=True)
            ],
            pa.int64(),
        ),
    }
    if measured.user_signals is not None:
        columns["user_signals"] = measured.user_signals
    return columns


def _signed(number: int) -> int:
    """The 64 bits as Spark's long has them: the highest is the sign."""
    return number - (1 << 64) if number >> 63 else number
