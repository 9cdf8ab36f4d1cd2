"""Token ids of conversations by a chat template, and the mask of those that the loss counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from udfs.chat.templates import load
from udfs.formats.chat_records import best
from udfs.tokens.packing import Ids, Packing
from udfs.tokens.tokenizer import load_tokenizer

Mask = NDArray[np.uint8]


class ChatPacker:
    """Packs documents, conversations by a template and others as they are.

    Markup is encoded with its special tokens and contents as text, each by itself, so that no content makes
    a special token. All of another document is learnt; of a conversation the answers are, and not the token
    that ends the document.

    Parameters
    ----------
    template
        As for `udfs.chat.templates.load`.
    """

    def __init__(self, packing: Packing, template: str) -> None:
        self._pack = packing.packer()
        self._template = load(template)
        self._tokenizer = load_tokenizer(packing.tokenizer)
        self._end, self._dtype = packing.end, packing.dtype

    def __call__(self, row: Mapping[str, Any]) -> tuple[Ids, Mask]:
        """Return a document's ids with its end token, and their mask: 1 for an id that is learnt.

        Raises
        ------
        NotRepresentable
            The template refuses the conversation.
        """
        if not row["messages"]:
            ids = self._pack(row["text"] or "")
            return ids, np.ones(len(ids), np.uint8)
        tokens: list[int] = []
        mask: list[int] = []
        for segment in self._template.segments(best(row)):
            encode = self._tokenizer.encode if segment.is_markup else self._tokenizer.encode_text
            encoded = encode(segment.text)
            tokens += encoded
            mask += [int(segment.is_learnt)] * len(encoded)
        return np.array([*tokens, self._end], self._dtype), np.array([*mask, 0], np.uint8)
