"""The settings of `train perplexity`, `train quality` and `train importance`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.options import REQUIRED, option

_TEXTS = "ROOT/TABLE, Parquet or JSON lines with a text or raw_content, or text files"


@dataclass(frozen=True)
class TrainPerplexityConfig:
    """Train a language's SentencePiece and 5-gram models and cut-offs, as CCNet's.

    CCNet's own were trained on the opening texts of Wikipedia's articles. A text is one sentence of
    pieces, as `annotate` scores it; a repeated text counts once.
    """

    language: str = option(REQUIRED, "language of the texts", metavar="CODE")
    input: tuple[str, ...] = option(
        REQUIRED, f"good texts, in text files a document a line: {_TEXTS}", metavar="URI"
    )
    output: str = option(
        REQUIRED,
        "folder of models, as for `annotate --models`; KenLM's binary form needs build_binary on PATH",
        metavar="DIR",
    )
    where: str | None = option(
        None, "SQL filter of tables and Parquet, as \"language = 'en'\"", metavar="SQL"
    )
    documents: int = option(
        1_000_000, "maximum number of texts, by default CCNet's", metavar="N", at_least=1
    )
    cutoff_input: tuple[str, ...] = option(
        (),
        "texts whose perplexities give the cut-offs, such as a part of the crawl, as --input "
        "(default: a held-out part of --input, whose texts are better than a crawl's)",
        metavar="URI",
    )
    held_out: float = option(
        0.05,
        "share of --input to hold out, without --cutoff-input",
        metavar="SHARE",
        at_least=0.001,
    )
    vocab_size: int = option(
        65_536, "number of pieces; 40,000 or fewer for few texts", metavar="N", at_least=16
    )
    prune: tuple[int, ...] = option(
        (0,),
        "for each order, the count up to which n-grams are dropped, as for lmplz: 0 0 1 1 1",
        metavar="COUNT",
        at_least=0,
    )
    max_characters_in_memory: int = option(
        2_000_000,
        "maximum number of characters from which the driver estimates the model, at about 1 KB each; "
        "more are estimated by all tasks",
        metavar="N",
        at_least=0,
    )
    seed: int = option(0, "seed of the choice of texts", metavar="N")


@dataclass(frozen=True)
class TrainQualityConfig:
    """Train a fastText classifier of good pages against the crawl, as RedPajama's wikiref.

    For wikiref, good pages are those that Wikipedia cites as references. As many pages of the crawl are
    sampled, and a share of both is held out to measure what each threshold would keep.
    """

    positive: tuple[str, ...] = option(REQUIRED, f"good pages: {_TEXTS}", metavar="URI")
    negative: tuple[str, ...] = option(REQUIRED, "pages of the crawl, as --positive", metavar="URI")
    output: str = option(
        REQUIRED,
        "file of the model; annotate loads MODELS/wikiref.model.bin, and for another language or label "
        "MODELS/classifiers/LANGUAGE/LABEL.model.bin",
        metavar="FILE",
    )
    label: str = option(
        "wikiref",
        "name of the classifier: wikiref, wikipedia or palm replaces RedPajama's; any other is your own, "
        "whose score is user_signals.ml_LABEL_score",
        metavar="LABEL",
    )
    where: str | None = option(
        None, "SQL filter of tables and Parquet, as \"language = 'en'\"", metavar="SQL"
    )
    samples: int = option(
        75_000,
        "maximum number of pages of each class, by default RedPajama-V2's",
        metavar="N",
        at_least=2,
    )
    min_length: int = option(
        1000, "minimum length of a good page in characters", metavar="N", at_least=0
    )
    held_out: float = option(0.1, "share of the pages to hold out", metavar="SHARE", at_least=0.001)
    seed: int = option(0, "seed of the choice of pages", metavar="N")
    epochs: int = option(5, "number of passes over the pages", metavar="N", at_least=1)
    learning_rate: float = option(0.1, "learning rate of fastText", metavar="LR", at_least=0.0001)
    dimension: int = option(100, "dimension of the word vectors", metavar="N", at_least=1)
    word_ngrams: int = option(
        1, "maximum number of words of an n-gram feature", metavar="N", at_least=1
    )


@dataclass(frozen=True)
class TrainImportanceConfig:
    """Count the words of a good data set and of the crawl, for DSIR's importance weights."""

    target: tuple[str, ...] = option(
        REQUIRED, f"texts of the good data set: {_TEXTS}", metavar="URI"
    )
    source: tuple[str, ...] = option(
        (),
        "texts of the crawl, as --target (default: the counts that DIR already has)",
        metavar="URI",
    )
    output: str = option(REQUIRED, "folder of models, as for `annotate --models`", metavar="DIR")
    dataset: Literal["wikipedia", "books", "openwebtext"] = option(
        REQUIRED, "importance signal that the counts are for"
    )
    language: str = option(REQUIRED, "language of the texts", metavar="CODE")
    where: str | None = option(
        None, "SQL filter of tables and Parquet, as \"language = 'en'\"", metavar="SQL"
    )
    samples: int = option(
        500_000,
        "maximum number of texts of each, by default RedPajama-V2's",
        metavar="N",
        at_least=1,
    )
    buckets: int = option(
        10_000, "number of buckets that words are hashed to", metavar="N", at_least=1
    )
    seed: int = option(0, "seed of the choice of texts", metavar="N")
