"""The settings of `explore`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class ExploreConfig:
    """Serve a page to search, filter and read the documents of a root, an export or a Parquet folder.

    The page is at 127.0.0.1 until Ctrl-C. Nothing is written.
    """

    place: str = option(
        REQUIRED,
        "root, export in jsonl, parquet or redpajama-v2, or folder or file of Parquet or JSON lines",
        positional=True,
    )
    table: str | None = option(
        None,
        "table of a root that is shown first (default: corpus, else the last one before it)",
        metavar="TABLE",
    )
    map_size: int = option(20_000, "documents on the map", metavar="N", at_least=10)
    model: str | None = option(
        None,
        "folder of an embedding model for the map: tokenizer.json and either model.safetensors with a "
        "vector for each token (static embeddings) or model.onnx (default: TF-IDF of the words)",
        metavar="FOLDER",
    )
    port: int = option(0, "port; 0 is a free one", metavar="N", at_least=0)
