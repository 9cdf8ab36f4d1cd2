"""The settings of ingest, one frozen dataclass a slice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.common import RootConfig
from schemas.settings.mapping import from_mapping
from schemas.settings.options import option


@dataclass(frozen=True)
class IngestConfig(RootConfig):
    """What ingest takes for every slice."""

    slice: ClassVar[str]

    input: tuple[str, ...] = option(
        (), "dumps or archives: paths, globs, folders, s3://, https://", metavar="URI"
    )
    snapshot: str | None = option(
        None,
        "a label of the documents, such as the dump's date (default: as the inputs' names say, else "
        "'local')",
        metavar="NAME",
    )
    limit: int | None = option(None, "only the first N inputs", metavar="N", at_least=1)
    max_record_bytes: int = option(
        33_554_432,
        "bytes of a record, undone, above which it goes to quarantine",
        metavar="N",
        at_least=1024,
    )
    max_record_seconds: float = option(
        10.0,
        "processor time of a record's extraction above which it goes to quarantine",
        metavar="SECONDS",
        at_least=0.01,
    )
    max_quarantined: float = option(
        0.2,
        "share of the records in quarantine above which ingest stops, where they are 100 or more",
        metavar="P",
        at_least=0,
    )
    group_bytes: int = option(
        10**12,
        "bytes of inputs, as stored, that are published together: what is done again after a kill",
        metavar="N",
        at_least=1,
    )
    replace: bool = option(False, "drop the slice's snapshot first; all inputs are one group")


@dataclass(frozen=True)
class CommonCrawlConfig(IngestConfig):
    """Web archives: HTML of WARC and ARC, text of WET.

    Without --input, --snapshot CC-MAIN-2023-06 is looked up: its archives are found by its own list.
    """

    slice: ClassVar[str] = "common_crawl"

    archive: Literal["warc", "wet"] = option(
        "warc", "which archives of the snapshot: HTML pages or their text"
    )
    base: str = option(
        "https://data.commoncrawl.org",
        "where crawl-data/ is: https, s3:// or a mirror",
        metavar="URI",
    )
    status: tuple[int, ...] = option((200,), "HTTP statuses that are kept", metavar="CODE")
    min_length: int = option(
        300, "characters below which a page is counted, not kept", metavar="N", at_least=0
    )


@dataclass(frozen=True)
class C4Config(IngestConfig):
    """C4: JSON lines, as allenai/c4 publishes them."""

    slice: ClassVar[str] = "c4"

    language: str | None = option(
        None,
        "language of the documents (default: as multilingual/c4-xx names it, else en)",
        metavar="CODE",
    )


@dataclass(frozen=True)
class GithubConfig(IngestConfig):
    """Source code: BigQuery's export as JSON lines, or Parquet with the same columns."""

    slice: ClassVar[str] = "github"

    licenses: tuple[str, ...] = option(
        ("MIT", "BSD-*", "Apache-*"),
        "SPDX names that are kept, * for anything; case does not matter",
        metavar="SPDX",
    )
    max_line_length: int = option(
        1000, "characters of a line above which a file is counted, not kept", metavar="N"
    )
    max_mean_line_length: float = option(
        100.0, "characters a line on average above which a file is counted, not kept", metavar="X"
    )
    min_alphanumeric: float = option(
        0.25, "share of letters and digits below which a file is counted, not kept", metavar="P"
    )
    min_letters_per_token: float = option(
        1.5, "letters a token below which a file is counted, not kept", metavar="X"
    )
    tokenizer: str | None = option(
        None,
        "SentencePiece model or tokenizer.json for that (default: Mistral-7B's; RedPajama-V1: "
        "GPT-NeoX's)",
        metavar="FILE",
    )


@dataclass(frozen=True)
class ArxivConfig(IngestConfig):
    """arXiv: the tars of its source bucket, single e-prints, or TeX files.

    The bucket s3://arxiv/src/ is read at the reader's cost: set REDPAJAMA_S3_REQUESTER_PAYS=1.
    """

    slice: ClassVar[str] = "arxiv"

    require_section: bool = option(
        False, "count papers without a section header, as RedPajama-V1, instead of keeping them"
    )


@dataclass(frozen=True)
class BooksConfig(IngestConfig):
    """Books: text files, Project Gutenberg's among them, and JSON lines of PG19."""

    slice: ClassVar[str] = "books"


# RedPajama-V1's
_EDITIONS = (
    *("bg", "ca", "cs", "da", "de", "en", "es", "fr", "hr", "hu"),
    *("it", "nl", "pl", "pt", "ro", "ru", "sl", "sr", "sv", "uk"),
)


@dataclass(frozen=True)
class WikipediaConfig(IngestConfig):
    """Wikipedia: MediaWiki XML dumps, multistream or not."""

    slice: ClassVar[str] = "wikipedia"

    languages: tuple[str, ...] = option(
        _EDITIONS,
        "editions that are read, as the dumps or their names say",
        metavar="CODE",
    )
    split_bytes: int = option(
        33_554_432,
        "bytes of a dump, as stored, that one task reads: plain XML and bzip2",
        metavar="N",
        at_least=1,
    )


@dataclass(frozen=True)
class StackexchangeConfig(IngestConfig):
    """Stack Exchange: Posts.xml of each site, or the .7z that it comes in."""

    slice: ClassVar[str] = "stackexchange"

    sites: tuple[str, ...] = option(
        (), "sites that are read, as math.stackexchange.com", metavar="SITE"
    )
    largest: int = option(
        28, "without --sites, read so many of the inputs, the largest", metavar="N", at_least=1
    )


INGEST: dict[str, type[IngestConfig]] = {
    each.slice: each
    for each in (
        WikipediaConfig,
        BooksConfig,
        ArxivConfig,
        StackexchangeConfig,
        GithubConfig,
        C4Config,
        CommonCrawlConfig,
    )
}
# curated before crawled: of copies in several slices, dedup keeps the one named first
SLICES = tuple(INGEST)


def ingest_config(said: Mapping[str, Any], *, where: str) -> IngestConfig:
    """Return the settings that a mapping says, whose key `slice` tells which.

    Raises
    ------
    UserError
        As `schemas.settings.mapping.from_mapping`; there is no such slice, or none is named.
    """
    rest = dict(said)
    name = rest.pop("slice", None)
    if name is None:
        raise UserError(f"{where}: slice is missing: one of {', '.join(SLICES)}")
    check_names(where, "slice", [name], SLICES)
    return from_mapping(INGEST[name], rest, where=where)
