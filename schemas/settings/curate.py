"""The settings of what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.settings.common import BUCKETS, JobConfig
from schemas.settings.ingest import SLICES
from schemas.settings.options import option


@dataclass(frozen=True)
class CurateConfig(JobConfig):
    """What is kept: annotated/ without duplicates/ becomes corpus/.

    A document is left out under the first of these that says so: buckets, filters, where, blocklists,
    duplicates, contamination. Each is counted.
    """

    buckets: tuple[str, ...] = option(
        BUCKETS, "buckets that are kept", metavar="BUCKET", choices=BUCKETS
    )
    filters: tuple[str, ...] = option(
        (),
        "filter sets, in this order: redpajama-v1, gopher, c4, refinedweb, fineweb, "
        "permissive-licenses, or YAML files of your own in the same form",
        metavar="NAME|FILE",
    )
    where: tuple[str, ...] = option(
        (),
        "keep only documents for which this SQL expression over the columns of annotated/ and the "
        "quality signals is true or unknown",
        metavar="SQL",
    )
    blocklists: tuple[str, ...] = option(
        (),
        "domains and URLs that stay out: text files, or folders of lists such as UT1's",
        metavar="URI",
    )
    contaminated: Literal["mark", "drop", "ignore"] = option(
        "mark", "what to do with documents that `decontaminate` found to hold evaluation items"
    )
    pii: tuple[str, ...] = option(
        (),
        "slices in whose texts e-mail addresses and public IP addresses are replaced",
        metavar="SLICE",
        choices=SLICES,
    )
    tokenizer: str | None = option(
        None,
        "SentencePiece model or tokenizer.json to count tokens with "
        "(default: Mistral-7B's, as RedPajama-V2)",
        metavar="FILE",
    )
    file_megabytes: int = option(256, "size of a Parquet file to aim at", metavar="MB", at_least=1)
    dry_run: bool = option(
        False, "only say what each rule would drop, estimated from a sample, and change nothing"
    )
    dry_run_sample: int = option(
        10_000, "documents to estimate a dry run from", metavar="N", at_least=1
    )
