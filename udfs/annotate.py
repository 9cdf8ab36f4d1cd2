"""Measure documents in one pass over their texts.

Each rule is a function of its own (`udfs.ccnet`, `udfs.quality_signals`, `udfs.near_duplicates`). This
module calls them in order, so that Spark passes a text to Python once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from udfs import quality_signals
from udfs.ccnet.buckets import ALL, Cutoffs, bucket
from udfs.models import model_files
from udfs.near_duplicates import minhash_fast
from udfs.near_duplicates.shingling import BY_SCRIPT, Shingling
from udfs.near_duplicates.simhash import base_letters, simhash
from udfs.quality_signals.classifiers import own_signals
from udfs.quality_signals.output import v2_signatures


@dataclass(frozen=True)
class Models:
    """Models that a worker loads once and keeps."""

    language: Any  # fastText
    perplexity: Mapping[str, model_files.PerplexityModels]  # loaded at the first text of a language
    cutoffs: Cutoffs
    resources: quality_signals.Resources | None

    @classmethod
    def load(cls, folder: str | None) -> Models:
        """Return the models of a folder; with None, the embedded language model only."""
        return _load(folder)

    def check(self) -> None:
        """Load every lazily loaded model now, so that a broken one fails early."""
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
    """Return the perplexity of each text under the models of its language, None without models."""
    scores: list[float | None] = [None] * len(texts)
    for language in loaded.perplexity.keys() & set(languages):
        rows = [row for row, other in enumerate(languages) if other == language]
        model = model_files.load_perplexity(loaded.perplexity[language])
        for i, score in zip(rows, model.score([texts[row] for row in rows]), strict=True):
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
    shingling: Shingling = BY_SCRIPT,
    v2_minhash: bool = True,
    v1_simhash: bool = False,
    user_signals: Mapping[str, quality_signals.Signal] | None = None,
) -> dict[str, pa.Array]:
    """Return perplexity, bucket, signals, MinHash and SimHash of texts whose language is known.

    Parameters
    ----------
    ccnet
        `length`, `original_length`, `nlines` and `original_nlines`, one value a text.
    bucketed
        Whether perplexity decides the text's bucket; otherwise it is `all`.
    simhashed
        Whether to compute the text's SimHash.
    shingling
        How the fast MinHash cuts a text.
    v2_minhash
        Whether to compute V2's MinHash as well.
    v1_simhash
        Whether letters with diacritics differ from those without in the SimHash, as in RedPajama-V1.
    user_signals
        Signals of installed packages, by name.
    """
    scores = perplexities(texts, languages, loaded)
    buckets = [
        bucket(language, score, loaded.cutoffs) if by_score else ALL
        for language, score, by_score in zip(languages, scores, bucketed, strict=True)
    ]
    record = {**ccnet, "language_score": language_scores, "perplexity": scores, "bucket": buckets}
    sign = _signature_functions(shingling, v2_minhash)
    measured = quality_signals.columns_and_signatures(
        texts,
        languages,
        domains,
        loaded.resources,
        record,
        sign=list(sign.values()),
        user_signals={**own_signals(loaded.resources), **(user_signals or {})},
    )
    columns = {
        "perplexity": pa.array(scores, pa.float64()),
        "bucket": pa.array(buckets, pa.string()),
        "quality_signals": measured.signals,
        **dict(zip(sign, measured.signatures, strict=True)),
        "simhash": _simhashes(texts, simhashed, v1_simhash),
    }
    if measured.user_signals is not None:
        columns["user_signals"] = measured.user_signals
    return columns


def _signature_functions(shingling: Shingling, v2_minhash: bool) -> dict[str, quality_signals.Sign]:
    def fast(documents: quality_signals.Documents) -> list[bytes | None]:
        if shingling.words == "blanks":
            normal = documents.normalized  # shared with the signals
            return minhash_fast.signatures_of_normalized(normal, shingling.ngram)
        return shingling.signatures(documents.texts)

    functions: dict[str, quality_signals.Sign] = {"signature": fast}
    if v2_minhash:
        functions["minhash"] = v2_signatures
    return functions


def _simhashes(texts: Sequence[str], wanted: Sequence[bool], as_v1: bool) -> pa.Array:
    """Return the SimHashes as Spark's long, whose highest bit is the sign; null where not wanted."""
    numbers = [
        simhash(text if as_v1 else base_letters(text)) if is_wanted else None
        for text, is_wanted in zip(texts, wanted, strict=True)
    ]
    return pa.array(
        [n - (1 << 64) if n is not None and n >> 63 else n for n in numbers], pa.int64()
    )
