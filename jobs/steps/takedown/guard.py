"""Refuse a takedown that removes more documents than its user may expect."""

from __future__ import annotations

from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig

FEW = 10
MANY = 1000
SHARE = 0.01


def refusal(config: TakedownConfig, removed: int, total: int) -> str | None:
    """Return why a takedown must not go on; None if it may.

    Without `--yes` or `--at-most` it may remove up to 10 documents, or up to 1 % and 1,000 of them.

    Parameters
    ----------
    removed, total
        Documents that are removed, and all.
    """
    if config.at_most is not None:
        if removed <= config.at_most:
            return None
        return f"{removed:,} documents of {total:,} match, and --at-most is {config.at_most:,}"
    if config.yes or removed <= FEW or (removed <= MANY and removed <= SHARE * total):
        return None
    share = f" ({removed / total:.0%})" if total else ""
    return f"{removed:,} documents of {total:,}{share} match"


def check(config: TakedownConfig, removed: int, total: int) -> None:
    """Check that the takedown may go on.

    Raises
    ------
    UserError
        It removes too many documents.
    """
    reason = refusal(config, removed, total)
    if reason is not None:
        raise UserError(
            f"{reason}; nothing was changed: see the documents above or with --dry-run, and give --yes "
            f"or --at-most {removed} to remove them"
        )
