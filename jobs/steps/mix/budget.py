"""How many tokens each stratum gets: a budget by shares, where some strata may be too small.

With shares w and a limit of c tokens, what each stratum gets is min(c, x w), x being the same for all:
the x with which the sum is the budget. It grows with the budget, so every stratum grows too, and a
larger budget's mixture contains a smaller one's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from schemas.errors import UserError

_NAMED = 10


@dataclass(frozen=True)
class Budget:
    """Tokens by stratum.

    Attributes
    ----------
    wanted
        Tokens by stratum.
    short
        Epochs that a stratum's share would need, of those that may not come so often.
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
    """Tokens wanted of each stratum.

    Parameters
    ----------
    available
        Tokens of an epoch, above 0.
    shares
        Relative to their sum.
    max_epochs
        How often a stratum may come; may be infinite.
    on_shortage
        Where a share asks for more: `fail`, `shrink` all, or `fill` up from the others.

    Raises
    ------
    UserError
        A share asks for more, and `on_shortage` is `fail`.
    """
    limits = {
        name: math.inf if math.isinf(most) else math.floor(available[name] * Fraction(most))
        for name, most in max_epochs.items()
    }
    whole = sum(shares.values())
    asked = {name: tokens * share / whole for name, share in shares.items()}
    needed = {
        name: float(n / available[name]) for name, n in asked.items() if round(n) > limits[name]
    }
    if needed and on_shortage == "fail":
        raise UserError(_too_small(needed, max_epochs, _shrunk(tokens, asked, limits)))
    if needed and on_shortage == "shrink":
        shrunk = _shrunk(tokens, asked, limits)
        asked = {name: shrunk * share / whole for name, share in shares.items()}
    if needed and on_shortage == "fill":
        asked = _filled(tokens, shares, limits)
    wanted = {name: min(round(n), limits[name]) for name, n in sorted(asked.items())}
    return Budget({name: int(n) for name, n in wanted.items()}, needed)


def _shrunk(
    tokens: int, asked: Mapping[str, Fraction], limits: Mapping[str, int | float]
) -> Fraction:
    """The largest budget whose shares are all within their limits."""
    finite = {name: limit for name, limit in limits.items() if not math.isinf(limit)}
    return min(
        Fraction(tokens), *(tokens * Fraction(n) / asked[name] for name, n in finite.items())
    )


def _filled(
    tokens: int, shares: Mapping[str, Fraction], limits: Mapping[str, int | float]
) -> dict[str, Fraction]:
    """Shares up to their limits, and what is left over to the others until nothing is."""
    asked: dict[str, Fraction] = {}
    others = dict(shares)
    while others:
        left = tokens - sum(asked.values())
        whole = sum(others.values())
        full = [name for name, share in others.items() if left * share / whole > limits[name]]
        if not full:
            return asked | {name: left * share / whole for name, share in others.items()}
        for name in full:
            asked[name] = Fraction(limits[name])
            del others[name]
    return asked


def _too_small(needed: Mapping[str, float], most: Mapping[str, float], less: Fraction) -> str:
    by_need = sorted(needed, key=lambda name: (-needed[name], name))
    told = [
        f"{name} would need {needed[name]:.4g} epochs (at most {most[name]:g})" for name in by_need
    ]
    enough = math.ceil(needed[by_need[0]] * 10) / 10
    return (
        f"too small for their shares: {listed(told)}. Let them repeat "
        f"(--max-epochs {enough:g}, or max_epochs in the recipe), make all smaller "
        f"(--on-shortage shrink: {math.floor(less):,} tokens), or fill up with the others "
        "(--on-shortage fill)"
    )


def listed(items: Sequence[str]) -> str:
    """The first of them in one line, and how many more there are."""
    more = f" and {len(items) - _NAMED} more" if len(items) > _NAMED else ""
    return ", ".join(items[:_NAMED]) + more
