"""The settings of `dedup`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.common import BUCKETS, JobConfig
from schemas.settings.ingest import PRETRAINING
from schemas.settings.options import option

KINDS = ("exact", "near", "simhash")


@dataclass(frozen=True)
class DedupConfig(JobConfig):
    """Find exact and near duplicates and write duplicates/ and copies/."""

    scheme: Literal["fast", "v2"] = option(
        "fast",
        "MinHash to compare: fast, over the n-grams of `annotate --ngram`, or v2, RedPajama-V2's "
        "over 13-grams",
    )
    threshold: float = option(
        0.8,
        "minimum Jaccard similarity of near-duplicates, at most 1.0; v2: 0.7, 0.8, 0.9 or 1.0",
        metavar="J",
        at_least=0.1,
    )
    verify: Literal["estimate", "jaccard", "none"] = option(
        "estimate",
        "how to check a candidate pair: by the similarity that its MinHash estimates, by the Jaccard "
        "similarity of its texts, or not at all, as RedPajama-V2",
    )
    min_contained: float = option(
        0.75,
        "minimum share of a near-duplicate's 3-grams that its survivor has; a document with fewer stays. "
        "Only texts of near-duplicates and survivors are read; not with --verify none (0: not checked)",
        metavar="SHARE",
        at_least=0.0,
        unrecorded=0.0,
    )
    keep: Literal["best", "none"] = option(
        "best",
        "what stays of a cluster: its best document, or none, so that whatever occurs twice goes",
        unrecorded="best",
    )
    per_url: Literal["newest", "longest", "all"] = option(
        "all",
        "which versions of a page stay: of documents with one address, the newest, the longest, or all; "
        "earlier roots and --slice-priority come first",
        unrecorded="all",
    )
    kinds: tuple[str, ...] = option(
        KINDS,
        "kinds of duplicates to find; prompt, for conversations with nearly the same prompt, is not among "
        "the default",
        metavar="KIND",
        choices=(*KINDS, "prompt"),
    )
    buckets: tuple[str, ...] = option(
        BUCKETS,
        "buckets to search (RedPajama-V2: head and middle)",
        metavar="BUCKET",
        choices=BUCKETS,
    )
    scope: Literal["all", "slice", "snapshot"] = option(
        "all",
        "where a document's duplicates are searched: in all documents, its slice, or its snapshot",
    )
    against: tuple[str, ...] = option(
        (),
        "earlier roots, preferred first: their documents are compared too, and always survive; their "
        "signatures are read, and the texts of near-duplicates",
        metavar="ROOT",
    )
    simhash_distance: int = option(
        5,
        "maximum number of bits, of 64, in which the SimHashes of duplicate books differ; at most 8",
        metavar="K",
        at_least=0,
    )
    slice_priority: tuple[str, ...] = option(
        PRETRAINING,
        "preference of slices for the survivor of a cluster, the best first (default: as listed, with "
        "conversations before c4)",
        metavar="SLICE",
    )
    prefer_snapshot: Literal["none", "newest", "oldest"] = option(
        "none",
        "preference of snapshots for the survivor, within its slice (RedPajama-V2: newest)",
    )
    max_cluster: int = option(
        1000,
        "maximum number of documents of a cluster; a larger one is reported, and each of its documents "
        "compared with the survivor",
        metavar="N",
        at_least=1,
    )
    max_edges_in_memory: int = option(
        20_000_000,
        "maximum number of pairs that one task clusters; more are clustered by all tasks",
        metavar="N",
        at_least=0,
    )
    explain: tuple[str, ...] = option(
        (),
        "show why these documents are duplicates, side by side, and write nothing",
        metavar="ID",
    )

    certify: str | None = option(
        None,
        "also write a certificate as JSON: recall of planted near-duplicates by language, true similarity "
        "of removals, and what other thresholds would have removed; measured on samples of 200 documents",
        metavar="FILE",
    )

    @property
    def checks_contained(self) -> bool:
        """Return whether the texts of near-duplicates are compared with their survivors."""
        return self.min_contained > 0 and self.verify != "none"
