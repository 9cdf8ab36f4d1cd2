"""Summary table of a mixture, a row a stratum, beside LLaMA's figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobs import slices
from jobs.steps.mix.sampling import Cutoff
from schemas.settings.slices import SLICES

HEAD = (
    "stratum",
    "documents",
    "wanted",
    "tokens",
    "share",
    "epochs",
    "LLaMA's share",
    "LLaMA's epochs",
)
_MISSED = 0.02  # of the tokens of a stratum
_SUMS = ("documents", "wanted", "tokens", "available")


def stratum(
    name: str, slice_: str, wanted: int, available: int, drawn: Mapping[str, int] | None, total: int
) -> dict[str, Any]:
    """Return the figures of a stratum for a run's record.

    Parameters
    ----------
    available
        Tokens of an epoch.
    drawn
        Documents, examples and tokens in the mixture; None if there are none.
    total
        Tokens of the mixture.
    """
    counts = {key: drawn[key] if drawn else 0 for key in ("documents", "examples", "tokens")}
    share, epochs = _llama(name)
    return {
        "stratum": name,
        "slice": slice_,
        "wanted": wanted,
        "available": available,
        **counts,
        "share": round(counts["tokens"] / (total or 1), 4),
        "epochs": round(counts["tokens"] / available, 3),
        "llama_share": share and round(share / 100, 4),
        "llama_epochs": epochs,
    }


def missed(cutoffs: Mapping[str, Cutoff]) -> Iterator[str]:
    """Yield a line for each stratum that misses its tokens by more than 2 %, and the document why."""
    for name, cutoff in sorted(cutoffs.items()):
        if abs(cutoff.total - cutoff.wanted) > _MISSED * cutoff.wanted:
            which = "its last" if cutoff.with_end else "the next"
            yield (
                f"mix: {name}: {cutoff.total:,} of {cutoff.wanted:,} tokens: {which} document has "
                f"{cutoff.end_tokens:,}"
            )


def rows(strata: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Return the cells below `HEAD`; a slice with several strata has a row of sums before them.

    Parameters
    ----------
    strata
        Figures from `stratum`, in the order of their names.
    """
    of_slice: dict[str, list[Mapping[str, Any]]] = {}
    for figures in strata:
        of_slice.setdefault(figures["slice"], []).append(figures)
    total = _sum("all", strata)
    cells = []
    for slice_, parts in of_slice.items():
        if parts[0]["stratum"] != slice_:
            cells.append(_row(_sum(slice_, parts), total))
        cells += [_row(part, total) for part in parts]
    return [*cells, _row(total, total)]


def _sum(name: str, strata: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"stratum": name} | {key: sum(figures[key] for figures in strata) for key in _SUMS}


def _row(stratum: Mapping[str, Any], total: Mapping[str, Any]) -> tuple[str, ...]:
    share, epochs = _llama(stratum["stratum"])
    return (
        stratum["stratum"],
        *(f"{stratum[key]:,}" for key in ("documents", "wanted", "tokens")),
        f"{100 * stratum['tokens'] / (total['tokens'] or 1):.2f} %",
        f"{stratum['tokens'] / stratum['available']:.2f}",
        "" if share is None else f"{share:.1f} %",
        "" if epochs is None else f"{epochs:.2f}",
    )


def _llama(stratum: str) -> tuple[float | None, float | None]:
    """Return percent and epochs of a slice in LLaMA; None for a part of a slice, and elsewhere."""
    llama = slices.load(stratum).traits.llama if stratum in SLICES else None
    return llama or (None, None)
