"""The settings of `annotate`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import JobConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class AnnotateConfig(JobConfig):
    """Language, perplexity, bucket, quality signals, MinHash and SimHash: documents/ become annotated/."""

    models: str | None = option(
        None,
        "folder of models and lists that every worker can read: lid.176.bin, en.sp.model, "
        "en.arpa.bin, cutoff.csv, ... (default: lid.176.ftz alone)",
        metavar="DIR",
    )
    languages: tuple[str, ...] = option((), "keep only these; all by default", metavar="CODE")
    min_language_score: float = option(
        0.5,
        "score of the language, rounded to 2 decimals, below which a page is counted, not kept",
        metavar="P",
        at_least=0.0,
    )
    ngram: int = option(
        5, "words of an n-gram of the MinHash that dedup compares", metavar="N", at_least=1
    )
    v2_minhash: bool = option(
        True, "RedPajama-V2's MinHash of 13-grams as well, for its export and dedup --scheme v2"
    )
