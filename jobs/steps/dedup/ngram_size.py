"""Words of a shingle in stored signatures, as the run of annotate recorded them."""

from __future__ import annotations

from jobs.runtime.context import Context
from jobs.tables import runs
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates.minhash_fast import NGRAM as FAST_NGRAM
from udfs.near_duplicates.minhash_v2 import NGRAM


def ngram_size(context: Context, annotated: Manifest, scheme: str) -> int:
    """Return the words of a shingle of a scheme's signatures; the default if no run is recorded."""
    if scheme == "v2":
        return NGRAM
    settings = _settings(context, annotated)
    return settings.ngram if settings else FAST_NGRAM


def common_ngram_size(context: Context, annotated: Manifest, config: DedupConfig) -> int:
    """Return the words of a shingle, which must be the same in all roots that are compared.

    Raises
    ------
    UserError
        The roots differ in it, or one has no signatures of the scheme.
    """
    roots: dict[int, str] = {}
    tables = [(context, annotated)]
    for root in config.against:
        earlier = context.at(root)
        tables.append((earlier, earlier.table("annotated").required()))
    for at_root, table in tables:
        settings = _settings(at_root, table)
        if settings is None:
            continue
        if config.scheme == "v2" and not settings.v2_minhash:
            raise UserError(
                f"annotated/ of {at_root.root} has no signatures of the scheme {config.scheme}: "
                "run `redpajama annotate --overwrite --v2-minhash`"
            )
        roots[ngram_size(at_root, table, config.scheme)] = at_root.root
    if len(roots) > 1:
        sizes = ", ".join(f"{n} in {root}" for n, root in sorted(roots.items()))
        raise UserError(f"signatures of n-grams of different lengths cannot be compared: {sizes}")
    return next(iter(roots), ngram_size(context, annotated, config.scheme))


def _settings(context: Context, annotated: Manifest) -> AnnotateConfig | None:
    """Return the settings of the run of annotate that made annotated/; None if it is not recorded."""
    record = runs.find(context.root, annotated.made_by)
    return record.settings(AnnotateConfig) if record and record.job == "annotate" else None
