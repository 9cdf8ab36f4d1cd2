"""Plant near-duplicates by edits other than single words: whole passages, case and punctuation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from udfs.near_duplicates.planted_duplicates import Pair, Sign, Similarity, keyed_hashes

INSERTED = 0.1
"""Length of an inserted passage, as a share of the text's."""

_PARAGRAPHS = re.compile(r"(?<=\n)")
_SENTENCES = re.compile(r"(?<=[.!?]\s)|(?<=[\u3002\uff01\uff1f\u0964\u06d4])")
_MARKS = re.compile(r"[,;:]|[.!?](?=\s|$)")


def moved(text: str, donor: str, key: int) -> str:
    """Return the text with its paragraphs in another order, or its sentences if it has one paragraph."""
    for borders in (_PARAGRAPHS, _SENTENCES):
        parts = [part for part in borders.split(text) if part]
        if len(parts) > 1:
            end = parts[0][-1]
            if end.isspace() and not parts[-1][-1].isspace():
                parts[-1] += end
            order = np.argsort(keyed_hashes(key, len(parts)), kind="stable").tolist()
            return "".join(parts[place] for place in order)
    return text


def inserted(text: str, donor: str, key: int) -> str:
    """Return the text with a passage of another one before a word in its middle."""
    blanks = [match.end() for match in re.finditer(r"\s+", text)] or [len(text) // 2]
    place = blanks[int(keyed_hashes(key, 1)[0] % np.uint64(len(blanks)))]
    passage = donor[: round(INSERTED * len(text))]
    return f"{text[:place]}{passage}\n{text[place:]}" if passage else text


def restyled(text: str, donor: str, key: int) -> str:
    """Return the text in capitals, with other punctuation and blanks."""
    return re.sub(r" (?=\S)", "  ", _MARKS.sub(" !", text.upper()))


EDITS: dict[str, Callable[[str, str, int], str]] = {
    "paragraphs moved": moved,
    "a passage inserted": inserted,
    "case and punctuation": restyled,
}
"""Functions of a text, another text and a key, by what they change."""


def edited_pairs(
    texts: Sequence[str], keys: Sequence[int], sign: Sign, jaccard: Similarity
) -> list[tuple[str, Pair]]:
    """Return pairs of each text and its copies, one for each of `EDITS` that changes it.

    The parameters are those of `udfs.near_duplicates.planted_duplicates.pairs`.
    """
    planted = []
    for index, (text, key) in enumerate(zip(texts, keys, strict=True)):
        donor = texts[(index + 1) % len(texts)]
        copies = {name: edit(text, donor, key) for name, edit in EDITS.items()}
        signature, *of_copies = sign([text, *copies.values()])
        for (name, copy), of_copy in zip(copies.items(), of_copies, strict=True):
            if copy != text and signature is not None and of_copy is not None:
                pair = Pair(index, 0.0, jaccard(text, copy), signature, of_copy)
                planted.append((name, pair))
    return planted
