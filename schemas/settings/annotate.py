"""The settings of `annotate`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.common import JobConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class AnnotateConfig(JobConfig):
    """Score documents and write annotated/.

    The scores are the language, perplexity and its bucket, RedPajama-V2's quality signals, MinHash, and
    for books SimHash.
    """

    models: str | None = option(
        None,
        "folder of models and lists, readable by every worker: lid.176.bin, en.sp.model, "
        "en.arpa.bin, cutoff.csv, ... (default: only the embedded lid.176.ftz)",
        metavar="DIR",
    )
    languages: tuple[str, ...] = option((), "languages to keep (default: all)", metavar="CODE")
    min_language_score: float = option(
        0.5,
        "minimum score of the language; pages below it are dropped and counted",
        metavar="P",
        at_least=0.0,
    )
    language_id: Literal["ccnet", "robust"] = option(
        "ccnet",
        "how the language of pages is identified: as CCNet does, lines joined without a blank, capitals "
        "as they are, the score of 2 decimals; or robust, lines separated, capitals lowered, the score "
        "unrounded",
    )
    ngram: int = option(
        5,
        "words in an n-gram of the MinHash that `dedup --scheme fast` compares",
        metavar="N",
        at_least=1,
    )
    minhash_words: Literal["script", "blanks"] = option(
        "script",
        "words of that MinHash: by script, where a character of Chinese, Japanese, Thai, Lao, Khmer, "
        "Burmese or Tibetan is a word; or what stands between blanks, as release 0.1",
        unrecorded="blanks",
    )
    simhash_letters: Literal["base", "v1"] = option(
        "base",
        "letters that the SimHash of books compares: without diacritics, so that editions in ASCII and in "
        "UTF-8 are near-duplicates, or with them, as RedPajama-V1 and release 0.1",
        unrecorded="v1",
    )
    tokenizer: str | None = option(
        None,
        "SentencePiece model or tokenizer.json that counts tokens; name the one of `curate`, which counts "
        "again with another (default: Mistral-7B's, as RedPajama-V2)",
        metavar="FILE",
    )
    v2_minhash: bool = option(
        False,
        "also store RedPajama-V2's MinHash of 13-grams, which `dedup --scheme v2` and "
        "`export --format redpajama-v2` else compute when they need it; `run` does where its dedup has "
        "the scheme v2",
        covered_by=True,
    )
