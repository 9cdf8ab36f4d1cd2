"""The settings of `export`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas import entry_points
from schemas.settings.common import BUCKETS, RootConfig
from schemas.settings.options import REQUIRED, option
from schemas.settings.slices import SLICES
from schemas.settings.values import token_count

FORMATS = "jobs.steps.export.formats"
"""The package of this project's formats, a module each."""

GROUP = "redpajama.exports"
"""The entry points by which installed packages add formats (`jobs.steps.export.export_format`)."""

SHIPPED_FORMATS = tuple(name.replace("_", "-") for name in entry_points.modules(FORMATS))
EXPORT_FORMATS = tuple(dict.fromkeys((*SHIPPED_FORMATS, *entry_points.names(GROUP))))


@dataclass(frozen=True)
class ExportConfig(RootConfig):
    """Write tables as files for trainers and other tools.

    - jsonl: data/*.jsonl.zst in RedPajama-V1's form: text, meta, red_pajama_subset.
    - parquet: data/*.parquet and a dataset card, for Hugging Face's `datasets`.
    - megatron: token ids as data/*.bin and *.idx, for Megatron-LM, GPT-NeoX and their derivatives.
    - mds: data/*/*.mds and index.json, for MosaicML Streaming.
    - redpajama-v2: documents/, quality_signals/, minhash/ and duplicates/ of the web pages in
      annotated/, by snapshot, shard, language and bucket, as RedPajama-V2 published them.
    - messages, sharegpt, alpaca, prompt-completion, preference: the conversations as data/*.jsonl.zst.
    - chatml, llama3, chat-template: text, and the spans of it that the loss counts, as data/*.jsonl.zst;
      documents that are no conversations as they are.
    """

    format: str = option(REQUIRED, "format of the files", choices=EXPORT_FORMATS)
    output: str = option(REQUIRED, "folder to write, outside the root", metavar="DIR")
    table: Literal["mixture", "corpus"] = option(
        "mixture",
        "table to export: mixture, in its shards and order, or corpus, by slice "
        "(redpajama-v2: always annotated/)",
    )
    held_out: bool = option(
        False, "of the corpus, only the documents that the mixture holds out (`mix --held-out`)"
    )
    slices: tuple[str, ...] = option(SLICES, "slices to export", metavar="SLICE", choices=SLICES)
    buckets: tuple[str, ...] = option(
        BUCKETS, "buckets to export", metavar="BUCKET", choices=BUCKETS
    )
    sample: int | None = option(
        None,
        "number of tokens to export (500M, 1B), each slice in its proportion; a larger sample contains "
        "a smaller one (default: all)",
        metavar="N",
        at_least=1,
        read=token_count,
    )
    shards: int | None = option(
        None,
        "number of shards of each slice of the corpus (default: one for every 100 million tokens); "
        "redpajama-v2: of each snapshot, a shard being consecutive archives (default: one for every "
        "20,000 documents, at most RedPajama's 5000)",
        metavar="N",
        at_least=1,
    )
    tokenizer: str | None = option(
        None,
        "megatron, mds: SentencePiece model or tokenizer.json, readable by every worker, or "
        "'mistral' for Mistral-7B's",
        metavar="FILE",
    )
    eod: str | None = option(
        None,
        "megatron, mds: special token after each document (default: the tokenizer's own)",
        metavar="TOKEN",
    )
    chat_template: str | None = option(
        None,
        "chat-template, megatron, mds; prompt-completion and preference as text: chatml, llama3, or a "
        "tokenizer_config.json or Jinja file, readable by every worker",
        metavar="TEMPLATE",
    )
    turns: Literal["messages", "text"] = option(
        "messages",
        "prompt-completion, preference: prompts and answers as lists of messages, or as text",
    )
    compress: bool = option(False, "mds: compress shards with Zstandard")
    overwrite: bool = option(False, "replace the files of an earlier export")
