"""The bands of signatures for a threshold."""

from __future__ import annotations

from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates.bands import BANDS, optimal_bands

# weight of missed pairs: nearly all similar pairs share a band, at 0.8 with 14 bands of 9 rows, not 9 of 13
_MISSES = 0.9


def bands_of(config: DedupConfig) -> tuple[int, int]:
    """Return the number of bands, and the rows of each, for the threshold.

    Raises
    ------
    UserError
        No bands fit the threshold.
    """
    if config.scheme == "v2":
        if config.threshold not in BANDS:
            choices = ", ".join(map(str, sorted(BANDS)))
            raise UserError(f"--threshold: RedPajama-V2 has bands for {choices}")
        return BANDS[config.threshold]
    if config.threshold > 1:
        raise UserError(f"--threshold: {config.threshold} is above 1, the highest similarity")
    # verification costs a comparison per false candidate, while a pair without a common band is lost
    return optimal_bands(config.threshold, misses=0.5 if config.verify == "none" else _MISSES)
