"""Token counts with a real tokenizer.

By default with Mistral-7B's, with which RedPajama-V2 was counted; any SentencePiece model or
Hugging Face `tokenizer.json` does as well. A count holds no token for the beginning or the end of a
document: RedPajama-V2 counted one for the beginning of each, so its totals are greater by one a
document; whoever packs documents adds such tokens and knows how many.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from udfs.models.model_files import damage_told, version_of, wheel_file
from udfs.tokens.bpe_word_counter import WordCounter

_ENDS = ("</s>", "<|endoftext|>", "<|end_of_text|>", "<eos>", "[EOS]")


class Tokenizer(Protocol):
    """What a tokenizer of either kind does.

    Attributes
    ----------
    size
        The largest token id and one.
    end
        The token that ends a document, where the tokenizer has one.
    """

    name: str
    size: int
    end: str | None

    def special(self, token: str) -> int | None:
        """Return the id of a token that no text is encoded to of itself; None where it is none."""

    def encode_text(self, text: str) -> list[int]:
        """Return token ids as `encode`, but where a text spells a special token, they spell it too."""

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text, without any for its beginning or end."""

    def count(self, texts: Sequence[str | None]) -> list[int]:
        """Return `len(encode(text))` for each text, 0 for a null."""


def _readable(text: str) -> str:
    """Return the text with half a surrogate pair, which UTF-8 cannot carry, as "?"."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


class SentencePieceTokenizer:
    """A SentencePiece model; where its kind allows, counts go word by word (`bpe_word_counter`)."""

    def __init__(self, processor: Any, name: str) -> None:
        self.name = name
        self.size = processor.get_piece_size()
        self.end = processor.id_to_piece(processor.eos_id()) if processor.eos_id() >= 0 else None
        self._processor = processor
        self._words = WordCounter(processor) if WordCounter.suits(processor) else None

    def special(self, token: str) -> int | None:
        id_: int = self._processor.piece_to_id(token)
        return id_ if self._processor.is_control(id_) else None

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._processor.encode(_readable(text))
        return ids

    encode_text = encode  # a control token has no spelling

    def count(self, texts: Sequence[str | None]) -> list[int]:
        if self._words is None:
            return [len(self.encode(text)) if text else 0 for text in texts]
        return [self._words.count(_readable(text)) if text else 0 for text in texts]


class HuggingFaceTokenizer:
    """A `tokenizer.json`; its padding, truncation and special tokens are left out.

    Parameters
    ----------
    end
        The token that ends a document, where a file beside it says so; else a well-known name.
    """

    def __init__(self, tokenizer: Any, name: str, end: str | None = None) -> None:
        self.name = name
        self.size = max(tokenizer.get_vocab(with_added_tokens=True).values(), default=-1) + 1
        added = tokenizer.get_added_tokens_decoder().items()
        self._special = {each.content: id_ for id_, each in added if each.special}
        self._special_ids = frozenset(self._special.values())
        self.end = next((each for each in (end, *_ENDS) if each in self._special), None)
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.no_truncation()

    def special(self, token: str) -> int | None:
        return self._special.get(token)

    def encode_text(self, text: str) -> list[int]:
        ids = self.encode(text)
        if self._special_ids.isdisjoint(ids):
            return ids
        self._tokenizer.encode_special_tokens = True
        try:
            return self.encode(text)
        finally:
            self._tokenizer.encode_special_tokens = False

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(_readable(text), add_special_tokens=False).ids
        return ids

    def count(self, texts: Sequence[str | None]) -> list[int]:
        encode = self._tokenizer.encode
        return [
            len(encode(_readable(text), add_special_tokens=False)) if text else 0 for text in texts
        ]


def tokenizer_path(path: str | Path | None = None) -> Path:
    """Return the file of a tokenizer, Mistral-7B's where none is given."""
    return Path(path) if path else wheel_file("mistral_common", "data", "tokenizer.model.v1")


def load_tokenizer(path: str | Path | None = None) -> Tokenizer:
    """Load a tokenizer, once a Python worker.

    Parameters
    ----------
    path
        A `tokenizer.json`, or a SentencePiece model under any other name; Mistral-7B's by default.
    """
    file = tokenizer_path(path)
    return _tokenizer(file, version_of(file))


@lru_cache
def _tokenizer(path: Path, version: tuple[int, ...]) -> Tokenizer:
    if path.suffix == ".json":
        import tokenizers

        with damage_told(path, "a tokenizer of Hugging Face's tokenizers"):
            made = tokenizers.Tokenizer.from_file(str(path))
        return HuggingFaceTokenizer(made, path.name, _end_beside(path))
    import sentencepiece

    with damage_told(path, "a SentencePiece model"):
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return SentencePieceTokenizer(processor, path.name)


def _end_beside(path: Path) -> str | None:
    """Return the `eos_token` of the `tokenizer_config.json` that comes with a `tokenizer.json`."""
    file = path.with_name("tokenizer_config.json")
    if not file.is_file():
        return None
    with damage_told(file, "a tokenizer_config.json"):
        said = json.loads(file.read_bytes()).get("eos_token")
    # a text, or the token with how it is matched
    return said.get("content") if isinstance(said, dict) else said
