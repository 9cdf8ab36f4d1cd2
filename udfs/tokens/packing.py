"""Token ids as trainers read them: arrays of the smallest type, each document with an end of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.errors import UserError
from udfs.tokens.tokenizer import Tokenizer, load_tokenizer

# Megatron-LM's own limit, so that its tools take these files for their own
SIZE_OF_UINT16 = 65_500


Ids = NDArray[np.unsignedinteger | np.signedinteger]
Pack = Callable[[str], Ids]
"""The token ids of a document and of its end, for its text."""


@dataclass(frozen=True)
class Packing:
    """How documents become token ids.

    Parameters
    ----------
    tokenizer
        As `udfs.tokens.tokenizer.load_tokenizer` takes it.
    end
        Id of the token after each document. No text has it anywhere else.
    dtype
        numpy's name for the type of an id.
    """

    tokenizer: str | None
    end: int
    dtype: str

    def packer(self) -> Pack:
        """Return what packs documents; made once a task, as the tokenizer is looked for on the disk."""
        encode = load_tokenizer(self.tokenizer).encode_text
        end, dtype = self.end, self.dtype

        def pack(text: str) -> Ids:
            ids = encode(text)
            ids.append(end)
            return np.array(ids, dtype)

        return pack


def packing(tokenizer: str | None, end: str | None, wide: str) -> Packing:
    """Return how to pack for this tokenizer.

    Parameters
    ----------
    end
        The token after each document; the tokenizer's own by default.
    wide
        The type for vocabularies that are too large for uint16: `int32` or `uint32`.

    Raises
    ------
    UserError
        There is no such tokenizer, or token; the vocabulary is too large.
    """
    loaded = load_tokenizer(tokenizer)
    limit = int(np.iinfo(wide).max)
    if loaded.size - 1 > limit:
        raise UserError(
            f"{loaded.name} has token ids up to {loaded.size - 1:,}, but {wide} holds {limit:,}: "
            "use a tokenizer with a smaller vocabulary"
        )
    return Packing(tokenizer, _end(loaded, end), "uint16" if loaded.size < SIZE_OF_UINT16 else wide)


def _end(tokenizer: Tokenizer, said: str | None) -> int:
    token = said or tokenizer.end
    if token is None:
        raise UserError(
            f"{tokenizer.name} does not say which token ends a document: name it with --eod"
        )
    found = tokenizer.special(token)
    if found is None:
        raise UserError(
            f"--eod: {tokenizer.name} has no special token {token!r}: name one that it has"
        )
    return found
