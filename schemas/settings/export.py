"""The settings of exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.common import BUCKETS, RootConfig
from schemas.settings.ingest import SLICES
from schemas.settings.options import REQUIRED, option
from schemas.settings.values import token_count

EXPORT_FORMATS = ("redpajama-v2", "jsonl", "parquet", "megatron", "mds")


@dataclass(frozen=True)
class ExportConfig(RootConfig):
    """The tables as files that trainers and other tools read.

    jsonl: data/*.jsonl.zst in RedPajama-V1's form: text, meta, red_pajama_subset.
    parquet: data/*.parquet and a dataset card, as Hugging Face's `datasets` reads them.
    megatron: token ids as data/*.bin and *.idx, for Megatron-LM, GPT-NeoX and what grew from them.
    mds: data/*/*.mds and index.json, for MosaicML Streaming.
    redpajama-v2: documents/, quality_signals/, minhash/ and duplicates/ of the web pages in annotated/,
    by snapshot, shard, language and bucket, as RedPajama-V2 published them.
    """

    format: str = option(REQUIRED, "whose files", choices=EXPORT_FORMATS)
    output: str = option(REQUIRED, "folder to write, outside of the root", metavar="DIR")
    table: Literal["mixture", "corpus"] = option(
        "mixture",
        "what is exported: the mixture in its shards and order, or the corpus by slice "
        "(redpajama-v2: always annotated/)",
    )
    slices: tuple[str, ...] = option(
        SLICES, "slices that are written", metavar="SLICE", choices=SLICES
    )
    buckets: tuple[str, ...] = option(
        BUCKETS, "buckets that are written", metavar="BUCKET", choices=BUCKETS
    )
    sample: int | None = option(
        None,
        "only so many tokens (500M, 1B), each slice in its proportion; a larger sample contains a "
        "smaller one",
        metavar="N",
        at_least=1,
        read=token_count,
    )
    shards: int | None = option(
        None,
        "shards of each slice of the corpus (default: one for each 100 million tokens); "
        "redpajama-v2: of each snapshot, runs of archives that follow each other (default: one for "
        "each 20,000 documents, at most RedPajama's 5000)",
        metavar="N",
        at_least=1,
    )
    tokenizer: str | None = option(
        None,
        "megatron, mds: SentencePiece model or tokenizer.json that every worker can read, or "
        "'mistral' for Mistral-7B's",
        metavar="FILE",
    )
    eod: str | None = option(
        None,
        "megatron, mds: the special token after each document (default: the tokenizer's own)",
        metavar="TOKEN",
    )
    compress: bool = option(False, "mds: shards compressed by Zstandard")
    overwrite: bool = option(False, "replace the files of an earlier export")
