"""The run of dedup that made duplicates/, and its settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.dedup.bands import bands_of
from jobs.steps.dedup.documents import SIGNATURES
from jobs.steps.dedup.stored_shingling import stored_shingling
from jobs.tables import runs
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates import lsh_recall, minhash_v2
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS
from udfs.near_duplicates.shingling import Shingling


@dataclass(frozen=True)
class DedupRun:
    """A run of dedup: its settings, and the probability that they find a pair.

    Attributes
    ----------
    record
        The record of the run.
    bands, rows
        Number of bands of a signature, and rows of each.
    shingling
        How the texts of the signatures were cut.
    stale
        Whether annotated/ has changed since.
    """

    record: Record
    config: DedupConfig
    bands: int
    rows: int
    shingling: Shingling
    stale: bool

    @property
    def column(self) -> str:
        """The column of annotated/ with the signatures."""
        return SIGNATURES[self.config.scheme]

    @property
    def has_signature(self) -> Column:
        """Return whether a row of annotated/ has words enough for a signature."""
        is_stored = F.col(self.column).isNotNull()
        if self.config.scheme == "v2":  # annotate stores it only where asked for
            return is_stored | (F.col("quality_signals.rps_doc_word_count") >= minhash_v2.NGRAM)
        return is_stored

    def sign(self, texts: Sequence[str]) -> list[bytes | None]:
        """Return signatures of texts, computed as annotate computes them."""
        if self.config.scheme == "v2":
            return minhash_v2.signatures(texts)
        return self.shingling.signatures(texts)

    def passes(self, estimate: float, jaccard: float) -> bool:
        """Return whether a pair that shares a band passes verification."""
        if self.config.verify == "none":
            return True
        similarity = estimate if self.config.verify == "estimate" else jaccard
        return similarity >= self.config.threshold

    def expected(self, jaccard: lsh_recall.Floats) -> lsh_recall.Floats:
        """Return the probability that pairs of these true similarities are found."""
        if self.config.verify == "estimate":
            return lsh_recall.found(jaccard, self.bands, self.rows, self.config.threshold)
        shared = lsh_recall.share_band(jaccard, self.bands, self.rows)
        if self.config.verify == "none":
            return shared
        # pairs whose estimate is far below are not compared: one in a thousand at the threshold
        return shared * (jaccard >= self.config.threshold)

    @property
    def verification(self) -> str:
        """The condition that a pair that shares a band must meet, for people."""
        threshold = self.config.threshold
        least = lsh_recall.least_equal(threshold)
        return {
            "estimate": f"at least {least} of {PERMUTATIONS} equal minima",
            "jaccard": f"a true Jaccard similarity of {threshold} or more",
            "none": "none, a shared band is enough",
        }[self.config.verify]


def load(context: Context, duplicates: Manifest) -> DedupRun:
    """Return the run that made this version of duplicates/.

    Raises
    ------
    UserError
        Its settings are not valid in this version of the software.
    """
    record = runs.load(context.root, duplicates.made_by)
    try:
        config = record.settings(DedupConfig, root=context.root)
    except UserError as error:
        raise UserError(f"{error}: made by another version; run `redpajama dedup`") from error
    annotated = context.table("annotated").required()
    bands, rows = bands_of(config)
    return DedupRun(
        record,
        config,
        bands,
        rows,
        shingling=stored_shingling(context, annotated, config.scheme),
        stale=record.inputs.get("annotated")
        not in {annotated.version, *(folder.run for folder in annotated.folders)},
    )
