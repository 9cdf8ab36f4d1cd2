"""The settings of `fetch-models`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import REQUIRED, option

MODELS = ("lid", "perplexity", "lists", "classifier")


@dataclass(frozen=True)
class FetchModelsConfig:
    """Download the published models and lists, for `annotate --models`."""

    models: str = option(
        REQUIRED,
        "folder to fetch into; what is there and right is not fetched again",
        metavar="DIR",
    )
    languages: tuple[str, ...] = option(
        ("en", "de", "fr", "es", "it"),
        "languages of the models and lists, or 'all'; CCNet's models take gigabytes each",
        metavar="CODE",
    )
    what: tuple[str, ...] = option(
        MODELS,
        "lid.176.bin; CCNet's SentencePiece and KenLM; LDNOOBW, stop words and UT1; wikiref",
        choices=MODELS,
    )
    mirror: str | None = option(
        None,
        "fetch from this folder (https://, s3://, a path) that holds the files as DIR will",
        metavar="URI",
    )
    table: str | None = option(
        None,
        "YAML file of your own addresses and checksums, PATH: {address: URI, sha256: HEX}",
        metavar="FILE",
    )
