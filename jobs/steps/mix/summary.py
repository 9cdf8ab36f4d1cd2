"""The mixture as a table, as RedPajama and LLaMA have theirs: a line for each stratum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jobs import slices
from schemas.settings.ingest import SLICES

HEAD = (
    *("stratum", "documents", "wanted", "tokens", "share", "epochs"),
    *("LLaMA's share", "LLaMA's epochs"),
)
_SUMS = ("documents", "wanted", "tokens", "available")


def stratum(
    name: str, slice_: str, wanted: int, available: int, got: Mapping[str, int] | None, whole: int
) -> dict[str, Any]:
    """A stratum as the record of a run has it.

    Parameters
    ----------
    available
        Tokens of an epoch.
    got
        Documents, examples that they came as, and tokens; None of nothing.
    whole
        Tokens of the mixture.
    """
    counts = {key: got[key] if got else 0 for key in ("documents", "examples", "tokens")}
    share, epochs = _llama(name)
    return {
        "stratum": name,
        "slice": slice_,
        "wanted": wanted,
        "available": available,
        **counts,
        "share": round(counts["tokens"] / (whole or 1), 4),
        "epochs": round(counts["tokens"] / available, 3),
        "llama_share": share and round(share / 100, 4),
        "llama_epochs": epochs,
    }


def rows(strata: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Cells below `HEAD`: a slice that is divided has a line of its own before its parts.

    Parameters
    ----------
    strata
        As `stratum` makes them, in the order of their names.
    """
    of_slice: dict[str, list[Mapping[str, Any]]] = {}
    for each in strata:
        of_slice.setdefault(each["slice"], []).append(each)
    total = _sum("all", strata)
    made = []
    for slice_, parts in of_slice.items():
        if parts[0]["stratum"] != slice_:
            made.append(_row(_sum(slice_, parts), total))
        made += [_row(part, total) for part in parts]
    return [*made, _row(total, total)]


def _sum(name: str, strata: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"stratum": name} | {key: sum(each[key] for each in strata) for key in _SUMS}


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
    found = slices.load(stratum).traits.llama if stratum in SLICES else None
    return found or (None, None)
