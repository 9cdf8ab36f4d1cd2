"""Pack documents as token ids for trainers: the smallest integer type, an end token per document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.errors import UserError
from udfs.tokens.tokenizer import Tokenizer, load_tokenizer

# Megatron-LM's own limit, so that its tools read these files
SIZE_OF_UINT16 = 65_500


Ids = NDArray[np.unsignedinteger | np.signedinteger]
Pack = Callable[[str], Ids]
"""Returns the token ids of a document's text and its end token."""


@dataclass(frozen=True)
class Packing:
    """The conversion of documents to token ids.

    Parameters
    ----------
    tokenizer
        As `udfs.tokens.tokenizer.load_tokenizer` takes it.
    end
        Id of the token after each document. No text contains it.
    dtype
        numpy's name for the type of an id.
    """

    tokenizer: str | None
    end: int
    dtype: str

    def packer(self) -> Pack:
        """Return the function that packs documents; call it once a task, as it looks for the tokenizer."""
        encode = load_tokenizer(self.tokenizer).encode_text
        end, dtype = self.end, self.dtype

        def pack(text: str) -> Ids:
            ids = encode(text)
            ids.append(end)
            return np.array(ids, dtype)

        return pack


def packing(tokenizer: str | None, end: str | None, wide: str) -> Packing:
    """Return the packing for a tokenizer.

    Parameters
    ----------
    end
        The token after each document; the tokenizer's own by default.
    wide
        The type for vocabularies that are too large for uint16: `int32` or `uint32`.

    Raises
    ------
    UserError
        There is no such tokenizer or token, or the vocabulary is too large.
    """
    loaded = load_tokenizer(tokenizer)
    limit = int(np.iinfo(wide).max)
    if loaded.size - 1 > limit:
        raise UserError(
            f"{loaded.name} has token ids up to {loaded.size - 1:,}, but {wide} holds {limit:,}: "
            "use a tokenizer with a smaller vocabulary"
        )
    return Packing(tokenizer, _end(loaded, end), "uint16" if loaded.size < SIZE_OF_UINT16 else wide)


def _end(tokenizer: Tokenizer, eod: str | None) -> int:
    token = eod or tokenizer.end
    if token is None:
        raise UserError(
            f"{tokenizer.name} does not say which token ends a document: name it with --eod"
        )
    id_ = tokenizer.special(token)
    if id_ is None:
        raise UserError(
            f"--eod: {tokenizer.name} has no special token {token!r}: name one that it has"
        )
    return id_
