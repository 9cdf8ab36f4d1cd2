"""The shingling of stored signatures, as the run of annotate recorded it."""

from __future__ import annotations

from jobs.runtime.context import Context
from jobs.tables import runs
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates.minhash_v2 import NGRAM
from udfs.near_duplicates.shingling import Shingling

_CUTS = {"script": "words by script", "blanks": "words between blanks"}


def stored_shingling(context: Context, annotated: Manifest, scheme: str) -> Shingling:
    """Return the shingling of a scheme's signatures; the default if no run is recorded."""
    if scheme == "v2":
        return Shingling(NGRAM, "blanks")
    settings = _settings(context, annotated)
    return Shingling(settings.ngram, settings.minhash_words) if settings else Shingling()


def common_shingling(context: Context, annotated: Manifest, config: DedupConfig) -> Shingling:
    """Return the shingling, which must be the same in all roots that are compared.

    Raises
    ------
    UserError
        The roots differ in it.
    """
    roots: dict[Shingling, str] = {}
    tables = [(context, annotated)]
    for root in config.against:
        earlier = context.at(root)
        tables.append((earlier, earlier.table("annotated").required()))
    for at_root, table in tables:
        settings = _settings(at_root, table)
        if settings is None:
            continue
        roots.setdefault(stored_shingling(at_root, table, config.scheme), at_root.root)
    if len(roots) > 1:
        raise UserError(_difference(roots))
    return next(iter(roots), stored_shingling(context, annotated, config.scheme))


def _difference(roots: dict[Shingling, str]) -> str:
    """Return what differs between roots, and how one of them is annotated as the others are."""
    by_size = sorted(roots.items(), key=lambda item: (item[0].ngram, item[0].words))
    if len({shingling.ngram for shingling in roots}) > 1:
        sizes = ", ".join(f"{shingling.ngram} in {root}" for shingling, root in by_size)
        return f"signatures of n-grams of different lengths cannot be compared: {sizes}"
    cuts = ", ".join(f"{_CUTS[shingling.words]} in {root}" for shingling, root in by_size)
    older = next(root for shingling, root in by_size if shingling.words == "blanks")
    return (
        f"signatures of different words cannot be compared: {cuts}; run `redpajama annotate --root "
        f"{older} --overwrite`, or annotate the other with --minhash-words blanks"
    )


def has_signatures(context: Context, annotated: Manifest, scheme: str) -> bool:
    """Return whether annotated/ has signatures of a scheme; those of V2 may be left out."""
    settings = _settings(context, annotated) if scheme == "v2" else None
    return settings is None or settings.v2_minhash


def _settings(context: Context, annotated: Manifest) -> AnnotateConfig | None:
    """Return the settings of the run of annotate that made annotated/; None if it is not recorded."""
    record = runs.find(context.root, annotated.made_by)
    return record.settings(AnnotateConfig) if record and record.job == "annotate" else None
