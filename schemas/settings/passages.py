"""The settings of `passages`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.errors import UserError
from schemas.settings.common import BUCKETS, JobConfig
from schemas.settings.options import option

_SHORTEST_BYTES = 32


@dataclass(frozen=True)
class PassagesConfig(JobConfig):
    """Find passages that stand in several documents, character by character, and write passages/.

    The documents are those that dedup leaves. A passage is kept by the first document that has it, in the
    order in which dedup prefers survivors; `curate --passages drop` takes it out of the others.
    """

    min_tokens: int = option(
        50,
        "words of the shortest passage; a character of Chinese, Japanese, Thai, Lao, Khmer, Burmese or "
        "Tibetan is a word",
        metavar="N",
        at_least=4,
    )
    min_bytes: int = option(
        0,
        "bytes of UTF-8 of the shortest passage, in place of --min-tokens: for text without blanks, such as "
        "minified code (0: words count)",
        metavar="N",
        at_least=0,
    )
    buckets: tuple[str, ...] = option(
        BUCKETS, "buckets to search", metavar="BUCKET", choices=BUCKETS
    )
    against: tuple[str, ...] = option(
        (),
        "earlier roots, preferred first: their documents, which are read again, keep their passages",
        metavar="ROOT",
    )

    def __post_init__(self) -> None:
        """Refuse passages of a few bytes.

        Raises
        ------
        UserError
            `min_bytes` is neither 0 nor long enough for a passage.
        """
        if 0 < self.min_bytes < _SHORTEST_BYTES:
            raise UserError(f"--min-bytes: at least {_SHORTEST_BYTES}, or 0 to count words")
