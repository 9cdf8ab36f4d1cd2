"""The parts of a document that may be copied without the rest: the prompt, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from udfs.chat.conversation import ASSISTANT, plain_text
from udfs.near_duplicates.shingling import Shingling

PROMPT, ANSWER = "prompt", "answer"

_FEWEST_WORDS = 13  # of a part: as of V2's MinHash, below which many texts are equal by chance

Signed = list[dict[str, Any]]


def parts_of(
    text: str,
    messages: Sequence[Mapping[str, Any]] | None,
    answers: Callable[[str], Sequence[str]] | None,
) -> list[tuple[str, str]]:
    """Return name and text of each part of a document.

    A conversation has a prompt, which is all that precedes the first answer, and the answers to it; a
    text of questions and answers has these.
    """
    if messages is None:
        return [(ANSWER, answer) for answer in answers(text)] if answers else []
    first = next((i for i, row in enumerate(messages) if row["role"] == ASSISTANT), len(messages))
    answered = [row["content"] for row in messages if row["role"] == ASSISTANT]
    prompt = plain_text(row["content"] for row in messages[:first])
    return [(PROMPT, prompt), *((ANSWER, answer or "") for answer in answered)]


def signatures(
    parts: Sequence[Sequence[tuple[str, str]]], shingling: Shingling
) -> list[Signed | None]:
    """Return the signatures of documents' parts; None for a document without parts.

    Answers of few words have no signature.

    Parameters
    ----------
    shingling
        How the texts of whole documents are cut.
    """
    texts = [text for of_document in parts for _, text in of_document]
    all_signatures = iter(shingling.signatures(texts)) if texts else iter(())
    signed: list[Signed | None] = []
    for of_document in parts:
        rows = []
        for name, text in of_document:
            signature = next(all_signatures)
            if signature and (
                name == PROMPT or len(text.split(None, _FEWEST_WORDS)) >= _FEWEST_WORDS
            ):
                rows.append({"part": name, "signature": signature})
        signed.append(rows or None)
    return signed
