"""The settings of `ingest`, a class for each slice, in the order of preference among copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from schemas.errors import UserError
from schemas.settings.ingest_chat import CHAT
from schemas.settings.ingest_config import IngestConfig as IngestConfig
from schemas.settings.ingest_pile import MegatronConfig, PileConfig
from schemas.settings.options import option

# those of RedPajama-V1
_EDITIONS = (
    *("bg", "ca", "cs", "da", "de", "en", "es", "fr", "hr", "hu"),
    *("it", "nl", "pl", "pt", "ro", "ru", "sl", "sr", "sv", "uk"),
)


@dataclass(frozen=True)
class WikipediaConfig(IngestConfig):
    """Read Wikipedia: MediaWiki XML dumps, multistream or not."""

    slice: ClassVar[str] = "wikipedia"

    languages: tuple[str, ...] = option(
        _EDITIONS, "languages of the editions to read", metavar="CODE", of_inputs=True
    )
    tables: Literal["drop", "rows"] = option(
        "drop", "drop tables, or keep each row as a line, with tabs between the cells"
    )
    templates: Literal["dump", "tables"] = option(
        "dump",
        "expand templates by those in the dump, which a first pass reads, or only by the shipped tables",
        unrecorded="tables",
    )
    keep_sections: bool = option(
        False,
        "keep sections of links at the end of articles, such as 'See also', as RedPajama-V1 does",
        unrecorded=True,
    )
    split_bytes: int = option(
        33_554_432,
        "bytes of a dump, as stored, that one task reads, if it is plain XML or bzip2",
        metavar="N",
        at_least=1,
        of_inputs=True,
    )


@dataclass(frozen=True)
class BooksConfig(IngestConfig):
    """Read books: text, HTML and EPUB files, also Project Gutenberg's, and JSON lines of PG19."""

    slice: ClassVar[str] = "books"


@dataclass(frozen=True)
class ArxivConfig(IngestConfig):
    """Read arXiv: the tars of its source bucket, single e-prints, or TeX files.

    Readers of the bucket s3://arxiv/src/ pay for it: set REDPAJAMA_S3_REQUESTER_PAYS=1.
    """

    slice: ClassVar[str] = "arxiv"

    require_section: bool = option(
        False, "drop and count papers without a section header, as RedPajama-V1"
    )
    behind_references: Literal["keep", "drop"] = option(
        "keep",
        "sections after a paper's references, other than appendices: keep them, or drop them as "
        "RedPajama-V1 and release 0.1",
        unrecorded="drop",
    )


@dataclass(frozen=True)
class StackexchangeConfig(IngestConfig):
    """Read Stack Exchange: Posts.xml of each site, or the .7z that it comes in."""

    slice: ClassVar[str] = "stackexchange"

    sites: tuple[str, ...] = option(
        (), "sites to read, as math.stackexchange.com", metavar="SITE", of_inputs=True
    )
    largest: int = option(
        28,
        "number of the largest inputs to read, without --sites",
        metavar="N",
        at_least=1,
        of_inputs=True,
    )
    post_text: Literal["rendered", "v1"] = option(
        "rendered",
        "text of a post: as a reader sees it (powers, numbers of lists, line breaks), or as RedPajama-V1 "
        "and release 0.1 took it",
        unrecorded="v1",
    )


@dataclass(frozen=True)
class GithubConfig(IngestConfig):
    """Read source code: BigQuery's export as JSON lines, or Parquet with the same columns."""

    slice: ClassVar[str] = "github"

    licenses: tuple[str, ...] = option(
        ("MIT", "BSD-*", "Apache-*"),
        "SPDX names of licences to keep, * for anything; case does not matter",
        metavar="SPDX",
    )
    max_line_length: int = option(
        1000,
        "maximum length of a line in characters; files with a longer one are dropped and counted",
        metavar="N",
    )
    max_mean_line_length: float = option(
        100.0,
        "maximum mean length of lines in characters; files above it are dropped and counted",
        metavar="X",
    )
    min_alphanumeric: float = option(
        0.25,
        "minimum share of letters and digits; files below it are dropped and counted",
        metavar="P",
    )
    min_letters_per_token: float = option(
        1.5,
        "minimum number of letters for each token; files below it are dropped and counted",
        metavar="X",
    )
    tokenizer: str | None = option(
        None,
        "SentencePiece model or tokenizer.json that counts these tokens "
        "(default: Mistral-7B's; RedPajama-V1: GPT-NeoX's)",
        metavar="FILE",
    )


@dataclass(frozen=True)
class C4Config(IngestConfig):
    """Read C4: JSON lines, as allenai/c4 publishes them."""

    slice: ClassVar[str] = "c4"

    language: str | None = option(
        None,
        "language of the documents (default: xx of multilingual/c4-xx, else en)",
        metavar="CODE",
    )


@dataclass(frozen=True)
class CommonCrawlConfig(IngestConfig):
    """Read web archives: HTML of WARC and ARC, text of WET.

    Without --input, --snapshot names a crawl, as CC-MAIN-2023-06, and its list of archives is read.
    """

    slice: ClassVar[str] = "common_crawl"

    archive: Literal["warc", "wet"] = option(
        "warc", "archives of the snapshot to read: of HTML pages, or of their text", of_inputs=True
    )
    base: str = option(
        "https://data.commoncrawl.org",
        "folder that holds crawl-data/: https://, s3:// or a path",
        metavar="URI",
        of_inputs=True,
    )
    status: tuple[int, ...] = option((200,), "HTTP statuses to keep", metavar="CODE")
    min_length: int = option(
        300,
        "minimum text length in characters; shorter pages are dropped and counted",
        metavar="N",
        at_least=0,
    )
    extractor: Literal["main", "resiliparse", "body"] = option(
        "main",
        "text of an HTML page to take: its main content, the main content as resiliparse finds it (all "
        "that release 0.1 had), or its whole body",
        unrecorded="resiliparse",
    )
    markup: Literal["plain", "markdown"] = option(
        "plain",
        "form of an HTML page's text: a line a paragraph, or Markdown with headings, lists, code, tables "
        "and formulas (not of resiliparse)",
    )

    def __post_init__(self) -> None:
        if self.extractor == "resiliparse" and self.markup != "plain":
            raise UserError(
                f"--extractor resiliparse writes plain text: --markup {self.markup} needs --extractor main "
                "or body"
            )


_Configs = tuple[type[IngestConfig], ...]
_CURATED: _Configs = (
    WikipediaConfig,
    BooksConfig,
    ArxivConfig,
    StackexchangeConfig,
    GithubConfig,
)
_MADE: _Configs = (PileConfig, MegatronConfig)
_CRAWLED: _Configs = (C4Config, CommonCrawlConfig)

PRETRAINING = tuple(config.slice for config in (*_CURATED, *_CRAWLED))
"""The seven slices of RedPajama-V1."""

INGEST: dict[str, type[IngestConfig]] = {
    config.slice: config for config in (*_CURATED, *CHAT, *_MADE, *_CRAWLED)
}
"""The settings of the slices by their names, curated slices before crawled ones.

The order counts: of copies in several slices, dedup keeps the one in the slice named first.
"""
