"""Decode token ids to text, for corpora that exist as tokens alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from udfs.extract.errors import ExtractionError
from udfs.models.model_files import damage_reported, version_of
from udfs.tokens.tokenizer import load_tokenizer, tokenizer_path

UNKNOWN_TOKEN = "unknown-token"

Decode = Callable[[Sequence[int]], str]


class Decoder:
    """Decodes the token ids of documents.

    Parameters
    ----------
    path
        As for `udfs.tokens.tokenizer.load_tokenizer`.
    """

    def __init__(self, path: str | Path | None) -> None:
        tokenizer = load_tokenizer(path)
        self._size = tokenizer.size
        self._end = tokenizer.special(tokenizer.end) if tokenizer.end else None
        file = tokenizer_path(path)
        self._decode = _decode(file, version_of(file))

    def text(self, ids: Sequence[int]) -> str:
        """Return the text of a document's ids, without the tokens that end documents.

        Raises
        ------
        ExtractionError
            `unknown-token`: an id is not the tokenizer's.
        """
        kept = [id_ for id_ in ids if id_ != self._end]
        if kept and not 0 <= min(kept) <= max(kept) < self._size:
            raise ExtractionError(
                UNKNOWN_TOKEN, f"a token has the id {max(kept)}; the tokenizer has {self._size}"
            )
        return self._decode(kept)


@lru_cache
def _decode(path: Path, version: tuple[int, ...]) -> Decode:
    if path.suffix == ".json":
        import tokenizers

        with damage_reported(path, "a tokenizer of Hugging Face's tokenizers"):
            loaded = tokenizers.Tokenizer.from_file(str(path))
        return lambda ids: str(loaded.decode(list(ids), skip_special_tokens=False))
    import sentencepiece

    with damage_reported(path, "a SentencePiece model"):
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return lambda ids: str(processor.decode(list(ids)))
