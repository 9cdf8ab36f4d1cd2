"""Decide which documents are duplicates: versions of pages, duplicates, and what survivors contain."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame

from jobs.steps.dedup import all_copies, contained, pipeline
from jobs.steps.dedup.in_memory.texts import Texts as FewTexts
from jobs.steps.dedup.page_versions import PageVersions
from jobs.steps.dedup.pipeline import DedupResult, Texts
from jobs.steps.dedup.scratch import Scratch
from schemas.settings.dedup import DedupConfig


@dataclass(frozen=True)
class Decisions(DedupResult):
    """The result of a search with versions of pages, without documents that their survivors lack.

    Attributes
    ----------
    unlike
        Number of documents of this root that stay, because their survivor contains too little of them.
    """

    unlike: int = 0


def decide(
    documents: DataFrame,
    config: DedupConfig,
    scratch: str,
    texts: Texts,
    earlier: Mapping[str, DataFrame],
    *,
    few_texts: FewTexts | None = None,
    recorded: DataFrame | None = None,
    count: float = math.inf,
) -> Decisions:
    """Return the rows of duplicates/ and copies/ about documents.

    Parameters
    ----------
    documents, scratch, count
        As for `jobs.steps.dedup.pipeline.find_duplicates`.
    earlier
        `id` and `text` of the documents of earlier roots, by root.
    few_texts
        As for `jobs.steps.dedup.contained.checked`.
    recorded
        Duplicates of earlier roots, as from `jobs.steps.dedup.incremental.recorded`.
    """
    pages = PageVersions.of(documents, config, Scratch(scratch).below("pages"))
    result = pipeline.find_duplicates(pages.documents, config, scratch, texts, count=count)
    found = contained.checked(
        result.duplicates, texts.rows, earlier, config, Scratch(scratch), few_texts=few_texts
    )
    removals = all_copies.removals(found.duplicates, config)
    return Decisions(
        pages.with_duplicates(removals, recorded),
        pages.with_copies(result.copies),
        result.oversized,
        found.unlike,
    )
