"""Divide a token budget among strata by shares, some of which may be too small for theirs.

A stratum with share w and a limit of c tokens gets min(c, x w) tokens, where x is the same for all strata
and chosen so that the sum is the budget. As x grows with the budget, every stratum grows too: the mixture
of a larger budget contains that of a smaller one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from schemas.errors import UserError

_LISTED = 10


@dataclass(frozen=True)
class Budget:
    """Division of a budget.

    Attributes
    ----------
    wanted
        Tokens by stratum.
    short
        Epochs that a share would need, for strata that may not repeat so often.
    """

    wanted: Mapping[str, int]
    short: Mapping[str, float]


def budget(
    tokens: int,
    available: Mapping[str, int],
    shares: Mapping[str, Fraction],
    max_epochs: Mapping[str, float],
    on_shortage: str,
) -> Budget:
    """Return the tokens of each stratum.

    Parameters
    ----------
    available
        Tokens of an epoch, above 0.
    shares
        Weights; only their ratios count.
    max_epochs
        Largest number of epochs; may be infinite.
    on_shortage
        If a share asks for more: `fail`, `shrink` the mixture, or `fill` it from the others.

    Raises
    ------
    UserError
        A share asks for more, and `on_shortage` is `fail`.
    """
    limits = {
        name: math.inf if math.isinf(most) else math.floor(available[name] * Fraction(most))
        for name, most in max_epochs.items()
    }
    total = sum(shares.values())
    asked = {name: tokens * share / total for name, share in shares.items()}
    # a shrunk mixture grows with its budget only if the limit is exact, not rounded to a token
    exact = on_shortage == "shrink"
    needed = {
        name: float(n / available[name])
        for name, n in asked.items()
        if (n if exact else round(n)) > limits[name]
    }
    if needed and on_shortage == "fail":
        raise UserError(_too_small(needed, max_epochs, _shrunk(tokens, asked, limits)))
    if needed and on_shortage == "shrink":
        shrunk = _shrunk(tokens, asked, limits)
        asked = {name: shrunk * share / total for name, share in shares.items()}
    if needed and on_shortage == "fill":
        asked = _filled(tokens, shares, limits)
    wanted = {name: min(round(n), limits[name]) for name, n in sorted(asked.items())}
    return Budget({name: int(n) for name, n in wanted.items()}, needed)


def _shrunk(
    tokens: int, asked: Mapping[str, Fraction], limits: Mapping[str, int | float]
) -> Fraction:
    """Return the largest budget whose shares are all within their limits."""
    finite = {name: limit for name, limit in limits.items() if not math.isinf(limit)}
    return min(
        Fraction(tokens), *(tokens * Fraction(n) / asked[name] for name, n in finite.items())
    )


def _filled(
    tokens: int, shares: Mapping[str, Fraction], limits: Mapping[str, int | float]
) -> dict[str, Fraction]:
    """Return shares up to their limits, with the remaining tokens divided among the others."""
    asked: dict[str, Fraction] = {}
    others = dict(shares)
    while others:
        remaining = tokens - sum(asked.values())
        total = sum(others.values())
        full = [name for name, share in others.items() if remaining * share / total > limits[name]]
        if not full:
            return asked | {name: remaining * share / total for name, share in others.items()}
        for name in full:
            asked[name] = Fraction(limits[name])
            del others[name]
    return asked


def _too_small(needed: Mapping[str, float], most: Mapping[str, float], less: Fraction) -> str:
    by_need = sorted(needed, key=lambda name: (-needed[name], name))
    needs = [
        f"{name} would need {needed[name]:.4g} epochs (at most {most[name]:g})" for name in by_need
    ]
    enough = math.ceil(needed[by_need[0]] * 10) / 10
    return (
        f"too small for their shares: {listed(needs)}. Let them repeat "
        f"(--max-epochs {enough:g}, or max_epochs in the recipe), make all smaller "
        f"(--on-shortage shrink: {math.floor(less):,} tokens), or fill up with the others "
        "(--on-shortage fill)"
    )


def listed(items: Sequence[str]) -> str:
    """Return the first items in one line, and the number of further ones."""
    more = f" and {len(items) - _LISTED} more" if len(items) > _LISTED else ""
    return ", ".join(items[:_LISTED]) + more
