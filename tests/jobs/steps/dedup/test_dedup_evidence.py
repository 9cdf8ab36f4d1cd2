"""Evidence that two documents are duplicates."""

from __future__ import annotations

import random
from typing import Any

from families import edited, prose

from jobs.steps.dedup import evidence
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates import minhash_v2
from udfs.near_duplicates.shingling import Shingling


def row(text: str, *, is_stored: bool) -> dict[str, Any]:
    """Return a row of annotated/ with the signature of V2, or without."""
    signature = minhash_v2.signatures([text])[0] if is_stored else None
    return {"digest": None, "text": text, "simhash": None, "minhash": signature}


def test_a_signature_that_is_not_stored_is_computed() -> None:
    choose = random.Random(1)
    words = prose(choose, 300)
    texts = " ".join(words), " ".join(edited(choose, words, 2))
    config = DedupConfig(root="r", scheme="v2")
    stored, computed = (
        evidence.lines(
            row(texts[0], is_stored=is_stored),
            row(texts[1], is_stored=is_stored),
            "near",
            config,
            Shingling(13, "blanks"),
        )
        for is_stored in (True, False)
    )
    assert stored == computed
    assert "minima are equal" in stored[0]
