"""The settings of `train perplexity`, `train quality` and `train importance`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.options import REQUIRED, option

_TEXTS = "ROOT/TABLE, Parquet, JSON lines with a text or raw_content, or text files"


@dataclass(frozen=True)
class TrainPerplexityConfig:
    """SentencePiece and a 5-gram model of a language, with its cut-offs, as CCNet's.

    CCNet's own were trained on the opening texts of Wikipedia's articles. A text is one sentence of
    pieces, as `annotate` scores it; each different text counts once.
    """

    language: str = option(REQUIRED, "language of all the texts", metavar="CODE")
    input: tuple[str, ...] = option(
        REQUIRED, f"good texts, a document a line where text files: {_TEXTS}", metavar="URI"
    )
    output: str = option(
        REQUIRED,
        "folder of models, as for annotate --models; also KenLM's binary, where build_binary is on PATH",
        metavar="DIR",
    )
    where: str | None = option(
        None, "filter in SQL, for tables and Parquet: \"language = 'en'\"", metavar="SQL"
    )
    documents: int = option(
        1_000_000, "texts, at the most (CCNet's number)", metavar="N", at_least=1
    )
    cutoff_input: tuple[str, ...] = option(
        (),
        "texts whose perplexities give the cut-offs, such as a part of the crawl, as --input "
        "(default: some of --input that are held out, which are better than a crawl)",
        metavar="URI",
    )
    held_out: float = option(
        0.05, "share held out, without --cutoff-input", metavar="SHARE", at_least=0.001
    )
    vocab_size: int = option(
        65_536, "pieces; 40,000 or fewer where the texts carry no more", metavar="N", at_least=16
    )
    prune: tuple[int, ...] = option(
        (0,),
        "counts up to which n-grams are left out, by order, as for lmplz: 0 0 1 1 1",
        metavar="COUNT",
        at_least=0,
    )
    max_characters_in_memory: int = option(
        2_000_000,
        "of the texts, up to which the driver estimates the model, at about 1 KB a character",
        metavar="N",
        at_least=0,
    )
    seed: int = option(0, "another seed, another choice of texts", metavar="N")


@dataclass(frozen=True)
class TrainQualityConfig:
    """A fastText classifier of good pages against plain crawl, as RedPajama's wikiref.

    Good pages are, for wikiref, those that Wikipedia cites as references. As many of the crawl's are
    drawn, and a share of both is held out to say what each threshold would keep.
    """

    positive: tuple[str, ...] = option(REQUIRED, f"good pages: {_TEXTS}", metavar="URI")
    negative: tuple[str, ...] = option(REQUIRED, "plain crawl: as --positive", metavar="URI")
    output: str = option(
        REQUIRED,
        "the model; annotate finds it as MODELS/wikiref.model.bin, for another language or label as "
        "MODELS/classifiers/LANGUAGE/LABEL.model.bin",
        metavar="FILE",
    )
    label: Literal["wikiref", "wikipedia", "palm"] = option(
        "wikiref", "which of RedPajama's classifiers it takes the place of"
    )
    where: str | None = option(
        None, "filter in SQL, for tables and Parquet: \"language = 'en'\"", metavar="SQL"
    )
    samples: int = option(
        75_000, "pages of each class, at the most (RedPajama-V2's number)", metavar="N", at_least=2
    )
    min_length: int = option(
        1000, "characters below which a good page is left out", metavar="N", at_least=0
    )
    held_out: float = option(0.1, "share that is not trained on", metavar="SHARE", at_least=0.001)
    seed: int = option(0, "another seed, another choice of pages", metavar="N")
    epochs: int = option(5, "times that each page is seen", metavar="N", at_least=1)
    learning_rate: float = option(0.1, "of fastText", metavar="LR", at_least=0.0001)
    dimension: int = option(100, "of the word vectors", metavar="N", at_least=1)
    word_ngrams: int = option(
        1, "longest n-gram of words that is a feature", metavar="N", at_least=1
    )


@dataclass(frozen=True)
class TrainImportanceConfig:
    """Counts of hashed words for DSIR's importance weights, of a good data set and of the crawl."""

    target: tuple[str, ...] = option(REQUIRED, f"the good data set: {_TEXTS}", metavar="URI")
    source: tuple[str, ...] = option(
        (), "the crawl, as --target (default: as counted in DIR already)", metavar="URI"
    )
    output: str = option(REQUIRED, "folder of models, as for annotate --models", metavar="DIR")
    dataset: Literal["wikipedia", "books", "openwebtext"] = option(
        REQUIRED, "which of the three importance signals it is for"
    )
    language: str = option(REQUIRED, "language of all the texts", metavar="CODE")
    where: str | None = option(
        None, "filter in SQL, for tables and Parquet: \"language = 'en'\"", metavar="SQL"
    )
    samples: int = option(
        500_000, "texts of each, at the most (RedPajama-V2's number)", metavar="N", at_least=1
    )
    buckets: int = option(10_000, "that words are hashed to", metavar="N", at_least=1)
    seed: int = option(0, "another seed, another choice of texts", metavar="N")
