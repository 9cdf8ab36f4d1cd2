"""The settings of `ingest` for corpora that others made: the Pile, and tokens of Megatron-LM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from schemas.settings.ingest_config import IngestConfig
from schemas.settings.options import option

PILE_SETS = (
    *("ArXiv", "BookCorpus2", "Books3", "DM Mathematics", "Enron Emails", "EuroParl", "FreeLaw"),
    *("Github", "Gutenberg (PG-19)", "HackerNews", "NIH ExPorter", "OpenSubtitles", "OpenWebText2"),
    *("PhilPapers", "Pile-CC", "PubMed Abstracts", "PubMed Central", "StackExchange"),
    *("USPTO Backgrounds", "Ubuntu IRC", "Wikipedia (en)", "YoutubeSubtitles"),
)
"""The 22 sets by the names in `meta.pile_set_name` (Gao et al. 2020, arXiv 2101.00027, table 1)."""

WITHDRAWN = ("BookCorpus2", "Books3", "OpenSubtitles", "OpenWebText2", "YoutubeSubtitles")
"""The sets that have no licence and that monology/pile-uncopyrighted left out."""


@dataclass(frozen=True)
class PileConfig(IngestConfig):
    """Read the Pile, deduplicated or not: JSON lines of text and meta.pile_set_name."""

    slice: ClassVar[str] = "pile"

    sets: tuple[str, ...] = option(
        tuple(name for name in PILE_SETS if name not in WITHDRAWN),
        "sets to take (default: without those that were withdrawn, which are dropped and counted)",
        metavar="SET",
        choices=PILE_SETS,
    )


@dataclass(frozen=True)
class MegatronConfig(IngestConfig):
    """Read a corpus that exists as tokens alone: .bin and .idx of Megatron-LM and GPT-NeoX."""

    slice: ClassVar[str] = "megatron"

    tokenizer: str | None = option(
        None,
        "needed: SentencePiece model or tokenizer.json that made the tokens, readable by every worker, or "
        "'mistral' for Mistral-7B's",
        metavar="FILE",
    )
    subset: str | None = option(
        None, "name of the corpus, in the documents' metadata as `subset`", metavar="NAME"
    )
