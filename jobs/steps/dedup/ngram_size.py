"""How many words a shingle of annotated/'s signatures has, as the run of annotate says that made them."""

from __future__ import annotations

from jobs.tables import runs
from jobs.tables.manifest import Manifest
from schemas.settings.annotate import AnnotateConfig
from udfs.near_duplicates.minhash_fast import NGRAM as FAST_NGRAM
from udfs.near_duplicates.minhash_v2 import NGRAM


def ngram(root: str, annotated: Manifest, scheme: str) -> int:
    """Words of a shingle of a scheme's signatures; the default where no run is on record."""
    if scheme == "v2":
        return NGRAM
    made_with = settings(root, annotated)
    return made_with.ngram if made_with else FAST_NGRAM


def settings(root: str, annotated: Manifest) -> AnnotateConfig | None:
    """The settings of the run of annotate that made annotated/; None where none is on record."""
    record = runs.find(root, annotated.made_by("annotate"))
    return record.settings(AnnotateConfig) if record and record.job == "annotate" else None
