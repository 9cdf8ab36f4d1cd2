"""The settings of each job, one frozen dataclass a job (ingest: `schemas.settings.ingest`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.ingest import SLICES
from schemas.settings.options import REQUIRED, option
from schemas.settings.root import RootConfig

BUCKETS = ("head", "middle", "tail", "all")
KINDS = ("exact", "near", "simhash")


@dataclass(frozen=True)
class JobConfig(RootConfig):
    """What every job takes that writes a table."""

    overwrite: bool = option(False, "run even where inputs and settings are unchanged")


@dataclass(frozen=True)
class ParagraphsConfig(JobConfig):
    """CCNet's paragraph dedup of the web slices: documents/ become paragraphs/."""

    group: str = option(
        "archive",
        "what is compared with each other: 'archive', a number of archives (CCNet's shards: "
        "RedPajama's had about 14), 'snapshot' or 'all'",
        metavar="GROUP",
    )
    keep: Literal["none", "first"] = option(
        "none", "of a paragraph in several documents keep none, as CCNet, or the first"
    )


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


@dataclass(frozen=True)
class ReportConfig(RootConfig):
    """What the jobs did, as a page: report.html, and its numbers in report.json beside it."""

    output: str | None = option(
        None, "page to write (default: report.html in the root)", metavar="FILE"
    )
    sample: int = option(
        200,
        "documents to plant near-duplicates of, and near-duplicates whose texts are compared",
        metavar="N",
        at_least=1,
    )
    seed: int = option(0, "another seed, another sample", metavar="N")


@dataclass(frozen=True)
class PathConfig(RootConfig):
    """The Parquet folders of a table's current version."""

    table: str = option(REQUIRED, "which table", positional=True)


@dataclass(frozen=True)
class TakedownConfig(RootConfig):
    """Take documents out, for good: of every table, of older versions, and of all that comes later.

    They are named by id, URL, domain or digest. What matches none is recorded all the same.
    """

    id: tuple[str, ...] = option((), "documents by their ids", metavar="ID")
    url: tuple[str, ...] = option(
        (), "documents by address; http and https, and a slash at the end, are no matter"
    )
    domain: tuple[str, ...] = option(
        (), "all of a host and of what is below it: example.org, and so www.example.org"
    )
    digest: tuple[str, ...] = option(
        (), "documents by the SHA-1 of their content, in base32 as in WARC, or hexadecimal"
    )
    from_: str | None = option(
        None,
        "file of lines `kind`, a tab and `value`, the kinds being id, url, domain and digest",
        metavar="FILE",
    )
    reason: str = option(REQUIRED, "why, for the record", metavar="TEXT")
    date: str | None = option(None, "of the request (default: today, UTC)", metavar="YYYY-MM-DD")
    copies: bool = option(
        False, "take down the duplicates of the named documents as well, exact and near"
    )
    dry_run: bool = option(False, "only say what would go")


@dataclass(frozen=True)
class VacuumConfig(RootConfig):
    """Remove what no manifest names."""

    grace_hours: float = option(
        24.0,
        "leave alone what runs wrote that started within these hours and have not ended",
        metavar="H",
        at_least=0.0,
    )
    dry_run: bool = option(False, "only say what would go")


@dataclass(frozen=True)
class RunConfig:
    """Everything, in order."""

    root: str | None = option(
        None,
        "folder of the tables (default: as in --config, else a new one below the temporary folder)",
        metavar="URI",
    )
    config: str | None = option(
        None, "YAML file with a section for each job (default: the embedded sample)", metavar="FILE"
    )
    overwrite: bool = option(False, "run even what is unchanged")
