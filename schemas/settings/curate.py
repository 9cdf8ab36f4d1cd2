"""The settings of `curate`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.errors import UserError
from schemas.pii import DEFAULT_PII_KINDS, PII_KINDS, PiiStyle
from schemas.settings.common import BUCKETS, JobConfig
from schemas.settings.options import option
from schemas.settings.slices import SLICES


@dataclass(frozen=True)
class CurateConfig(JobConfig):
    """Filter documents and write corpus/.

    A document is dropped, and counted, under the first of these that excludes it: buckets, filters,
    where, blocklists, duplicates, contamination. Passages are cut from documents that are kept.
    """

    buckets: tuple[str, ...] = option(BUCKETS, "buckets to keep", metavar="BUCKET", choices=BUCKETS)
    filters: tuple[str, ...] = option(
        (),
        "filter sets, applied in the order given: redpajama-v1, gopher, c4, refinedweb, fineweb, "
        "permissive-licenses, or YAML files of your own; NAME:all judges documents in all languages, "
        "not only in those that the set was made for",
        metavar="NAME|FILE",
    )
    where: tuple[str, ...] = option(
        (),
        "SQL expressions over the columns of annotated/ and the quality signals: documents are dropped "
        "where one is false, and kept where it is true or unknown",
        metavar="SQL",
    )
    blocklists: tuple[str, ...] = option(
        (),
        "domains and URLs to drop: text files with one a line, hosts files, AdBlock rules, or "
        "folders of lists such as UT1's",
        metavar="URI",
    )
    contaminated: Literal["mark", "drop", "ignore"] = option(
        "mark", "what to do with documents in contamination/: mark them, drop them, or neither"
    )
    passages: Literal["mark", "drop", "ignore"] = option(
        "mark",
        "what to do with spans in passages/: count them in each document, cut them, or neither; a span "
        "whose keeper is dropped is not cut",
    )
    max_passages: float = option(
        0.5,
        "maximum share of a document's characters that is cut; one that would lose more stays whole, and "
        "rules can drop it by its passage_share",
        metavar="SHARE",
        at_least=0.0,
    )
    pii: tuple[str, ...] = option(
        (),
        "slices whose e-mail addresses and public IP addresses are replaced",
        metavar="SLICE",
        choices=SLICES,
    )
    pii_kinds: tuple[str, ...] = option(
        DEFAULT_PII_KINDS,
        "what is replaced in the slices of --pii",
        metavar="KIND",
        choices=PII_KINDS,
        depends_on="pii",
    )
    pii_style: PiiStyle = option(
        "context",
        "how e-mail and IP addresses are found: in all scripts and not in code, versions and sections; "
        "or by FineWeb's expressions, to the byte",
        depends_on="pii",
    )
    tokenizer: str | None = option(
        None,
        "SentencePiece model or tokenizer.json that counts tokens "
        "(default: Mistral-7B's, as RedPajama-V2)",
        metavar="FILE",
    )
    file_megabytes: int = option(256, "target size of a Parquet file", metavar="MB", at_least=1)
    dry_run: bool = option(
        False, "print what each rule would drop, estimated from a sample, and write nothing"
    )
    dry_run_sample: int = option(
        10_000, "number of documents that a dry run samples", metavar="N", at_least=1
    )

    def __post_init__(self) -> None:
        """Refuse kinds or a style of personal data without a slice.

        Raises
        ------
        UserError
            `pii` is empty, and `pii_kinds` or `pii_style` is not the default.
        """
        given = {
            "--pii-kinds": self.pii_kinds != DEFAULT_PII_KINDS,
            "--pii-style": self.pii_style != "context",
        }
        for name, is_given in given.items():
            if is_given and not self.pii:
                raise UserError(f"{name} changes nothing: name the slices by --pii")
