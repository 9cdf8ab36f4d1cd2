"""CCNet's minified records: the scores and line numbers of a document without its text.

CCNet publishes such records (`cc_net.minify`); together with the crawl's WET files they restore its
corpus. No command writes or reads them: the module is kept for the reference's conformance pairs and
for those who read CCNet's published files.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

PUBLIC_FIELDS = ("url", "digest")
COMPUTED_FIELDS = ("cc_segment", "language", "language_score", "bucket", "perplexity")


def encode_line_ids(line_ids: npt.ArrayLike) -> str:
    """Return line numbers as the base64 of little-endian 16-bit integers.

    Raises
    ------
    ValueError
        A line number is negative or above 65,535, which the format cannot hold.
    """
    numbers = np.asarray(line_ids, np.int64)
    if len(numbers) and not 0 <= int(numbers.min()) <= int(numbers.max()) <= 0xFFFF:
        raise ValueError("line numbers of a minified record must be from 0 to 65535")
    return base64.b64encode(numbers.astype("<u2").tobytes()).decode("ascii")


def decode_line_ids(encoded: str) -> list[int]:
    """Return the line numbers that `encode_line_ids` encoded."""
    numbers: list[int] = np.frombuffer(base64.b64decode(encoded), "<u2").tolist()
    return numbers


def document_key(digest: str) -> int:
    """Return the key that joins a minified record with its document.

    The key is the first 4 bytes of the decoded digest, little-endian: two documents may share it.

    Parameters
    ----------
    digest
        As in WARC headers: "sha1:" and the digest in base32.

    Raises
    ------
    ValueError
        The digest has another form.
    """
    algorithm, _, encoded = digest.partition(":")
    if algorithm != "sha1":
        raise ValueError(f"a digest must start with 'sha1:', unlike {digest!r}")
    return int.from_bytes(base64.b32decode(encoded)[:4], "little")


def minify(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a CCNet record without its text, with rounded scores and encoded line numbers."""
    minified = {
        name: document[name] for name in (*PUBLIC_FIELDS, *COMPUTED_FIELDS) if name in document
    }
    for name, digits in (("perplexity", 1), ("language_score", 2)):
        if minified.get(name):
            minified[name] = round(minified[name], digits)
    minified["line_ids"] = encode_line_ids(document["line_ids"])
    return minified
