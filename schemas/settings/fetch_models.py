"""The settings of `fetch-models`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import REQUIRED, option

MODELS = ("lid", "perplexity", "lists", "classifier")


@dataclass(frozen=True)
class FetchModelsConfig:
    """Download the published models and lists that `annotate --models` loads."""

    models: str = option(
        REQUIRED,
        "folder to download to; complete files are not downloaded again",
        metavar="DIR",
    )
    languages: tuple[str, ...] = option(
        ("en", "de", "fr", "es", "it"),
        "languages of the models and lists, or 'all'; each of CCNet's models takes gigabytes",
        metavar="CODE",
    )
    what: tuple[str, ...] = option(
        MODELS,
        "what to download: lid.176.bin; CCNet's SentencePiece and KenLM models; the lists LDNOOBW, stop "
        "words and UT1; the classifier wikiref",
        choices=MODELS,
    )
    mirror: str | None = option(
        None,
        "folder to download from (https://, s3://, a path), laid out as DIR",
        metavar="URI",
    )
    table: str | None = option(
        None,
        "YAML file of your own addresses and checksums, PATH: {address: URI, sha256: HEX}",
        metavar="FILE",
    )
