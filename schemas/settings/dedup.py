"""The settings of `dedup`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.common import BUCKETS, JobConfig
from schemas.settings.ingest import SLICES
from schemas.settings.options import option

KINDS = ("exact", "near", "simhash")


@dataclass(frozen=True)
class DedupConfig(JobConfig):
    """Exact and near duplicates: annotated/ become duplicates/."""

    scheme: Literal["fast", "v2"] = option(
        "fast",
        "MinHash that is compared: fast is of --ngram words as annotate made it, v2 RedPajama-V2's "
        "of 13",
    )
    threshold: float = option(
        0.8,
        "Jaccard similarity from which two documents are near-duplicates, up to 1.0; v2: 0.7, 0.8, "
        "0.9 or 1.0",
        metavar="J",
        at_least=0.1,
    )
    verify: Literal["estimate", "jaccard", "none"] = option(
        "estimate",
        "check each candidate pair by the estimate of its MinHash, by the true Jaccard similarity of "
        "its texts, or not, as V2",
    )
    kinds: tuple[str, ...] = option(
        KINDS, "which duplicates to look for", metavar="KIND", choices=KINDS
    )
    buckets: tuple[str, ...] = option(
        BUCKETS, "buckets that take part (V2: head and middle)", metavar="BUCKET", choices=BUCKETS
    )
    scope: Literal["all", "slice", "snapshot"] = option(
        "all",
        "documents that duplicates are removed among: all, or each slice or snapshot by itself",
    )
    against: tuple[str, ...] = option(
        (),
        "older roots, best first: their documents take part and stay, only their signatures are read",
        metavar="ROOT",
    )
    simhash_distance: int = option(
        5,
        "bits of 64, at most 8, up to which the SimHashes of two books differ that are duplicates",
        metavar="K",
        at_least=0,
    )
    slice_priority: tuple[str, ...] = option(
        SLICES, "of a cluster, the document of the slice named first stays", metavar="SLICE"
    )
    prefer_snapshot: Literal["none", "newest", "oldest"] = option(
        "none", "of a cluster and slice, the document of this snapshot stays (V2: newest)"
    )
    max_cluster: int = option(
        1000,
        "documents above which a cluster is reported, and each compared with the survivor",
        metavar="N",
        at_least=1,
    )
    max_edges_in_memory: int = option(
        20_000_000, "pairs up to which clusters are found in one task", metavar="N", at_least=0
    )
    explain: tuple[str, ...] = option(
        (),
        "show why these documents are duplicates, side by side, and change nothing",
        metavar="ID",
    )
