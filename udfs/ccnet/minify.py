"""CCNet's minified records: which lines of which document, without the text (`cc_net.minify`)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

PUBLIC_FIELDS = ("url", "digest")
COMPUTED_FIELDS = ("cc_segment", "language", "language_score", "bucket", "perplexity")


def encode_line_ids(line_ids: npt.ArrayLike) -> str:
    """Return line numbers as base64 of little-endian 16-bit numbers.

    Raises ValueError for a line number above 65,535, which the format cannot hold.
    """
    numbers = np.asarray(line_ids, np.int64)
    if len(numbers) and not 0 <= int(numbers.min()) <= int(numbers.max()) <= 0xFFFF:
        raise ValueError("a minified record holds line numbers from 0 to 65535 only")
    return base64.b64encode(numbers.astype("<u2").tobytes()).decode("ascii")


def decode_line_ids(encoded: str) -> list[int]:
    """Return the line numbers that `encode_line_ids` wrote."""
    numbers: list[int] = np.frombuffer(base64.b64decode(encoded), "<u2").tolist()
    return numbers


def document_key(digest: str) -> int:
    """Return the key by which a minified record finds its document.

    It is the first 4 bytes of the decoded digest, little-endian, so two documents may share it.

    Parameters
    ----------
    digest
        As in WARC headers: "sha1:" and base32. Raises ValueError for anything else.
    """
    algorithm, _, encoded = digest.partition(":")
    if algorithm != "sha1":
        raise ValueError(f"a digest starts with 'sha1:', unlike {digest!r}")
    return int.from_bytes(base64.b32decode(encoded)[:4], "little")


def minify(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a CCNet record without its text, its scores rounded and its line numbers packed."""
    minified = {
        name: document[name] for name in (*PUBLIC_FIELDS, *COMPUTED_FIELDS) if name in document
    }
    for name, digits in (("perplexity", 1), ("language_score", 2)):
        if minified.get(name):
            minified[name] = round(minified[name], digits)
    minified["line_ids"] = encode_line_ids(document["line_ids"])
    return minified
