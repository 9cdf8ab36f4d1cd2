"""Count tokens and encode texts with a tokenizer.

The default is Mistral-7B's, with which RedPajama-V2 was counted; any SentencePiece model or Hugging Face
`tokenizer.json` works too. Counts have no tokens for the beginning or the end of a document. RedPajama-V2
counted one for the beginning, so its totals are greater by one a document; trainers add their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from udfs.models.model_files import damage_reported, version_of, wheel_file
from udfs.tokens import fast_encoders
from udfs.tokens.fast_encoders import WordEncoder

_ENDS = ("</s>", "<|endoftext|>", "<|end_of_text|>", "<eos>", "[EOS]")


class Tokenizer(Protocol):
    """Interface of a tokenizer.

    Attributes
    ----------
    version
        The name with the SHA-256 of the file: equal for tokenizers that encode equally.
    size
        The largest token id plus one.
    end
        The token that ends a document, or None.
    """

    name: str
    version: str
    size: int
    end: str | None

    def special(self, token: str) -> int | None:
        """Return the id of a special token, to which no text is encoded; None for another token."""

    def encode_text(self, text: str) -> list[int]:
        """Return token ids as `encode` does, with special tokens in the text encoded as plain text."""

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text, without any for its beginning or end."""

    def count(self, texts: Sequence[str | None]) -> list[int]:
        """Return `len(encode(text))` for each text, 0 for a null."""


def _readable(text: str) -> str:
    """Return the text with "?" in place of unpaired surrogates, which UTF-8 cannot encode."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


class SentencePieceTokenizer:
    """A SentencePiece model, by a faster library where its kind allows (`fast_encoders`)."""

    def __init__(self, processor: Any, name: str, version: str = "") -> None:
        self.name = name
        self.version = version
        self.size = processor.get_piece_size()
        self.end = processor.id_to_piece(processor.eos_id()) if processor.eos_id() >= 0 else None
        self._processor = processor
        self._words = WordEncoder.of(processor)

    def special(self, token: str) -> int | None:
        id_: int = self._processor.piece_to_id(token)
        return id_ if self._processor.is_control(id_) else None

    def encode(self, text: str) -> list[int]:
        encode = self._words.encode if self._words else self._processor.encode
        ids: list[int] = encode(_readable(text))
        return ids

    encode_text = encode  # a control token has no spelling

    def count(self, texts: Sequence[str | None]) -> list[int]:
        if self._words is None:
            return [len(self.encode(text)) if text else 0 for text in texts]
        return [self._words.count(_readable(text)) if text else 0 for text in texts]


class HuggingFaceTokenizer:
    """A `tokenizer.json`, without its padding, truncation and special tokens.

    Parameters
    ----------
    content
        The file's.
    end
        The token that ends a document, if a file beside it names one; otherwise a well-known name.
    """

    def __init__(self, content: str, name: str, version: str = "", end: str | None = None) -> None:
        import tokenizers

        tokenizer = tokenizers.Tokenizer.from_str(content)
        self.name = name
        self.version = version
        self.size = max(tokenizer.get_vocab(with_added_tokens=True).values(), default=-1) + 1
        tokens = tokenizer.get_added_tokens_decoder().items()
        added = {token.content: id_ for id_, token in tokens}
        self._special = {token.content: id_ for id_, token in tokens if token.special}
        self.end = next((token for token in (end, *_ENDS) if token in self._special), None)
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._fast = fast_encoders.of_tokenizer_json(content, added)

    def special(self, token: str) -> int | None:
        return self._special.get(token)

    def encode_text(self, text: str) -> list[int]:
        return list(self._encoded(text, as_text=True).ids)

    def encode(self, text: str) -> list[int]:
        return list(self._encoded(text).ids)

    def count(self, texts: Sequence[str | None]) -> list[int]:
        return [len(self._encoded(text)) if text else 0 for text in texts]

    def _encoded(self, text: str, *, as_text: bool = False) -> Any:
        """Return a library's encoding of a text, whose special tokens are plain text if `as_text`."""
        if self._fast is not None:
            return self._fast.encode(_readable(text), split_special_tokens=as_text)
        self._tokenizer.encode_special_tokens = as_text
        return self._tokenizer.encode(_readable(text), add_special_tokens=False)


def tokenizer_path(path: str | Path | None = None) -> Path:
    """Return the file of a tokenizer, by default Mistral-7B's."""
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
def _tokenizer(path: Path, file_version: tuple[int, ...]) -> Tokenizer:
    version = f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    if path.suffix == ".json":
        with damage_reported(path, "a tokenizer of Hugging Face's tokenizers"):
            content = path.read_text(encoding="utf-8")
            return HuggingFaceTokenizer(content, path.name, version, _end_beside(path))
    import sentencepiece

    with damage_reported(path, "a SentencePiece model"):
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return SentencePieceTokenizer(processor, path.name, version)


def _end_beside(path: Path) -> str | None:
    """Return the `eos_token` of the `tokenizer_config.json` that comes with a `tokenizer.json`."""
    file = path.with_name("tokenizer_config.json")
    if not file.is_file():
        return None
    with damage_reported(file, "a tokenizer_config.json"):
        token = json.loads(file.read_bytes()).get("eos_token")
    # a string, or an object that also has options for matching
    return token.get("content") if isinstance(token, dict) else token
